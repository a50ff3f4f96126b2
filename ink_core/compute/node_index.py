"""What a cluster consists of, made ready to be asked: pages of its nodes, the slots of one, and sums over all of it.

Made once per answer of the scheduler. A page costs what it has to look through: the nodes, never the slots.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

from ink_core.compute.model import Value
from ink_core.compute.topology import NodeDetails, Slot, Topology
from ink_core.errors import NotFound


class NodeOrder(StrEnum):
    """By name upwards; by what is free, used or loaded downwards."""

    NAME = "name"
    CPUS_FREE = "cpus_free"
    CPUS_USED = "cpus_used"
    LOAD = "load"
    MEMORY = "memory"


class Totals(Value):
    """`nodes` and `slots` are counted by state; `out_of_service` are nodes that take no new jobs."""

    nodes: Mapping[str, int]
    out_of_service: int
    slots: Mapping[str, int]
    cpus: int
    cpus_used: int
    memory_mb: int
    gpus: int


@dataclass(frozen=True, kw_only=True)
class NodeQuery:
    """`text` is looked for in name, state and reason; `offset` is of the first node in the order."""

    text: str = ""
    states: frozenset[str] = frozenset()
    partition: str | None = None
    out_of_service: bool | None = None
    order: NodeOrder = NodeOrder.NAME
    offset: int = 0
    limit: int


@dataclass(frozen=True)
class ListedNodes:
    """`total` are all that the query selects, `totals` sums over them."""

    nodes: Sequence[NodeDetails]
    total: int
    totals: Totals


@dataclass(frozen=True)
class NodeIndex:
    topology: Topology
    by_name: Mapping[str, NodeDetails]
    slots: Mapping[str, Sequence[Slot]]
    slot_states: Mapping[str, Mapping[str, int]]

    @classmethod
    def of(cls, topology: Topology) -> NodeIndex:
        slots: dict[str, list[Slot]] = defaultdict(list)
        for slot in topology.slots:
            slots[slot.node].append(slot)
        states = {node: Counter(slot.state for slot in mine) for node, mine in slots.items()}
        by_name = {node.name: node for node in sorted(topology.nodes, key=lambda node: node.name)}
        return cls(topology, by_name, dict(slots), states)

    def node(self, name: str) -> NodeDetails:
        """Raises `NotFound`."""
        if name not in self.by_name:
            raise NotFound(f"cluster {self.topology.cluster} shows no node {name[:80]!r}")
        return self.by_name[name]

    @cached_property
    def all_totals(self) -> Totals:
        return self.totals(tuple(self.by_name.values()))

    def totals(self, nodes: Sequence[NodeDetails]) -> Totals:
        slots: Counter[str] = Counter()
        for node in nodes:
            slots.update(self.slot_states.get(node.name, {}))
        return Totals(
            nodes=Counter(node.state for node in nodes),
            out_of_service=sum(node.out_of_service for node in nodes),
            slots=slots,
            cpus=sum(node.cpus for node in nodes),
            cpus_used=sum(node.cpus_used for node in nodes),
            memory_mb=sum(node.memory_mb for node in nodes),
            gpus=sum(node.gpus or 0 for node in nodes),
        )


def list_nodes(index: NodeIndex, query: NodeQuery) -> ListedNodes:
    selected = [node for node in index.by_name.values() if _selects(query, node)]
    if query.order is not NodeOrder.NAME:
        selected.sort(key=_RANKS[query.order], reverse=True)
    page = selected[query.offset : query.offset + query.limit]
    totals = index.all_totals if len(selected) == len(index.by_name) else index.totals(selected)
    return ListedNodes(page, len(selected), totals)


def _selects(query: NodeQuery, node: NodeDetails) -> bool:
    return (
        (not query.states or node.state in query.states)
        and (query.partition is None or query.partition in node.partitions)
        and (query.out_of_service is None or node.out_of_service is query.out_of_service)
        and (not query.text or query.text.lower() in f"{node.name} {node.state} {node.reason or ''}".lower())
    )


_RANKS: Mapping[NodeOrder, Callable[[NodeDetails], float]] = {
    NodeOrder.CPUS_FREE: lambda node: node.cpus - node.cpus_used,
    NodeOrder.CPUS_USED: lambda node: node.cpus_used,
    NodeOrder.LOAD: lambda node: node.load or 0.0,
    NodeOrder.MEMORY: lambda node: node.memory_mb,
}
