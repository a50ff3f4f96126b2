"""Which jobs a call is about: chosen by id or by owner, resolved to exact ids before anybody decides on them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Awaitable, Callable, Collection, Iterable, Mapping, Sequence
from typing import Self, TypeVar

from pydantic import Field, model_validator

from ink_core.agents import AGENT_JOB_NAME
from ink_core.compute.dag_progress import of_one_owner
from ink_core.compute.job_ids import family_of
from ink_core.compute.model import ENDED_STATES, Job, JobState
from ink_core.compute.queues import Queues
from ink_core.compute.scheduler_calls import MAX_JOBS
from ink_core.errors import BadInput, InkError, JobNotFound
from mcp_tools.bindings import job_seen
from mcp_tools.context import ToolContext
from mcp_tools.spec import Binding, Preview, ToolValue
from mcp_tools.targets import cluster_named, find_job

NOT_ENDED = frozenset(JobState) - ENDED_STATES
SHOWN = 20
Families = Mapping[str, Sequence[Job]]


class JobChoice(ToolValue):
    """Either `job_ids` or `owner`."""

    job_ids: tuple[str, ...] = Field(
        default=(),
        max_length=MAX_JOBS,
        description="Ids; 172 stands for 172.0, 172.1 and so on, and a DAG's id for its jobs.",
    )
    owner: str | None = Field(default=None, min_length=1, description="Instead of ids: all jobs of this user.")
    cluster: str | None = None

    @model_validator(mode="after")
    def _one_way_to_choose(self) -> Self:
        if bool(self.job_ids) == bool(self.owner):
            raise ValueError("give either job_ids or owner")
        return self


Choice = TypeVar("Choice", bound=JobChoice)


def resolving(verb: str, states: frozenset[JobState]) -> Callable[[ToolContext, Choice], Awaitable[Choice]]:
    """To exact ids, never only some. `states` are those that jobs must be in where they are chosen by owner.

    What it makes raises `JobNotFound` for any unknown id and `BadInput` for too many.
    """

    async def resolve(context: ToolContext, asked: Choice) -> Choice:
        queues = context.services.queues
        if asked.owner:
            cluster = cluster_named(queues, asked.cluster)
            await queues.refresh(cluster)  # "all" means all there are now, not all at the last poll
            ids = _of_owner(queues, cluster, asked.owner, verb, states)
        else:
            cluster, ids = await _known(queues, asked.job_ids, asked.cluster, states, context.acting_as)
        if len(ids) > MAX_JOBS:
            raise BadInput(f"these are {len(ids)} jobs; one call acts on at most {MAX_JOBS}; nothing was changed")
        return asked.model_copy(update={"job_ids": tuple(ids), "owner": None, "cluster": cluster})

    return resolve


def previewing(
    verb: str, undo: str | None, more: Callable[[Choice], str] = lambda _: ""
) -> Callable[[ToolContext, Choice], Awaitable[Preview]]:
    """`more` is what is said of the call beyond which jobs it is about."""

    async def preview(context: ToolContext, asked: Choice) -> Preview:
        cluster = cluster_named(context.services.queues, asked.cluster)
        jobs = await _chosen(context, asked)
        owners = sorted({job.owner for job in jobs})
        states = ", ".join(f"{_said(state)}: {count}" for state, count in Counter(job.state for job in jobs).items())
        what = f"job {jobs[0].job_id}" if len(jobs) == 1 else f"{len(jobs)} jobs"
        return Preview(
            summary=f"{verb} {what} of {', '.join(owners)} on {cluster} ({states}){more(asked)}",
            targets=asked.job_ids,
            owners=tuple(owners),
            details=(*map(_line, jobs[:SHOWN]), *([f"and {len(jobs) - SHOWN} more"] if len(jobs) > SHOWN else [])),
            undo=undo,
        )

    return preview


_SAID = {
    JobState.QUEUEING: "queued",
    JobState.HOLDING: "held",
    JobState.CANCELLED: "removed",
    JobState.TIMEOUT: "timed out",
}
"""What the page calls a state by another word than its name."""


def _said(state: JobState) -> str:
    return _SAID.get(state, state.value.lower().replace("_", " "))


async def bind_jobs(context: ToolContext, asked: JobChoice) -> Binding:
    """As they are now, not as they were at the last poll: an owner may have changed what they run since."""
    cluster = cluster_named(context.services.queues, asked.cluster)
    await context.services.queues.look(cluster, asked.job_ids)
    return Binding(seen=tuple(map(job_seen, await _chosen(context, asked))))


async def _chosen(context: ToolContext, asked: JobChoice) -> Sequence[Job]:
    cluster = cluster_named(context.services.queues, asked.cluster)
    return [await find_job(context.services.queues, job_id, cluster) for job_id in asked.job_ids]


def _of_owner(queues: Queues, cluster: str, owner: str, verb: str, states: Collection[JobState]) -> Sequence[str]:
    """Worker agents are left alone: nobody who wants their jobs gone means the agent that they are talking to."""
    jobs = [
        job
        for job in queues.snapshot(cluster).jobs
        if job.owner == owner and job.state in states and job.name != AGENT_JOB_NAME
    ]
    if not jobs:
        raise JobNotFound(f"{owner} has no jobs to {verb} on {cluster}; nothing was changed")
    return [job.job_id for job in jobs]


async def _known(
    queues: Queues, asked: Iterable[str], cluster: str | None, states: Collection[JobState], user: str
) -> tuple[str, Sequence[str]]:
    """All on one cluster: that of the first job where none is named."""
    ids: dict[str, None] = {}
    families: dict[str, Families] = {}
    for job_id in asked:
        members = _members(queues, job_id, cluster, families, user)
        if members:
            cluster = members[0].cluster
            ids.update(dict.fromkeys(job.job_id for job in _fitting(members, states)))
        else:
            job = await _single(queues, job_id, cluster)
            cluster = job.cluster
            ids[job.job_id] = None
    return cluster_named(queues, cluster), list(ids)


async def _single(queues: Queues, job_id: str, cluster: str | None) -> Job:
    try:
        return await find_job(queues, job_id, cluster)
    except JobNotFound as error:
        raise JobNotFound(f"{error}; nothing was changed") from error


def _fitting(members: Sequence[Job], states: Collection[JobState]) -> Sequence[Job]:
    """Of a whole cluster or array those that it can be done with; all, to be told why not, where there are none."""
    return [job for job in members if job.state in states] or members


def _members(
    queues: Queues, job_id: str, cluster: str | None, families: dict[str, Families], user: str
) -> Sequence[Job]:
    """Jobs of an HTCondor cluster id, a Slurm array id or a DAG's id; none for the id of a single job.

    `families` keeps what was counted, so that many ids are looked up in one pass over each queue.
    """
    if family_of(job_id) != job_id:
        return ()
    names = [cluster_named(queues, cluster)] if cluster else queues.clusters()
    found: list[Sequence[Job]] = []
    for name in names:
        if name not in families:
            families[name] = _families(queues, name, user)
        found += [families[name][job_id]] if job_id in families[name] else []
    if len(found) > 1:
        raise BadInput(f"{job_id} exists on {' and '.join(jobs[0].cluster for jobs in found)}; name the cluster")
    return found[0] if found else ()


def _families(queues: Queues, cluster: str, user: str) -> Families:
    """Empty for a cluster of which nothing is known: that is told where the job itself is looked for.

    The jobs of a DAG are a family too, together with the DAGMan job that it is called after.
    """
    try:
        jobs = queues.snapshot(cluster).jobs
    except InkError:
        return {}
    found: dict[str, list[Job]] = {}
    for job in jobs:
        family = family_of(job.job_id)
        names = {family, job.dag or family} - {job.job_id} if job.state in NOT_ENDED else set[str]()
        for name in names:
            found.setdefault(name, []).append(job)
    return {name: of_one_owner(members, user) for name, members in found.items()}


def _line(job: Job) -> str:
    return f"{job.job_id}  {job.owner}  {_said(job.state)}  {job.command[:100]}"
