"""Submit a DAG: jobs of which some begin only when others have ended well.

It is looked at by the tools for jobs and removed by `remove_jobs`, which takes the id of a DAG for all its jobs.
"""

from __future__ import annotations

from collections.abc import Sequence

from ink_core.agents import AccessPoint
from ink_core.compute.dag import Dag, DagNode, SubmittedDag
from ink_core.compute.model import JobSpec
from ink_core.compute.new_dag import NewNode, NewNodes
from ink_core.compute.remote import RemoteJobControl
from ink_core.identity.principal import Scope
from mcp_tools.bindings import file_seen
from mcp_tools.context import ToolContext
from mcp_tools.jobs import ASSUMED_WALL_TIME_S, Submission, below, control_of, made_known, with_cluster
from mcp_tools.spec import Binding, Confidentiality, Integrity, Label, Preview, Risk, RunsOn, ToolSpec, ToolValue
from mcp_tools.targets import cluster_named
from mcp_tools.workspace import base_directory

TIMEOUT_S = 300
SHOWN = 50


class SubmitDag(Submission, NewNodes):
    """Nodes in any order."""


class DagSubmitted(SubmittedDag, ToolValue):
    """Id of the DAG, and of the jobs that exist by now."""


async def _preview(context: ToolContext, asked: SubmitDag) -> Preview:
    return Preview(
        summary=f"Submit a DAG of {len(asked.nodes)} nodes with {asked.jobs} jobs to {asked.cluster}",
        targets=_scripts(asked),
        owners=(context.acting_as,),
        details=tuple(map(_line, asked.nodes[:SHOWN])),
        undo="remove_jobs with the id of the DAG",
        jobs=asked.jobs,
        cpu_hours=sum(map(_cpu_hours, asked.nodes)),
    )


def _line(node: NewNode) -> str:
    after = f" after {', '.join(node.parents)}" if node.parents else ""
    return f"{node.name}: {node.job.count} × {node.job.script}{after}"


def _cpu_hours(node: NewNode) -> float:
    job = node.job
    return job.count * job.cpus * (job.tasks or 1) * (job.wall_time_s or ASSUMED_WALL_TIME_S) / 3600


def _scripts(asked: SubmitDag) -> tuple[str, ...]:
    return tuple(dict.fromkeys(node.job.script for node in asked.nodes))


async def _bind(context: ToolContext, asked: SubmitDag) -> Binding:
    """Every script as the acting user's agent sees it."""
    home, base = context.services.homes.home(context.acting_as), base_directory(context)
    scripts = [below(home, base, script) for script in _scripts(asked)]
    seen = {path: await file_seen(context, AccessPoint(context.acting_as), "input", path) for path in scripts}
    return Binding(
        seen=tuple(one for one in seen.values() if one), unbound=tuple(path for path, one in seen.items() if not one)
    )


def _dag(context: ToolContext, asked: SubmitDag) -> Dag:
    home, base = context.services.homes.home(context.acting_as), base_directory(context)

    def node(new: NewNode) -> DagNode:
        directory = new.job.working_directory or asked.working_directory or "."
        options = new.job.model_dump(exclude={"script", "working_directory"})
        executable = below(home, base, new.job.script)
        spec = JobSpec(executable=executable, working_directory=below(home, base, directory), **options)
        return DagNode(name=new.name, parents=new.parents, job=spec)

    return Dag(nodes=tuple(map(node, asked.in_order())), schedd=asked.schedd)


async def _submit(context: ToolContext, asked: SubmitDag) -> DagSubmitted:
    submitted = await _control(context, asked).submit_dag(context.acting_as, _dag(context, asked), context.operation_id)
    return DagSubmitted.model_validate(await made_known(context, submitted))


async def _find(context: ToolContext, asked: SubmitDag) -> DagSubmitted | None:
    """Of a submission that was cut short, what is missing is submitted: nothing of it runs before."""
    found = await _control(context, asked).find_operation(context.acting_as, context.operation_id)
    return await _submit(context, asked) if found else None


def _control(context: ToolContext, asked: SubmitDag) -> RemoteJobControl:
    return control_of(context, cluster_named(context.services.queues, asked.cluster), context.deadline_s - 5)


TOOLS: Sequence[ToolSpec] = (
    ToolSpec(
        name="submit_dag",
        title="Submit a DAG",
        description="Submit jobs of which some begin only when others have ended well.",
        input=SubmitDag,
        output=DagSubmitted,
        risk=Risk.WRITE,
        scopes=frozenset({Scope.JOBS_SUBMIT}),
        runs_on=RunsOn.ACCESS_POINT,
        idempotent=False,
        timeout_s=TIMEOUT_S,
        label=Label(Confidentiality.SCRATCH, Integrity.TRUSTED),
        identifies={"job_ids.*": "job"},
        run=_submit,
        resolve=with_cluster,
        preview=_preview,
        bind=_bind,
        reconcile=_find,
        for_models=False,
    ),
)
