"""What the detectors look at: the site as the model tells it at one moment, as plain values.

Only here is known which facts the ingesters say; each value carries the ids of the facts that it was read from.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from knowledge_graph.facts import Attribute, Edge, Fact, NodeId, NodeKind, Relation, Scalar, kind_of, name_of
from knowledge_graph.incidents.node_states import NodeCondition, condition_of
from knowledge_graph.reading import ReadableModel

ABSENT = "absent"
AWAY = "away"
HELD = "HOLDING"


@dataclass(frozen=True, slots=True)
class SeenNode:
    """`cluster` and `partitions` are names; `absent` is one that was there and no longer reports."""

    id: NodeId
    cluster: str
    condition: NodeCondition
    state: str
    reason: str | None
    cpus: int
    cpus_used: int
    memory_mb: int
    absent: bool
    evidence: tuple[str, ...]
    partitions: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SeenPart:
    """A schedd or a whole cluster: `problem` is why it does not answer."""

    id: NodeId
    cluster: str
    problem: str | None
    evidence: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SeenFileSystem:
    """`used` is its share from 0 to 1, of its space or its inodes, whichever is more; `type` as the kernel names it."""

    id: NodeId
    type: str
    used: float | None
    problem: str | None
    observed_at: datetime
    evidence: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SeenJob:
    """`verdict` is what JobLens says that it is bound by; `uses` are the file systems that it reads or writes.

    `held_at` is when it was first seen held, where it was seen before that.
    """

    id: NodeId
    cluster: str
    owner: str
    state: str
    reason: str | None
    reason_code: str | None
    node: NodeId | None
    submitted_at: datetime | None
    started_at: datetime | None
    ended_at: datetime | None
    cpus: int | None
    verdict: str | None
    uses: frozenset[NodeId]
    evidence: tuple[str, ...]
    held_at: datetime | None = None


@dataclass(frozen=True)
class Scene:
    at: datetime
    nodes: Sequence[SeenNode] = ()
    schedds: Sequence[SeenPart] = ()
    clusters: Sequence[SeenPart] = ()
    file_systems: Sequence[SeenFileSystem] = ()
    jobs: Sequence[SeenJob] = field(default=())

    @property
    def blind(self) -> frozenset[str]:
        """Clusters that do not answer: what is told of them may be old."""
        return frozenset(one.cluster for one in self.clusters if one.problem)


class About:
    """The facts of one node, by name. Of two sources that contradict each other the later one counts."""

    def __init__(self, node: NodeId, facts: Iterable[Fact]) -> None:
        self.node = node
        self._values: dict[str, Attribute] = {}
        self._edges: list[Edge] = []
        for fact in facts:
            if isinstance(fact, Edge):
                self._edges.append(fact)
            elif fact.name not in self._values or _later(fact, self._values[fact.name]):
                self._values[fact.name] = fact

    def value(self, name: str) -> Scalar | None:
        return self._values[name].value if name in self._values else None

    def text(self, name: str) -> str | None:
        value = self.value(name)
        return None if value is None else str(value)

    def number(self, name: str) -> float | None:
        value = self.value(name)
        return float(value) if isinstance(value, int | float) else None

    def time(self, name: str) -> datetime | None:
        value = self.value(name)
        return datetime.fromisoformat(value) if isinstance(value, str) else None

    def targets(self, relation: Relation, kind: NodeKind) -> Sequence[NodeId]:
        return [edge.target for edge in self._edges if edge.relation is relation and kind_of(edge.target) is kind]

    def target(self, relation: Relation, kind: NodeKind) -> str | None:
        """The name of the first target."""
        return next((name_of(target) for target in self.targets(relation, kind)), None)

    def observed_at(self, fallback: datetime) -> datetime:
        return max((fact.origin.observed_at for fact in self._values.values()), default=fallback)

    def evidence(self, *names: str, relation: Relation | None = None) -> tuple[str, ...]:
        """Ids of the facts of these names, and of the edges of this relation."""
        edges = [edge.id for edge in self._edges if edge.relation is relation]
        return (*(self._values[name].id for name in names if name in self._values), *edges)


def about(model: ReadableModel, node: NodeId, now: datetime) -> About:
    return About(node, model.facts(node, now))


def node_seen(one: About, *, was_taken_out: bool = False) -> SeenNode:
    """`was_taken_out`: it was in maintenance when it was last heard of, so that its silence is no news."""
    absent = one.text("health") == ABSENT
    state = "MISSING" if absent else one.text("state") or "unknown to the scheduler"
    reason = one.text("reason")
    condition = condition_of(state, None if absent else reason)
    if absent and was_taken_out:
        condition = NodeCondition.MAINTENANCE
    return SeenNode(
        id=one.node,
        cluster=one.target(Relation.PART_OF, NodeKind.CLUSTER) or "",
        condition=condition,
        state="absent" if absent else state,
        reason=reason,
        cpus=int(one.number("cpus") or 0),
        cpus_used=int(one.number("cpus_used") or 0),
        memory_mb=int(one.number("memory_mb") or 0),
        absent=absent,
        evidence=one.evidence("health", "state", "reason"),
        partitions=_partitions(one),
    )


def _partitions(one: About) -> tuple[str, ...]:
    """Their names without the cluster's."""
    names = (name_of(target) for target in one.targets(Relation.MEMBER_OF, NodeKind.PARTITION))
    return tuple(sorted(name.partition("/")[2] or name for name in names))


def part_seen(one: About) -> SeenPart:
    away = one.text("health") in (ABSENT, AWAY)
    cluster = one.target(Relation.PART_OF, NodeKind.CLUSTER) or name_of(one.node)
    problem = (one.text("reason") or "it does not answer") if away else None
    return SeenPart(one.node, cluster, problem, one.evidence("health", "reason"))


def file_system_seen(one: About, now: datetime) -> SeenFileSystem:
    figures = (one.number("used_fraction"), one.number("inodes_used_fraction"))
    shares = [figure for figure in figures if figure is not None]
    return SeenFileSystem(
        id=one.node,
        type=one.text("type") or "",
        used=max(shares, default=None),
        problem=one.text("problem"),
        observed_at=one.observed_at(now),
        evidence=one.evidence("used_fraction", "inodes_used_fraction", "problem"),
    )


def job_seen(one: About) -> SeenJob:
    cluster, _, _ = name_of(one.node).partition("/")
    storages = (*one.targets(Relation.READS, NodeKind.FILE_SYSTEM), *one.targets(Relation.WRITES, NodeKind.FILE_SYSTEM))
    return SeenJob(
        id=one.node,
        cluster=cluster,
        owner=one.target(Relation.OWNED_BY, NodeKind.USER) or "",
        state=one.text("state") or "",
        reason=one.text("reason"),
        reason_code=one.text("reason_code"),
        node=next(iter(one.targets(Relation.RUNS_ON, NodeKind.NODE)), None),
        submitted_at=one.time("submitted_at"),
        started_at=one.time("started_at"),
        ended_at=one.time("ended_at"),
        cpus=None if (cpus := one.number("cpus")) is None else int(cpus),
        verdict=one.text("verdict"),
        uses=frozenset(storages),
        evidence=one.evidence("state", "reason", "verdict"),
    )


def nodes_by_cluster(nodes: Iterable[SeenNode]) -> Mapping[str, Sequence[SeenNode]]:
    found: dict[str, list[SeenNode]] = {}
    for node in nodes:
        found.setdefault(node.cluster, []).append(node)
    return found


def _later(one: Attribute, other: Attribute) -> bool:
    return one.origin.observed_at > other.origin.observed_at
