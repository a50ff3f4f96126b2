"""Which nodes have an anomaly: kept while facts come and go, so that a hub's few sick neighbours are found at once."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from knowledge_graph.facts import Fact, NodeId, Origin
from knowledge_graph.retrieval.anomaly import anomaly
from knowledge_graph.view import View


class Notable:
    """Every anomaly is kept with its origin: what a reader may not see is not notable to that reader."""

    def __init__(self) -> None:
        self._of: dict[NodeId, dict[str, tuple[float, Origin]]] = {}

    def said(self, fact: Fact) -> None:
        score = anomaly(fact)
        if score:
            self._of.setdefault(fact.subject, {})[fact.id] = (score, fact.origin)
        else:
            self.unsaid(fact)

    def unsaid(self, fact: Fact) -> None:
        known = self._of.get(fact.subject)
        if known is not None:
            known.pop(fact.id, None)
            if not known:
                del self._of[fact.subject]

    def among(self, nodes: Collection[NodeId], view: View) -> Iterator[tuple[NodeId, float]]:
        """Those with an anomaly that the reader may see, and how bad it is; in no order that means anything."""
        sick = self._of.keys() & nodes if len(nodes) > len(self._of) else [node for node in nodes if node in self._of]
        for node in sick:
            if score := max((score for score, origin in self._of[node].values() if view.sees(origin)), default=0.0):
                yield node, score

    def worst(self, view: View, limit: int) -> list[NodeId]:
        """Of all nodes, the worst first."""
        scored = sorted((-score, node) for node, score in self.among(self._of.keys(), view))
        return [node for _, node in scored[:limit]]
