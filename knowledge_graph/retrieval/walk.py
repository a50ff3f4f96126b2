"""How near nodes are to what a question names: local forward push, a personalised PageRank around the seeds only.

Andersen, Chung, Lang, "Local Graph Partitioning using PageRank Vectors", FOCS 2006; here the node with most left is
pushed first, and the work is bounded. Edges count more that the question asks for, that are fresh, and that lead to
something notable. A node passes on to what it says it is connected with; of what is connected with it, which may be ten
thousand jobs, to what is notable or was found by the question's words.
"""

from __future__ import annotations

import heapq
from bisect import bisect_left
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice

from knowledge_graph.facts import Edge, NodeId, NodeKind, kind_of
from knowledge_graph.retrieval.anomaly import worst
from knowledge_graph.retrieval.asking import Asked
from knowledge_graph.retrieval.freshness import freshness
from knowledge_graph.retrieval.notable import REMEMBERED
from knowledge_graph.view import View

RESTART = 0.3
MAX_PUSHES = 32
FAN = 20
"""Neighbours of one sort that a node passes on to."""
LEAST = 1e-3
EXAMPLES = 2
SEARCHED = 8
"""So many neighbours are passed over in the time in which one is looked for."""

_EVERYDAY = frozenset((NodeKind.JOB, NodeKind.SLOT))
_ASKED_RELATION = 3.0
_ASKED_KIND = 2.0
_NOTABLE = 4.0


@dataclass(frozen=True)
class Nearness:
    """`share` of the walk that ends at each node; `via` is the neighbour that most of it came from."""

    share: dict[NodeId, float] = field(default_factory=dict[NodeId, float])
    via: dict[NodeId, NodeId] = field(default_factory=dict[NodeId, NodeId])


@dataclass(frozen=True)
class Walk:
    view: View
    notable: Mapping[NodeId, float]
    asked: Asked
    named: Collection[NodeId]
    seeds: Mapping[NodeId, float]

    def run(self) -> Nearness:
        near, left = Nearness(), dict(self.seeds)
        passed_most: dict[NodeId, float] = {}
        parts: dict[NodeId, list[tuple[NodeId, float]]] = {}
        queue = [(-amount, node) for node, amount in left.items()]
        heapq.heapify(queue)
        for _ in range(MAX_PUSHES):
            node = _next(queue, left)
            if node is None:
                break
            amount = left.pop(node)
            near.share[node] = near.share.get(node, 0.0) + RESTART * amount
            if node not in parts:
                parts[node] = self._parts(node)
            for other, part in parts[node]:
                passed = (1 - RESTART) * amount * part
                left[other] = left.get(other, 0.0) + passed
                heapq.heappush(queue, (-left[other], other))
                if other not in self.seeds and passed > passed_most.get(other, 0.0):
                    passed_most[other], near.via[other] = passed, node
        for node, amount in left.items():
            near.share[node] = near.share.get(node, 0.0) + RESTART * amount
        return near

    def _parts(self, node: NodeId) -> list[tuple[NodeId, float]]:
        """How a node's share is passed on; where nothing takes it, it is lost."""
        weights = [(other, self._weight(node, other)) for other in self._chosen(node)]
        whole = sum(weight for _, weight in weights)
        return [(other, weight / whole) for other, weight in weights if weight]

    def _chosen(self, node: NodeId) -> Collection[NodeId]:
        """What a node says it is connected with; of those that say so of it, what draws the walk; `FAN` of each."""
        told = islice(dict.fromkeys(edge.target for edge in self._told(node)), FAN)
        drawn = islice(self.view.linked(node, self._drawn(node)), FAN)
        others = self._others(node) if node in self.named else ()
        return dict.fromkeys((*drawn, *told, *others))

    def _told(self, node: NodeId) -> list[Edge]:
        """Edges that begin at it, those first that the question asks for."""
        edges = (fact for fact in self.view.facts(node) if isinstance(fact, Edge))
        return sorted(edges, key=lambda edge: edge.relation not in self.asked.relations)

    def _drawn(self, node: NodeId) -> list[NodeId]:
        """Neighbours where the walk began, sick ones, and memories; the strongest first."""
        candidates = self.view.candidates(node)
        drawn = {other: self.notable[other] for other in _both(self.notable, candidates) if self._draws(other)}
        for other in self.seeds.keys() & candidates:
            drawn[other] = drawn.get(other, 0.0) + self.seeds[other]
        return self._few_alike(node, sorted(drawn, key=lambda other: (-drawn[other], other)))

    def _few_alike(self, node: NodeId, drawn: Sequence[NodeId]) -> list[NodeId]:
        """Some held jobs tell as much of a file system as all of them do, unless they are what is asked for."""
        asked = self.asked.kinds if node in self.named else frozenset[NodeKind]()
        kept, everyday = list[NodeId](), 0
        for other in drawn:
            if kind_of(other) in _EVERYDAY - asked:
                everyday += 1
            if kind_of(other) not in _EVERYDAY - asked or everyday <= EXAMPLES:
                kept.append(other)
        return kept

    def _draws(self, other: NodeId) -> bool:
        kind = kind_of(other)
        return self.asked.trouble or kind in self.asked.kinds or kind in REMEMBERED

    def _others(self, node: NodeId) -> Sequence[NodeId]:
        """Of what the question names, all neighbours; of a hub those of the kinds that it asks for.

        Where there are none of these, some by a relation that it asks for: of a file system, nodes that mount it.
        """
        wanted = tuple(f"{kind}:" for kind in self.asked.kinds)
        passed_over = tuple(f"{kind}:" for kind in _EVERYDAY - self.asked.kinds)
        candidates = [one for one in self.view.candidates(node) if not one.startswith(passed_over)]
        others = tuple(islice(self.view.linked(node, candidates), FAN + 1))
        if len(others) <= FAN:
            return others
        of_kind = tuple(islice(self.view.linked(node, (one for one in candidates if one.startswith(wanted))), FAN))
        return of_kind or [one for one in others[:FAN] if self._relates(node, one)]

    def _relates(self, node: NodeId, other: NodeId) -> bool:
        return any(edge.relation in self.asked.relations for edge in self.view.edges(node, other))

    def _weight(self, node: NodeId, other: NodeId) -> float:
        kind = _ASKED_KIND if other.partition(":")[0] in self.asked.kinds else 1.0
        drawn = 1.0 + (_NOTABLE * worst(self.view.facts(other)) if self.asked.trouble else 0.0)
        return kind * drawn * sum(self._of_edge(edge) for edge in self.view.edges(node, other))

    def _of_edge(self, edge: Edge) -> float:
        wanted = _ASKED_RELATION if edge.relation in self.asked.relations else 1.0
        return wanted * edge.origin.confidence * freshness(edge, self.view)


def _both(notable: Mapping[NodeId, float], candidates: Sequence[NodeId]) -> list[NodeId]:
    """Nodes in both; of a hub with very many neighbours, which stand in order, they are looked for one by one."""
    if len(candidates) < SEARCHED * len(notable):
        return [other for other in candidates if other in notable]
    places = ((bisect_left(candidates, other), other) for other in notable)
    return [other for place, other in places if place < len(candidates) and candidates[place] == other]


def _next(queue: list[tuple[float, NodeId]], left: Mapping[NodeId, float]) -> NodeId | None:
    """The node with most left; entries of the queue that are out of date are passed over."""
    while queue:
        amount, node = heapq.heappop(queue)
        if left.get(node) == -amount:
            return node if -amount >= LEAST else None
    return None
