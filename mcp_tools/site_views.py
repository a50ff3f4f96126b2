"""What is told of the site as a whole: its clusters, nodes, file systems and JobLens."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from pydantic import Field

from knowledge_graph.incidents.node_states import NodeCondition
from mcp_tools.incident_views import IncidentRow
from mcp_tools.tool_value import ToolValue


class ScheddState(ToolValue):
    schedd: str
    problem: str | None


class NodeTrouble(ToolValue):
    """A node that does not work, with the scheduler's words."""

    node: str
    condition: NodeCondition
    state: str
    reason: str | None


class ClusterState(ToolValue):
    """`age_s` is how old the view of the queue is and `problem` why it is not newer; `load` is from 0 to 1.

    `nodes` counts them by condition; `troubled` are the first of those that do not work. `unseen` says why the nodes
    are not known.
    """

    cluster: str
    scheduler: str | None
    observed_at: datetime | None
    age_s: float | None
    problem: str | None
    nodes: dict[NodeCondition, int]
    cpus: int
    cpus_used: int
    load: float | None
    jobs: dict[str, int]
    schedds: tuple[ScheddState, ...]
    troubled: tuple[NodeTrouble, ...]
    unseen: str | None
    open_incidents: int


class FileSystemState(ToolValue):
    """Figures that nobody has measured are null."""

    file_system: str
    used: float | None = Field(description="Share of it, from 0 to 1.")
    problem: str | None
    observed_at: datetime | None


class LensState(ToolValue):
    """`hosts` are the nodes whose collectors were heard in the last minutes."""

    enabled: bool
    hosts: int
    heard_at: datetime | None


class OwnMatterView(ToolValue):
    """What is the reader's own matter and no incident: many jobs held with one reason, or failing at once.

    `jobs` is how many; `first` are the first of them.
    """

    cluster: str
    text: str
    jobs: int
    first: tuple[str, ...]


class SiteHealth(ToolValue):
    """`status` is the worst of what is told below it; the incidents are those that the reader may see.

    `own` is told to nobody else.
    """

    observed_at: datetime
    status: Literal["ok", "degraded", "down"]
    clusters: tuple[ClusterState, ...]
    file_systems: tuple[FileSystemState, ...]
    joblens: LensState
    incidents: tuple[IncidentRow, ...]
    own: tuple[OwnMatterView, ...]


class NodeTile(ToolValue):
    """One node on the health map. `jobs` are those that run there; `incidents` the open ones about it.

    `partitions` are those of Slurm that it belongs to.
    """

    node: str
    condition: NodeCondition
    state: str
    reason: str | None
    cpus: int
    cpus_used: int
    memory_mb: int
    jobs: int
    incidents: tuple[str, ...]
    partitions: tuple[str, ...] = ()


class NodeMap(ToolValue):
    """A page of the nodes of a cluster, which has `total`; `next_cursor` is null on the last page."""

    cluster: str
    observed_at: datetime
    nodes: tuple[NodeTile, ...]
    total: int
    next_cursor: str | None
