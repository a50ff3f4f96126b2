"""Remove, hold, release, suspend and resume jobs."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from pydantic import Field

from ink_core.compute.model import ActionResult, JobAction, JobState
from ink_core.compute.remote import RemoteJobControl
from ink_core.errors import InkError
from ink_core.identity.principal import Scope
from mcp_tools.context import ToolContext
from mcp_tools.job_choice import NOT_ENDED, JobChoice, bind_jobs, previewing, resolving
from mcp_tools.jobs import QUEUE_LABEL
from mcp_tools.spec import Risk, RunsOn, ToolSpec, ToolValue
from mcp_tools.targets import cluster_named

MAX_REASON = 1000


class ActOnJobs(JobChoice):
    """Either `job_ids` or `owner`."""

    reason: str = Field(default="", max_length=MAX_REASON, description="Why; the job's owner may see it.")


class JobsActedOn(ActionResult, ToolValue):
    """Ids that are done, and those that the scheduler refused with its reason."""


@dataclass(frozen=True)
class _Kind:
    """One action: which states it can act on when jobs are chosen by owner, and how it is taken back."""

    action: JobAction
    verb: str
    states: frozenset[JobState]
    undo: str | None
    for_models: bool = True


REMOVE = _Kind(JobAction.REMOVE, "Remove", NOT_ENDED, None)
HOLD = _Kind(JobAction.HOLD, "Hold", NOT_ENDED - {JobState.HOLDING}, "release_jobs with the same ids")
RELEASE = _Kind(JobAction.RELEASE, "Release", frozenset({JobState.HOLDING}), "hold_jobs with the same ids")
SUSPEND = _Kind(JobAction.SUSPEND, "Suspend", frozenset({JobState.RUNNING}), "resume_jobs with the same ids", False)
RESUME = _Kind(JobAction.RESUME, "Resume", frozenset({JobState.SUSPENDED}), "suspend_jobs with the same ids", False)


def _act(kind: _Kind) -> Callable[[ToolContext, ActOnJobs], Awaitable[JobsActedOn]]:
    async def act(context: ToolContext, asked: ActOnJobs) -> JobsActedOn:
        cluster = cluster_named(context.services.queues, asked.cluster)
        control = RemoteJobControl(context.services.agents, cluster, deadline_s=context.deadline_s - 5)
        result = await control.act(
            context.acting_as, kind.action, asked.job_ids, _signed_reason(kind, context, asked), context.operation_id
        )
        await context.services.queues.look(cluster, asked.job_ids)
        return _with_earlier(result, context, cluster)

    return act


def _signed_reason(kind: _Kind, context: ToolContext, asked: ActOnJobs) -> str:
    """The reason with the operation's id, by which the scheduler can tell afterwards what this operation did."""
    mark = f" [{context.operation_id}]"
    reason = asked.reason or f"{kind.action.value} asked by {context.principal.username}"
    return reason[: MAX_REASON - len(mark)] + mark


def _with_earlier(result: ActionResult, context: ToolContext, cluster: str) -> JobsActedOn:
    """Counts as done what was refused only because this very operation had done it before its answer was lost.

    Limits: Slurm keeps no reasons, and a released job shows none.
    """
    earlier = {job_id for job_id in result.refused if _was_done(context, cluster, job_id)}
    refused = {job_id: why for job_id, why in result.refused.items() if job_id not in earlier}
    return JobsActedOn(done=(*result.done, *sorted(earlier)), refused=refused)


def _was_done(context: ToolContext, cluster: str, job_id: str) -> bool:
    try:
        job = context.services.queues.job(cluster, job_id)
    except InkError:
        return False
    return f"[{context.operation_id}]" in (job.reason or "")


def _tool(kind: _Kind, name: str, description: str) -> ToolSpec:
    return ToolSpec(
        name=name,
        title=f"{kind.verb} jobs",
        description=description,
        input=ActOnJobs,
        output=JobsActedOn,
        risk=Risk.WRITE,
        scopes=frozenset({Scope.JOBS_MANAGE}),
        runs_on=RunsOn.ACCESS_POINT,
        idempotent=True,
        timeout_s=60,
        label=QUEUE_LABEL,
        content=frozenset({"reason"}),
        handles={"job_ids": "job"} if kind.undo else {},
        content_of_handles=True,
        run=_act(kind),
        resolve=resolving(kind.action.value, kind.states),
        preview=previewing(kind.verb, kind.undo),
        bind=bind_jobs,
        for_models=kind.for_models,
    )


TOOLS = (
    _tool(REMOVE, "remove_jobs", "Remove jobs from the queue, running ones too. It cannot be undone."),
    _tool(HOLD, "hold_jobs", "Put jobs on hold: they stop and stay in the queue until they are released."),
    _tool(RELEASE, "release_jobs", "Release held jobs, so that they are scheduled again."),
    _tool(SUSPEND, "suspend_jobs", "Stop running jobs where they are; they keep their place and go on when resumed."),
    _tool(RESUME, "resume_jobs", "Let suspended jobs go on."),
)
