"""Which nodes are worth a look by themselves: sick ones, and memories. Kept while facts come and go, so that the few
among a hub's neighbours are found at once."""

from __future__ import annotations

import heapq
from collections.abc import Mapping

from ink_core.labels import Confidentiality
from knowledge_graph.facts import Fact, NodeId, NodeKind, Origin, kind_of
from knowledge_graph.retrieval.anomaly import anomaly
from knowledge_graph.view import View

REMEMBERED = frozenset((NodeKind.INCIDENT, NodeKind.CORRECTION, NodeKind.RUNBOOK, NodeKind.DECISION, NodeKind.ALERT))
"""Kinds of which few are about one thing, and each was told because it matters."""

_MEMORY = 0.05

Readers = tuple[Confidentiality, frozenset[str]]


class Notable:
    """Reasons are kept by who may know them: what a reader may not see is not notable to that reader."""

    def __init__(self) -> None:
        self._known: dict[Readers, dict[NodeId, dict[str, float]]] = {}
        self._origins: dict[Readers, Origin] = {}

    def said(self, fact: Fact) -> None:
        score = anomaly(fact) or (_MEMORY if kind_of(fact.subject) in REMEMBERED else 0.0)
        if not score:
            self.unsaid(fact)
            return
        readers = _readers(fact)
        self._origins.setdefault(readers, fact.origin)
        self._known.setdefault(readers, {}).setdefault(fact.subject, {})[fact.id] = score

    def unsaid(self, fact: Fact) -> None:
        """A fact with the same id may have been said to other readers."""
        nodes = self._known.get(_readers(fact))
        reasons = nodes.get(fact.subject) if nodes else None
        if nodes and reasons:
            reasons.pop(fact.id, None)
            if not reasons:
                del nodes[fact.subject]

    def seen(self, view: View) -> dict[NodeId, float]:
        """How notable nodes are by what the reader may see, from 0 to 1; nodes that are not at all are left out."""
        found: dict[NodeId, float] = {}
        for readers, nodes in self._known.items():
            if view.sees(self._origins[readers]):
                for node, reasons in nodes.items():
                    found[node] = max(found.get(node, 0.0), *reasons.values())
        return found


def worst(seen: Mapping[NodeId, float], limit: int) -> list[NodeId]:
    """The worst first, without what is only remembered."""
    scored = ((-score, node) for node, score in seen.items() if score > _MEMORY)
    return [node for _, node in heapq.nsmallest(limit, scored)]


def _readers(fact: Fact) -> Readers:
    return fact.origin.label.confidentiality, fact.origin.readers
