"""How far a DAG is, from the jobs of it that the queue and the history show.

Limits: of a DAG that was not submitted here, nodes that DAGMan has not submitted yet are not known by name.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from ink_core.compute.model import ENDED_STATES, Job, JobState, Value

_UNFINISHED_FIRST = (JobState.RUNNING, JobState.HOLDING, JobState.SUSPENDED, JobState.QUEUEING, JobState.SUBMITTING)
_ENDED_BADLY = (JobState.OUT_OF_MEMORY, JobState.TIMEOUT, JobState.FAILED, JobState.CANCELLED)


class DagNodeProgress(Value):
    """`job_ids` is empty for a node that DAGMan has not submitted, yet or ever; `parents` as far as they are known."""

    name: str
    state: JobState
    job_ids: tuple[str, ...]
    reason: str | None
    parents: tuple[str, ...] = ()


class DagProgress(Value):
    """`counts` are of nodes by state; `manager` is the job that submits the others, where there is one."""

    cluster: str
    dag: str
    owner: str
    state: JobState
    submitted_at: datetime | None
    ended_at: datetime | None
    manager: str | None
    counts: Mapping[str, int]
    nodes: tuple[DagNodeProgress, ...]


def of_one_owner(jobs: Sequence[Job], user: str) -> Sequence[Job]:
    """Of jobs that say that they are of one DAG this user's own, else those of whoever submitted the first.

    Anybody can write into a job of theirs that it is of somebody else's DAG.
    """
    owners = {job.owner for job in jobs}
    owner = user if user in owners else min(jobs, key=_age).owner
    return [job for job in jobs if job.owner == owner]


def progress(jobs: Sequence[Job]) -> DagProgress:
    """Of all jobs of one DAG, at least one."""
    manager = next((job for job in jobs if job.dag_node is None), None)
    by_node: dict[str, list[Job]] = {name: [] for name in (manager.dag_nodes or () if manager else ())}
    for job in sorted(jobs, key=_age):
        if job.dag_node is not None:
            by_node.setdefault(job.dag_node, []).append(job)
    goes_on = manager is None or manager.state not in ENDED_STATES
    parents = _parents(jobs, by_node)
    nodes = tuple(_node(name, members, goes_on, parents.get(name, ())) for name, members in by_node.items())
    state = manager.state if manager and not goes_on else _state({node.state for node in nodes})
    first = manager or jobs[0]
    return DagProgress(
        cluster=first.cluster,
        dag=first.dag or "",
        owner=first.owner,
        state=state,
        submitted_at=min((job.submitted_at for job in jobs if job.submitted_at), default=None),
        ended_at=max((job.ended_at for job in jobs if job.ended_at), default=None) if state in ENDED_STATES else None,
        manager=manager.job_id if manager else None,
        counts=dict(Counter(node.state.value for node in nodes)),
        nodes=nodes,
    )


def _age(job: Job) -> tuple[float, int, str]:
    return job.submitted_at.timestamp() if job.submitted_at else 0.0, len(job.job_id), job.job_id


def _parents(jobs: Sequence[Job], known: Collection[str]) -> Mapping[str, tuple[str, ...]]:
    """What the jobs tell of each node, without names of what is no node."""
    told = {node: names for job in jobs for node, names in (job.dag_parents or {}).items()}
    return {node: tuple(name for name in names if name in known and name != node) for node, names in told.items()}


def _node(name: str, jobs: Sequence[Job], goes_on: bool, parents: tuple[str, ...]) -> DagNodeProgress:
    state = _state({job.state for job in jobs}) if jobs else JobState.QUEUEING if goes_on else JobState.CANCELLED
    reason = next((job.reason for job in jobs if job.state is state and job.reason), None)
    if not jobs:
        reason = "it waits for nodes before it" if goes_on else "it never began: the DAG ended before"
    job_ids = tuple(job.job_id for job in jobs)
    return DagNodeProgress(name=name, state=state, job_ids=job_ids, reason=reason, parents=parents)


def _state(states: Collection[JobState]) -> JobState:
    """Of the whole from those of its parts: what goes on comes first, then what went wrong."""
    for state in (*_UNFINISHED_FIRST, JobState.OTHER, *_ENDED_BADLY):
        if state in states:
            return state
    return JobState.COMPLETED if states else JobState.QUEUEING
