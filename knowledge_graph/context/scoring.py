"""How much a fact is worth to a question: how near its node is, and whether it says what the question asks. Pure."""

from __future__ import annotations

import heapq
import math
from collections.abc import Iterator
from dataclasses import dataclass

from knowledge_graph.facts import Attribute, Edge, Fact, NodeId, kind_of
from knowledge_graph.retrieval.anomaly import anomaly
from knowledge_graph.retrieval.asking import Asked
from knowledge_graph.retrieval.finding import Found
from knowledge_graph.retrieval.freshness import freshness
from knowledge_graph.view import View
from knowledge_graph.words import words

MAX_NODES = 80

_ASKED = 1.0
_CORE = 0.5
_OTHER = 0.12
_EDGE = 0.25
_WORD = 0.3
_KIND = 1.5
_CORE_NAMES = frozenset(("state", "reason", "title", "text", "severity", "message", "summary"))


@dataclass(frozen=True, slots=True)
class Scored:
    fact: Fact
    score: float


def scored(found: Found, view: View) -> list[Scored]:
    """Facts of the nodes that are nearest, best first; equal ones in the order of their ids."""
    share = found.near.share
    nearest = heapq.nsmallest(MAX_NODES, share, key=lambda node: (-share[node], node))
    facts = [
        Scored(fact, score) for node in nearest for fact in view.facts(node) if (score := _score(fact, found, view)) > 0
    ]
    return sorted(facts, key=lambda one: (-one.score, one.fact.id))


def _score(fact: Fact, found: Found, view: View) -> float:
    trust = fact.origin.confidence * freshness(fact.origin, view.now)
    near = found.near.share.get(fact.subject, 0.0)
    if isinstance(fact, Attribute):
        kind = _KIND if kind_of(fact.subject) in found.asked.kinds else 1.0
        return near * kind * trust * (_attribute(fact, found.asked) + anomaly(fact))
    other = found.near.share.get(fact.target, 0.0)
    return math.sqrt(near * other) * trust * _edge(fact, found)


def _attribute(fact: Attribute, asked: Asked) -> float:
    wanted = _ASKED if fact.name in asked.attributes else _CORE if fact.name in _CORE_NAMES else _OTHER
    said = sum(1 for word in frozenset(words(fact.name)) if word in asked.words)
    return wanted + _WORD * said


def _edge(edge: Edge, found: Found) -> float:
    return _ASKED if edge.relation in found.asked.relations else _EDGE


def reason(fact: Fact, found: Found) -> str:
    """What led to a fact: from its node back to where the walk began, and what led there."""
    return " ← ".join(_path(fact.subject, found))


def _path(node: NodeId, found: Found) -> Iterator[str]:
    """From the node back to where the walk began."""
    seen: set[NodeId] = set()
    while node not in found.seeds and node not in seen:
        seen.add(node)
        yield f"next to {found.near.via[node]}"
        node = found.near.via[node]
    yield found.seeds.get(node, "near")
