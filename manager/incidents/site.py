"""How the site stands: read off the global model, so that whoever looks troubles no scheduler."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Literal

from ink_core.clock import Clock
from ink_core.compute.model import JobState
from ink_core.compute.queue_index import EVERYBODY
from ink_core.compute.queues import Queues
from ink_core.errors import NotFound, SchedulerDown
from ink_core.identity.principal import Principal
from joblens.query.lens import Lens
from joblens.records import Batch
from knowledge_graph.facts import NodeId, name_of
from knowledge_graph.incidents.incident import Incident
from knowledge_graph.incidents.node_states import NodeCondition
from knowledge_graph.incidents.own_matters import OwnMatter, own_matters
from knowledge_graph.incidents.scene import Scene, SeenFileSystem, SeenNode
from manager.incidents.desk import IncidentDesk
from manager.incidents.looking import SceneReader
from mcp_tools.incident_views import row, visible
from mcp_tools.site_views import (
    ClusterState,
    FileSystemState,
    LensState,
    NodeMap,
    NodeTile,
    NodeTrouble,
    OwnMatterView,
    ScheddState,
    SiteHealth,
)

MOST_TROUBLED = 100
HEARD_LATELY = timedelta(minutes=5)
_ORDER = ("ok", "degraded", "down")


@dataclass
class LensEar:
    """Which hosts' collectors were heard, and when last. Implements a listener of `Lens`."""

    clock: Clock
    heard: dict[str, datetime] = field(default_factory=dict[str, datetime])

    def hear(self, batches: Sequence[Batch]) -> None:
        now = self.clock.now()
        self.heard.update((batch.host, now) for batch in batches)

    def state(self, *, enabled: bool) -> LensState:
        now = self.clock.now()
        self.heard = {host: at for host, at in self.heard.items() if now - at < HEARD_LATELY}
        return LensState(enabled=enabled, hosts=len(self.heard), heard_at=max(self.heard.values(), default=None))


class SiteReader:
    """Implements `mcp_tools.context.Site`."""

    def __init__(
        self,
        queues: Queues,
        scenes: SceneReader,
        desk: IncidentDesk,
        lens: Lens | None,
        clock: Clock,
        schedulers: Mapping[str, str],
    ) -> None:
        self._queues = queues
        self._scenes = scenes
        self._desk = desk
        self._clock = clock
        self._schedulers = schedulers
        self._ear = LensEar(clock)
        self._has_lens = lens is not None
        if lens is not None:
            lens.listeners.append(self._ear.hear)

    async def health(self, principal: Principal) -> SiteHealth:
        scene = await self._scenes.read()
        incidents = self._desk.open()
        clusters = tuple(self._cluster(name, scene, incidents) for name in self._queues.clusters())
        seen = visible(principal, incidents)
        return SiteHealth(
            observed_at=scene.at,
            status=_worst(clusters, incidents),
            clusters=clusters,
            file_systems=tuple(_file_system(one) for one in scene.file_systems),
            joblens=self._ear.state(enabled=self._has_lens),
            incidents=tuple(row(principal, one, scene.at) for one in seen),
            own=tuple(_own(one) for one in own_matters(scene, principal.username)),
        )

    async def nodes(self, principal: Principal, cluster: str, *, after: str = "", most: int) -> NodeMap:
        """By name, those after `after`. Raises `NotFound` for an unknown cluster."""
        if cluster not in self._queues.clusters():
            raise NotFound(f"there is no cluster {cluster[:80]!r}; there are {', '.join(self._queues.clusters())}")
        scene = await self._scenes.read()
        running = Counter(job.node for job in scene.jobs if job.state == JobState.RUNNING.value)
        about = _incidents_by_node(visible(principal, self._desk.open()))
        nodes = sorted((node for node in scene.nodes if node.cluster == cluster), key=_name)
        left = nodes[bisect_right(nodes, after, key=_name) :]
        tiles = tuple(_tile(node, running[node.id], about.get(node.id, ())) for node in left[:most])
        cursor = tiles[-1].node if len(tiles) < len(left) else None
        return NodeMap(cluster=cluster, observed_at=scene.at, nodes=tiles, total=len(nodes), next_cursor=cursor)

    def _cluster(self, name: str, scene: Scene, incidents: Sequence[Incident]) -> ClusterState:
        status = self._queues.status(name)
        nodes = [node for node in scene.nodes if node.cluster == name]
        cpus, used = sum(node.cpus for node in nodes), sum(node.cpus_used for node in nodes)
        troubled = [node for node in nodes if node.condition is not NodeCondition.WORKS]
        age = None if status.observed_at is None else (self._clock.now() - status.observed_at).total_seconds()
        return ClusterState(
            cluster=name,
            scheduler=self._schedulers.get(name),
            observed_at=status.observed_at,
            age_s=age if age is None else round(max(age, 0.0), 1),
            problem=status.problem,
            nodes=dict(Counter(node.condition for node in nodes)),
            cpus=cpus,
            cpus_used=used,
            load=round(used / cpus, 3) if cpus else None,
            jobs=_jobs(self._queues, name),
            schedds=tuple(
                ScheddState(schedd=name_of(one.id), problem=one.problem) for one in scene.schedds if one.cluster == name
            ),
            troubled=tuple(_trouble(node) for node in sorted(troubled, key=lambda one: one.id)[:MOST_TROUBLED]),
            unseen=None if nodes else "no node of this cluster is known to the global model yet",
            open_incidents=sum(one.sign.cluster == name for one in incidents),
        )


def _jobs(queues: Queues, cluster: str) -> dict[str, int]:
    try:
        return dict(queues.index(cluster).counts.get(EVERYBODY, {}))
    except SchedulerDown:
        return {}


def _own(one: OwnMatter) -> OwnMatterView:
    first = tuple(name_of(job) for job in one.first)
    return OwnMatterView(cluster=one.cluster, text=one.text, jobs=one.jobs, first=first)


def _name(node: SeenNode) -> str:
    return name_of(node.id)


def _trouble(node: SeenNode) -> NodeTrouble:
    return NodeTrouble(node=name_of(node.id), condition=node.condition, state=node.state, reason=node.reason)


def _tile(node: SeenNode, jobs: int, incidents: Sequence[str]) -> NodeTile:
    return NodeTile(
        node=name_of(node.id),
        condition=node.condition,
        state=node.state,
        reason=node.reason,
        cpus=node.cpus,
        cpus_used=node.cpus_used,
        memory_mb=node.memory_mb,
        jobs=jobs,
        incidents=tuple(incidents),
        partitions=node.partitions,
    )


def _file_system(one: SeenFileSystem) -> FileSystemState:
    return FileSystemState(file_system=name_of(one.id), used=one.used, problem=one.problem, observed_at=one.observed_at)


def _incidents_by_node(incidents: Sequence[Incident]) -> Mapping[NodeId, Sequence[str]]:
    found: dict[NodeId, list[str]] = {}
    for incident in incidents:
        for node in {incident.sign.subject, *incident.sign.scope}:
            found.setdefault(node, []).append(incident.id)
    return found


def _worst(clusters: Sequence[ClusterState], incidents: Sequence[Incident]) -> Literal["ok", "degraded", "down"]:
    """Down where no cluster answers; degraded where one does not, or something is wrong at one."""
    answering = [one for one in clusters if one.problem is None]
    if clusters and not answering:
        return "down"
    return "degraded" if incidents or len(answering) < len(clusters) else "ok"
