"""Change jobs in the queue: what they ask for, their wall time, priority and name."""

from __future__ import annotations

from ink_core.compute.model import JobChanges
from ink_core.compute.remote import RemoteJobControl
from ink_core.identity.principal import Scope
from mcp_tools.context import ToolContext
from mcp_tools.job_actions import JobsActedOn
from mcp_tools.job_choice import NOT_ENDED, JobChoice, bind_jobs, previewing, resolving
from mcp_tools.jobs import QUEUE_LABEL
from mcp_tools.spec import Risk, RunsOn, ToolSpec
from mcp_tools.targets import cluster_named


class EditJobs(JobChoice, JobChanges):
    """Either `job_ids` or `owner`, and what to change."""

    @property
    def changes(self) -> JobChanges:
        return JobChanges.model_validate(self.model_dump(include=set(JobChanges.model_fields)))


async def _edit(context: ToolContext, asked: EditJobs) -> JobsActedOn:
    cluster = cluster_named(context.services.queues, asked.cluster)
    control = RemoteJobControl(context.services.agents, cluster, deadline_s=context.deadline_s - 5)
    result = await control.edit(context.acting_as, asked.changes, asked.job_ids, context.operation_id)
    await context.services.queues.look(cluster, asked.job_ids)
    return JobsActedOn.model_validate(result.model_dump())


def _said(asked: EditJobs) -> str:
    changes = asked.changes.model_dump(exclude_none=True)
    return ": " + ", ".join(f"{name} = {value}" for name, value in changes.items())


TOOLS = (
    ToolSpec(
        name="edit_jobs",
        title="Change jobs",
        description="Change CPUs, memory, wall time, priority or name of jobs. Running ones keep CPUs and memory.",
        input=EditJobs,
        output=JobsActedOn,
        risk=Risk.WRITE,
        scopes=frozenset({Scope.JOBS_MANAGE}),
        runs_on=RunsOn.ACCESS_POINT,
        idempotent=True,
        timeout_s=60,
        label=QUEUE_LABEL,
        run=_edit,
        resolve=resolving("change", NOT_ENDED),
        preview=previewing("Change", "edit_jobs with the values of before", _said),
        bind=bind_jobs,
    ),
)
