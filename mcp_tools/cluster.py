"""The cluster as a whole: nodes, problems, and how many jobs are in which state."""

from __future__ import annotations

from pydantic import Field

from ink_core.compute.model import ClusterHealth
from ink_core.compute.queue_index import EVERYBODY
from ink_core.compute.queues import Queues
from ink_core.errors import SchedulerDown
from ink_core.identity.principal import Scope
from mcp_tools.context import ToolContext
from mcp_tools.spec import Confidentiality, Integrity, Label, Risk, RunsOn, ToolSpec, ToolValue
from mcp_tools.targets import cluster_named


class AskCluster(ToolValue):
    cluster: str | None = Field(default=None, description="Cluster name; without it the default cluster.")


class ClusterStatus(ClusterHealth, ToolValue):
    """`jobs` counts the jobs of all users by state; empty while the queue is not known."""

    jobs: dict[str, int]


async def _status(context: ToolContext, asked: AskCluster) -> ClusterStatus:
    queues = context.services.queues
    cluster = cluster_named(queues, asked.cluster)
    health = await queues.health(cluster)
    return ClusterStatus(jobs=_counts(queues, cluster), **health.model_dump())


def _counts(queues: Queues, cluster: str) -> dict[str, int]:
    try:
        return dict(queues.index(cluster).counts.get(EVERYBODY, {}))
    except SchedulerDown:
        return {}


TOOLS = (
    ToolSpec(
        name="cluster_status",
        title="Cluster status",
        description="Nodes of a cluster with their state and load, known problems, and jobs by state.",
        input=AskCluster,
        output=ClusterStatus,
        risk=Risk.READ,
        scopes=frozenset({Scope.JOBS_READ}),
        runs_on=RunsOn.CORE,
        idempotent=True,
        timeout_s=60,
        label=Label(Confidentiality.SCRATCH, Integrity.TRUSTED),
        run=_status,
    ),
)
