"""DAGs by dependencies: every node is a job, or an array, that begins when those before it have ended well.

Nodes without parents are submitted on hold and released when all others are there. So nothing runs of a DAG whose
submission was cut short: repeated, it submits what is missing. What cannot be finished is removed again. A node whose
parent failed is cancelled by Slurm.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from pydantic import JsonValue

from ink_core.compute.dag import Dag, DagNode, dag_id_of, naming
from ink_core.compute.job_ids import family_of
from ink_core.compute.model import ENDED_STATES, Job, JobState
from ink_core.compute.own_user import own_user
from ink_core.compute.precheck import check
from ink_core.compute.slurm.actions import remove
from ink_core.compute.slurm.description import SCRIPT, describe
from ink_core.compute.slurm.interface import Slurm
from ink_core.compute.slurm.records import comment_of_node, in_order, jobs_from
from ink_core.compute.slurm.scontrol import for_jobs
from ink_core.errors import InkError, SchedulerDown, SchedulerRefused


def submit_nodes(slurm: Slurm, dag: Dag, operation_id: str, known: Mapping[str, set[str]]) -> Sequence[str]:
    """Ids of all jobs of the DAG; `known` are those of nodes that an earlier attempt submitted.

    A DAG that was complete before is never undone: it may be running.
    """
    bodies = {node.name: _body(node, operation_id) for node in dag.nodes if node.name not in known}
    jobs = {node: _first_of(job_ids) for node, job_ids in known.items()}
    try:
        for node in dag.nodes:
            if node.name in bodies:
                jobs[node.name] = _submit(slurm, node, bodies[node.name], jobs)
        roots = [_number(jobs[node.name]) for node in dag.nodes if not node.parents]
        _release(slurm, dag_id_of(operation_id), roots, set[str]().union(*jobs.values()))
    except InkError as error:
        if bodies:
            _undo(slurm, dag_id_of(operation_id), error)
        raise
    return sorted(set[str]().union(*jobs.values()), key=in_order)


def _body(node: DagNode, operation_id: str) -> dict[str, JsonValue]:
    """Every node is checked before the first one is submitted."""
    with naming(node):
        return describe(node.job, check(node.job), comment_of_node(operation_id, dag_id_of(operation_id), node))


def _submit(slurm: Slurm, node: DagNode, body: dict[str, JsonValue], jobs: Mapping[str, set[str]]) -> set[str]:
    if node.parents:
        before = ":".join(_number(jobs[parent]) for parent in node.parents)
        body |= {"dependency": f"afterok:{before}", "flags": ["KILL_INVALID_DEPENDENCY"]}
    else:
        body |= {"hold": True}
    job_id = slurm.submit(SCRIPT, body)
    return {f"{job_id}_{task}" for task in range(node.job.count)} if node.job.count > 1 else {job_id}


def _number(job_ids: set[str]) -> str:
    """Of the job or the array as a whole."""
    return family_of(min(job_ids, key=in_order))


def _first_of(job_ids: set[str]) -> set[str]:
    return {job_id for job_id in job_ids if family_of(job_id) == _number(job_ids)}


def _release(slurm: Slurm, dag: str, roots: Sequence[str], ours: Collection[str]) -> None:
    """Roots that are still on hold: of a repeated submission others may have ended.

    A request of a submitter that was killed may have been carried out after the next one had looked: what it made is
    removed while nothing runs yet.
    """
    present = _jobs_of(slurm, dag)
    remove(slurm, [job.job_id for job in present if job.job_id not in ours and job.state not in ENDED_STATES])
    held = {family_of(job.job_id) for job in present if job.state is JobState.HOLDING}
    refused = for_jobs(slurm.options, ("release",), [root for root in roots if root in held])
    if refused:
        raise SchedulerRefused(f"Slurm does not release the first jobs of the DAG: {next(iter(refused.values()))}")


def _undo(slurm: Slurm, dag: str, error: InkError) -> None:
    """Removes what there is, also a job whose answer was lost.

    Where that fails too, the jobs stay on hold, and the error says how they are removed.
    """
    try:
        remove(slurm, [job.job_id for job in _jobs_of(slurm, dag)])
    except InkError as second:
        raise SchedulerDown(f"{error}; jobs of it are left on hold: remove {dag} when Slurm answers") from second


def _jobs_of(slurm: Slurm, dag: str) -> Sequence[Job]:
    """This user's own."""
    jobs = (job for record in slurm.jobs() for job in jobs_from("", record))
    return [job for job in jobs if job.dag == dag and job.owner == own_user()]
