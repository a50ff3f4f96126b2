"""Who is next to whom, in a fixed order: sorted once, until an edge comes or goes. A walk asks thousands of times."""

from __future__ import annotations

from collections.abc import Sequence

from knowledge_graph.facts import Edge, Fact, NodeId
from knowledge_graph.graph import FactGraph

MOST_KEPT = 500_000
"""Names in the kept neighbourhoods together, 8 bytes each; beyond it all are forgotten."""


class Neighbourhoods:
    def __init__(self, graph: FactGraph) -> None:
        self._graph = graph
        self._sorted: dict[NodeId, Sequence[NodeId]] = {}
        self._kept = 0

    def of(self, node: NodeId) -> Sequence[NodeId]:
        """Nothing for an unknown node."""
        found = self._sorted.get(node)
        if found is None and node in self._graph:
            found = self._sorted[node] = tuple(sorted(self._graph.neighbours(node)))
            self._kept += len(found)
            if self._kept > MOST_KEPT:
                self._forget_all()
        return found or ()

    def changed(self, fact: Fact) -> None:
        """The fact came or went."""
        if self._sorted and isinstance(fact, Edge):
            for node in (fact.subject, fact.target):
                self._kept -= len(self._sorted.pop(node, ()))

    def _forget_all(self) -> None:
        self._sorted.clear()
        self._kept = 0
