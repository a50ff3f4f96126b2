"""Simpler walks: breadth first, everything within two hops, and what is anomalous nearby."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain

from bench.context.contenders.contender import seeds
from bench.context.questions.question import BenchQuestion
from knowledge_graph.facts import Fact, NodeId
from knowledge_graph.retrieval.anomaly import worst
from knowledge_graph.retrieval.names import Names
from knowledge_graph.view import View

MOST_NODES = 2_000
HOPS = 2


@dataclass(frozen=True)
class BreadthFirst:
    """Facts of the named nodes, then those of their neighbours, and so on."""

    names: Names

    def __call__(self, question: BenchQuestion, view: View) -> Iterator[Fact]:
        nodes = chain.from_iterable(_rings(seeds(question, self.names, view), view))
        return chain.from_iterable(view.facts(node) for node in nodes)


@dataclass(frozen=True)
class Dump:
    """All facts of the nodes within two hops, in the order of their ids."""

    names: Names

    def __call__(self, question: BenchQuestion, view: View) -> Iterator[Fact]:
        rings = _rings(seeds(question, self.names, view), view, HOPS)
        return chain.from_iterable(view.facts(node) for node in sorted(chain.from_iterable(rings)))


@dataclass(frozen=True)
class AnomalyOnly:
    """Facts of nodes with an anomaly and of none else, nearest first."""

    names: Names

    def __call__(self, question: BenchQuestion, view: View) -> Iterator[Fact]:
        for ring in _rings(seeds(question, self.names, view), view):
            sick = {node: bad for node in ring if (bad := worst(view.facts(node)))}
            for node in sorted(sick, key=lambda node: (-sick[node], node)):
                yield from view.facts(node)


def _rings(nodes: Sequence[NodeId], view: View, hops: int = MOST_NODES) -> Iterator[Sequence[NodeId]]:
    """Nodes by their distance, at most `MOST_NODES` in all."""
    seen = dict.fromkeys(nodes)
    ring = list(seen)
    for _ in range(hops + 1):
        if not ring:
            return
        yield ring
        ring = _next(ring, seen, view)


def _next(ring: Sequence[NodeId], seen: dict[NodeId, None], view: View) -> list[NodeId]:
    found: list[NodeId] = []
    for node in ring:
        for other in view.neighbours(node):
            if len(seen) >= MOST_NODES:
                return found
            if other not in seen:
                seen[other] = None
                found.append(other)
    return found
