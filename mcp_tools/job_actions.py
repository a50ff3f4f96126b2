"""Remove, hold and release jobs: chosen by id or by owner, resolved to exact ids before anybody decides on them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Self

from pydantic import Field, model_validator

from ink_core.agents import AGENT_JOB_NAME
from ink_core.compute.model import ENDED_STATES, ActionResult, Job, JobAction, JobState
from ink_core.compute.queues import Queues
from ink_core.compute.remote import RemoteJobControl
from ink_core.errors import BadInput, InkError, JobNotFound
from ink_core.identity.principal import Scope
from mcp_tools.bindings import job_seen
from mcp_tools.context import ToolContext
from mcp_tools.jobs import QUEUE_LABEL
from mcp_tools.spec import Binding, Preview, Risk, RunsOn, ToolSpec, ToolValue
from mcp_tools.targets import cluster_named, find_job

MAX_JOBS = 10_000
SHOWN = 20
MAX_REASON = 1000


class ActOnJobs(ToolValue):
    """Either `job_ids` or `owner`."""

    job_ids: tuple[str, ...] = Field(
        default=(), max_length=MAX_JOBS, description="Ids; 172 stands for 172.0, 172.1 and so on."
    )
    owner: str | None = Field(default=None, min_length=1, description="Instead of ids: all jobs of this user.")
    cluster: str | None = None
    reason: str = Field(default="", max_length=MAX_REASON, description="Why; the job's owner may see it.")

    @model_validator(mode="after")
    def _one_way_to_choose(self) -> Self:
        if bool(self.job_ids) == bool(self.owner):
            raise ValueError("give either job_ids or owner")
        return self


class JobsActedOn(ActionResult, ToolValue):
    """Ids that are done, and those that the scheduler refused with its reason."""


@dataclass(frozen=True)
class _Kind:
    """One action: which states it can act on when jobs are chosen by owner, and how it is taken back."""

    action: JobAction
    verb: str
    states: frozenset[JobState]
    undo: str | None


_NOT_ENDED = frozenset(JobState) - ENDED_STATES
REMOVE = _Kind(JobAction.REMOVE, "Remove", _NOT_ENDED, None)
HOLD = _Kind(JobAction.HOLD, "Hold", _NOT_ENDED - {JobState.HOLDING}, "release_jobs with the same ids")
RELEASE = _Kind(JobAction.RELEASE, "Release", frozenset({JobState.HOLDING}), "hold_jobs with the same ids")


def _resolve(kind: _Kind) -> Callable[[ToolContext, ActOnJobs], Awaitable[ActOnJobs]]:
    async def resolve(context: ToolContext, asked: ActOnJobs) -> ActOnJobs:
        """The exact ids, never only some. Raises `JobNotFound` for any unknown one and `BadInput` for too many."""
        queues = context.services.queues
        if asked.owner:
            cluster = cluster_named(queues, asked.cluster)
            await queues.refresh(cluster)  # "all" means all there are now, not all at the last poll
            ids = _of_owner(queues, cluster, asked.owner, kind)
        else:
            cluster, ids = await _known(queues, asked.job_ids, asked.cluster)
        if len(ids) > MAX_JOBS:
            raise BadInput(f"these are {len(ids)} jobs; one call acts on at most {MAX_JOBS}; nothing was changed")
        return ActOnJobs(job_ids=tuple(ids), cluster=cluster, reason=asked.reason)

    return resolve


def _of_owner(queues: Queues, cluster: str, owner: str, kind: _Kind) -> Sequence[str]:
    """Worker agents are left alone: nobody who wants their jobs gone means the agent that they are talking to."""
    jobs = [
        job
        for job in queues.snapshot(cluster).jobs
        if job.owner == owner and job.state in kind.states and job.name != AGENT_JOB_NAME
    ]
    if not jobs:
        raise JobNotFound(f"{owner} has no jobs to {kind.action.value} on {cluster}; nothing was changed")
    return [job.job_id for job in jobs]


async def _known(queues: Queues, asked: Iterable[str], cluster: str | None) -> tuple[str, Sequence[str]]:
    """All on one cluster: that of the first job where none is named."""
    ids: dict[str, None] = {}
    families: dict[str, Mapping[str, Sequence[str]]] = {}
    for job_id in asked:
        members = _members(queues, job_id, cluster, families)
        if not members:
            job = await find_job(queues, job_id, cluster)
            cluster, members = job.cluster, [job.job_id]
        elif cluster is None:
            cluster = queues.clusters()[0]
        ids.update(dict.fromkeys(members))
    return cluster_named(queues, cluster), list(ids)


def _members(
    queues: Queues, job_id: str, cluster: str | None, families: dict[str, Mapping[str, Sequence[str]]]
) -> Sequence[str]:
    """Jobs of an HTCondor cluster id or a Slurm array id; none for the id of a single job.

    `families` keeps what was counted, so that many ids are looked up in one pass over the queue.
    """
    if not job_id.isdecimal():
        return ()
    name = cluster_named(queues, cluster)
    if name not in families:
        families[name] = _families(queues, name)
    return families[name].get(job_id, ())


def _families(queues: Queues, cluster: str) -> Mapping[str, Sequence[str]]:
    found: dict[str, list[str]] = {}
    for job in queues.snapshot(cluster).jobs:
        family = re.split("[._]", job.job_id, maxsplit=1)[0]
        if family != job.job_id and job.state in _NOT_ENDED:
            found.setdefault(family, []).append(job.job_id)
    return found


def _preview(kind: _Kind) -> Callable[[ToolContext, ActOnJobs], Awaitable[Preview]]:
    async def preview(context: ToolContext, asked: ActOnJobs) -> Preview:
        cluster = cluster_named(context.services.queues, asked.cluster)
        jobs = [await find_job(context.services.queues, job_id, cluster) for job_id in asked.job_ids]
        owners = sorted({job.owner for job in jobs})
        states = ", ".join(f"{count} {state.value}" for state, count in Counter(job.state for job in jobs).items())
        what = f"job {jobs[0].job_id}" if len(jobs) == 1 else f"{len(jobs)} jobs"
        return Preview(
            summary=f"{kind.verb} {what} of {', '.join(owners)} on {cluster} ({states})",
            targets=asked.job_ids,
            owners=tuple(owners),
            details=(*map(_line, jobs[:SHOWN]), *([f"and {len(jobs) - SHOWN} more"] if len(jobs) > SHOWN else [])),
            undo=kind.undo,
        )

    return preview


async def _bind(context: ToolContext, asked: ActOnJobs) -> Binding:
    cluster = cluster_named(context.services.queues, asked.cluster)
    jobs = [await find_job(context.services.queues, job_id, cluster) for job_id in asked.job_ids]
    return Binding(seen=tuple(map(job_seen, jobs)))


def _line(job: Job) -> str:
    return f"{job.job_id}  {job.owner}  {job.state.value}  {job.command[:100]}"


def _act(kind: _Kind) -> Callable[[ToolContext, ActOnJobs], Awaitable[JobsActedOn]]:
    async def act(context: ToolContext, asked: ActOnJobs) -> JobsActedOn:
        cluster = cluster_named(context.services.queues, asked.cluster)
        control = RemoteJobControl(context.services.agents, cluster, deadline_s=context.deadline_s - 5)
        result = await control.act(
            context.acting_as, kind.action, asked.job_ids, _signed_reason(kind, context, asked), context.operation_id
        )
        await context.services.queues.refresh(cluster)
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
        resolve=_resolve(kind),
        preview=_preview(kind),
        bind=_bind,
    )


TOOLS = (
    _tool(REMOVE, "remove_jobs", "Remove jobs from the queue, running ones too. It cannot be undone."),
    _tool(HOLD, "hold_jobs", "Put jobs on hold: they stop and stay in the queue until they are released."),
    _tool(RELEASE, "release_jobs", "Release held jobs, so that they are scheduled again."),
)
