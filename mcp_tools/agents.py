"""Worker agents of the user: launch one as a cluster job, stop one, list them."""

from __future__ import annotations

from dataclasses import asdict

from pydantic import Field

from ink_core.compute.model import MAX_WALL_TIME_S
from ink_core.errors import NotFound
from ink_core.identity.principal import Scope
from mcp_tools.context import AgentStatus, ToolContext
from mcp_tools.jobs import ASSUMED_WALL_TIME_S
from mcp_tools.spec import Confidentiality, Integrity, Label, Preview, Risk, RunsOn, ToolSpec, ToolValue
from mcp_tools.targets import cluster_named

AGENTS_LABEL = Label(Confidentiality.SCRATCH, Integrity.TRUSTED)


class LaunchAgent(ToolValue):
    cluster: str | None = Field(default=None, description="Cluster name; without it the default cluster.")
    wall_time_s: int | None = Field(default=None, ge=60, le=MAX_WALL_TIME_S, description="Its job's life at most.")


class Agent(ToolValue):
    """`state`: submitting, queued, starting, ready, lost, gone."""

    worker_id: str
    user: str
    place: str
    state: str
    cluster: str | None
    job_id: str | None
    node: str | None
    workspace: str
    detail: str | None


class StopAgent(ToolValue):
    worker_id: str = Field(min_length=1, max_length=100)


class ListAgents(ToolValue):
    pass


class Agents(ToolValue):
    agents: tuple[Agent, ...]


async def _with_cluster(context: ToolContext, asked: LaunchAgent) -> LaunchAgent:
    return asked.model_copy(update={"cluster": cluster_named(context.services.queues, asked.cluster)})


async def _preview_launch(context: ToolContext, asked: LaunchAgent) -> Preview:
    """Without a wall time it counts as any job without one."""
    cpus = context.services.launcher.cpus
    hours = cpus * (asked.wall_time_s or ASSUMED_WALL_TIME_S) / 3600
    spent = f"at most {hours:.3g} CPU-hours" if asked.wall_time_s else f"{hours:.3g} CPU-hours a day, no wall time"
    return Preview(
        summary=f"Submit a worker agent of {context.acting_as} to {asked.cluster} ({cpus} CPU, {spent})",
        owners=(context.acting_as,),
        undo="stop_agent",
        jobs=1,
        cpu_hours=hours,
    )


async def _launch(context: ToolContext, asked: LaunchAgent) -> Agent:
    cluster = cluster_named(context.services.queues, asked.cluster)
    launcher, user = context.services.launcher, context.acting_as
    return _shown(await launcher.launch(user, cluster, context.operation_id, asked.wall_time_s))


async def _find_launched(context: ToolContext, asked: LaunchAgent) -> Agent | None:
    found = await context.services.launcher.find(context.operation_id)
    return _shown(found) if found else None


async def _preview_stop(context: ToolContext, asked: StopAgent) -> Preview:
    agent = _own(context, asked.worker_id)
    return Preview(
        summary=f"Stop the worker agent {agent.worker_id} ({agent.state}) and what runs in it",
        targets=(agent.worker_id,),
        owners=(agent.user,),
    )


async def _stop(context: ToolContext, asked: StopAgent) -> Agent:
    agent = _own(context, asked.worker_id)
    return _shown(await context.services.launcher.stop(agent.worker_id, context.operation_id))


async def _list(context: ToolContext, asked: ListAgents) -> Agents:
    return Agents(agents=tuple(_shown(agent) for agent in context.services.launcher.list(context.principal.username)))


def _own(context: ToolContext, worker_id: str) -> AgentStatus:
    """Raises `NotFound` for another user's agent as well: nobody learns that it exists."""
    for agent in context.services.launcher.list(context.principal.username):
        if agent.worker_id == worker_id:
            return agent
    raise NotFound(f"you have no worker agent {worker_id}; list_agents shows yours")


def _shown(agent: AgentStatus) -> Agent:
    return Agent(**asdict(agent))


TOOLS = (
    ToolSpec(
        name="launch_agent",
        title="Launch a worker agent",
        description="Submit a worker agent as a batch job of the user: files, commands and terminals can run in it.",
        input=LaunchAgent,
        output=Agent,
        risk=Risk.WRITE,
        scopes=frozenset({Scope.AGENT_USE}),
        runs_on=RunsOn.ACCESS_POINT,
        idempotent=False,
        timeout_s=120,
        label=AGENTS_LABEL,
        run=_launch,
        resolve=_with_cluster,
        preview=_preview_launch,
        reconcile=_find_launched,
    ),
    ToolSpec(
        name="stop_agent",
        title="Stop a worker agent",
        description="End a worker agent of yours and remove its job.",
        input=StopAgent,
        output=Agent,
        risk=Risk.WRITE,
        scopes=frozenset({Scope.AGENT_USE}),
        runs_on=RunsOn.ACCESS_POINT,
        idempotent=True,
        timeout_s=60,
        label=AGENTS_LABEL,
        run=_stop,
        preview=_preview_stop,
    ),
    ToolSpec(
        name="list_agents",
        title="List worker agents",
        description="Your worker agents with state, node and job id, newest first.",
        input=ListAgents,
        output=Agents,
        risk=Risk.READ,
        scopes=frozenset({Scope.AGENT_USE}),
        runs_on=RunsOn.CORE,
        idempotent=True,
        timeout_s=10,
        label=AGENTS_LABEL,
        run=_list,
    ),
)
