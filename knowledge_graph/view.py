"""The global model as one reader may see it at one time.

Whatever answers a reader asks the model through this view alone. So an answer follows from what its reader may see and
from nothing else: no count, order, score or omission in it depends on a hidden fact.
Limit: how long an answer takes does.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import cast

from ink_core.labels import Confidentiality
from knowledge_graph.clearance import Clearance
from knowledge_graph.facts import Edge, Fact, NodeId, NodeKind, Origin
from knowledge_graph.reading import ReadableModel


class View:
    """For one answer: facts are remembered once read, so it is not kept while the model changes."""

    def __init__(self, model: ReadableModel, clearance: Clearance, now: datetime) -> None:
        self.now = now
        self._model = model
        self._names = clearance.names
        self._levels = frozenset(level for level in Confidentiality if level.rank <= clearance.most.rank)
        self._facts: dict[NodeId, tuple[Fact, ...]] = {}
        self._edges: dict[tuple[NodeId, NodeId], tuple[Edge, ...]] = {}

    @property
    def version(self) -> int:
        return self._model.version

    def sees(self, origin: Origin) -> bool:
        """Whether the reader may see facts of this origin; says nothing of their expiry."""
        if origin.label.confidentiality not in self._levels:
            return False
        return not origin.readers or not origin.readers.isdisjoint(self._names)

    def facts(self, node: NodeId) -> Sequence[Fact]:
        """Attributes of a node and the edges that begin at it, in the order of their ids."""
        known = self._facts.get(node)
        if known is None:
            known = tuple(fact for fact in self._model.facts(node, self.now) if self.sees(fact.origin))
            self._facts[node] = known
        return known

    def age_s(self, fact: Fact) -> float:
        """Seconds since its source last said it, or that it still held; what lies ahead (clocks differ) is now."""
        return max(0.0, (self.now - self._model.seen_at(fact)).total_seconds())

    def edges(self, node: NodeId, other: NodeId) -> Sequence[Edge]:
        """Edges between two nodes in either direction, in a fixed order."""
        pair = (node, other) if node < other else (other, node)
        known = self._edges.get(pair)
        if known is None:
            read = cast("Sequence[Edge]", self._model.edges(node, other, self.now))
            known = tuple(edge for edge in read if self.sees(edge.origin))
            self._edges[pair] = known
        return known

    def neighbours(self, node: NodeId) -> Iterator[NodeId]:
        """Nodes that a visible edge leads to or comes from, in a fixed order."""
        return self.linked(node, self.candidates(node))

    def candidates(self, node: NodeId) -> Sequence[NodeId]:
        """Cheap: `neighbours` and hidden ones. Nothing of these may be told, nor how many they are; see `linked`."""
        return self._model.neighbours(node)

    def linked(self, node: NodeId, others: Iterable[NodeId]) -> Iterator[NodeId]:
        """Those of `others`, in their order, that a visible edge connects with `node`."""
        return (other for other in others if self.edges(node, other))

    def knows(self, node: NodeId) -> bool:
        """Whether the reader sees anything of it: a fact, or an edge from another node."""
        return node in self._model and (bool(self.facts(node)) or any(True for _ in self.neighbours(node)))

    def nodes(self, kind: NodeKind) -> Iterator[NodeId]:
        """In the order of their names."""
        return (node for node in sorted(self._model.nodes(kind)) if self.knows(node))
