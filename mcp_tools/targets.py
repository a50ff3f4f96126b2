"""Where a tool's call goes: which agent, which cluster, which jobs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from secrets import token_hex

from pydantic import JsonValue

from ink_core.agents import AccessPoint, AgentTarget, Worker
from ink_core.compute.job_ids import first_of
from ink_core.compute.model import Job
from ink_core.compute.queues import Queues
from ink_core.errors import BadInput, JobNotFound, JobNotYetVisible, NotFound, SchedulerDown
from mcp_tools.context import ToolContext


def agent_of(context: ToolContext) -> AgentTarget:
    """The session's worker where there is one, else the acting user's access-point agent."""
    return Worker(context.worker_id) if context.worker_id else AccessPoint(context.acting_as)


async def ask_agent(
    context: ToolContext, method: str, arguments: Mapping[str, JsonValue], *, deadline_s: float | None = None
) -> JsonValue:
    """The one call to that agent which is the tool's operation: repeated, it gets the first answer."""
    deadline = min(deadline_s or context.deadline_s, context.deadline_s)
    return await context.services.agents.call(
        agent_of(context), method, arguments, operation_id=context.operation_id, deadline_s=deadline
    )


async def look_at_agent(context: ToolContext, method: str, arguments: Mapping[str, JsonValue]) -> JsonValue:
    """A question beside the operation: asked again, it must not get the first answer."""
    return await context.services.agents.call(
        agent_of(context), method, arguments, operation_id=f"look-{token_hex(12)}", deadline_s=context.deadline_s
    )


def from_home(path: str) -> str:
    """The agent's paths begin where `~` is."""
    return path.removeprefix("~").lstrip("/") or "." if path == "~" or path.startswith("~/") else path


def cluster_named(queues: Queues, cluster: str | None) -> str:
    """The cluster of that name, or the default one. Raises `NotFound`."""
    known = queues.clusters()
    if cluster is None and known:
        return known[0]
    if cluster is None or cluster not in known:
        raise NotFound(f"there is no cluster {cluster!r}; there are {', '.join(known) or 'none'}")
    return cluster


async def find_job(queues: Queues, job_id: str, cluster: str | None) -> Job:
    """The job on that cluster, or on whichever has it. Asks for it where it is not shown: it may be that new.

    The id of an HTCondor cluster alone (`12`) is its first job (`12.0`), where it has no other meaning.
    """
    clusters = [cluster_named(queues, cluster)] if cluster else list(queues.clusters())
    found, problem = _look(queues, job_id, clusters)
    if not found:
        for name in clusters:
            await queues.look_for(name, [job_id, first_of(job_id)])
        found, problem = _look(queues, job_id, clusters)
    if len(found) > 1:
        raise BadInput(f"job {job_id} exists on {' and '.join(job.cluster for job in found)}; name the cluster")
    if not found:
        raise problem or JobNotFound(f"there is no job {job_id} on {', '.join(clusters) or 'any cluster'}")
    return found[0]


def _look(queues: Queues, job_id: str, clusters: Sequence[str]) -> tuple[list[Job], Exception | None]:
    """Where the job is, and else the reason that leaves most hope."""
    found: list[Job] = []
    problem: Exception | None = None
    for name in clusters:
        try:
            found.append(queues.job(name, job_id))
        except JobNotFound as error:
            problem = problem or error
        except (JobNotYetVisible, SchedulerDown) as error:
            problem = error
    return found, problem
