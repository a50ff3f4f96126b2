"""The facts of the model on a networkx graph: one is put, dropped, found. Knows nothing of time."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from itertools import chain

from knowledge_graph.compact import CompactGraph
from knowledge_graph.facts import Attribute, Edge, Fact, NodeId, NodeKind


class FactGraph:
    """A node is in it as long as it has an attribute or an edge."""

    def __init__(self) -> None:
        self.networkx = CompactGraph()
        self.fact_count = 0
        self._by_kind: dict[str, dict[NodeId, None]] = {kind.value: {} for kind in NodeKind}

    def __contains__(self, node: NodeId) -> bool:
        return self.networkx.has_node(node)

    def put(self, fact: Fact) -> Fact | None:
        """The fact whose place it takes, if there is one."""
        before = self._put_attribute(fact) if isinstance(fact, Attribute) else self._put_edge(fact)
        self.fact_count += before is None
        return before

    def drop(self, fact: Fact) -> None:
        """The fact is in the graph."""
        if isinstance(fact, Attribute):
            del self.networkx.attributes(fact.subject)[fact.name, fact.origin.source]
        else:
            self.networkx.remove_edge(fact.subject, fact.target, (fact.relation.value, fact.origin.source))
        self.fact_count -= 1
        for node in _nodes_of(fact):
            self._forget_if_empty(node)

    def held(self, fact: Fact) -> Fact | None:
        """The fact with the same id."""
        if fact.subject not in self:
            return None
        if isinstance(fact, Attribute):
            return self.networkx.attributes(fact.subject).get((fact.name, fact.origin.source))
        edges = self.networkx.between(fact.subject, fact.target)
        return edges.fact((fact.relation.value, fact.origin.source)) if edges is not None else None

    def facts(self, node: NodeId) -> Iterator[Fact]:
        """Attributes and outgoing edges of a node that is in the graph, in no order."""
        edges = (self.networkx.between(node, target) for target in self.networkx.successors(node))
        return chain(self.networkx.attributes(node).facts(), *(edge.facts() for edge in edges if edge is not None))

    def edges(self, node: NodeId, target: NodeId) -> Iterable[Edge]:
        edges = self.networkx.between(node, target)
        return edges.facts() if edges is not None else ()

    def neighbours(self, node: NodeId) -> set[NodeId]:
        """Of a node that is in the graph, in both directions."""
        return {*self.networkx.successors(node), *self.networkx.predecessors(node)}

    def degree(self, node: NodeId) -> int:
        return len(self.networkx.succ[node]) + len(self.networkx.pred[node])

    def nodes(self, kind: NodeKind) -> Collection[NodeId]:
        return self._by_kind[kind.value].keys()

    def _put_attribute(self, fact: Attribute) -> Attribute | None:
        self._know(fact.subject)
        return self.networkx.attributes(fact.subject).put(fact)

    def _put_edge(self, fact: Edge) -> Edge | None:
        key = (fact.relation.value, fact.origin.source)
        edges = self.networkx.between(fact.subject, fact.target)
        if edges is not None and (before := edges.fact(key)) is not None:
            edges.put(fact)
            return before
        self._know(fact.subject)
        self._know(fact.target)
        self.networkx.add_edge(fact.subject, fact.target, key, fact=fact)
        return None

    def _know(self, node: NodeId) -> None:
        if node not in self:
            self.networkx.add_node(node)
            self._by_kind[node.partition(":")[0]][node] = None

    def _forget_if_empty(self, node: NodeId) -> None:
        if node in self and not self.networkx.attributes(node) and not self.degree(node):
            self.networkx.remove_node(node)
            del self._by_kind[node.partition(":")[0]][node]


def _nodes_of(fact: Fact) -> tuple[NodeId, ...]:
    return (fact.subject, fact.target) if isinstance(fact, Edge) else (fact.subject,)
