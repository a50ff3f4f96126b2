"""How much a fact is worth to a question: how near its node is, and whether it says what the question asks. Pure."""

from __future__ import annotations

import heapq
import math
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from knowledge_graph.facts import Attribute, Edge, Fact, Layer, NodeId, kind_of
from knowledge_graph.retrieval.anomaly import anomaly, is_normal
from knowledge_graph.retrieval.asking import Asked
from knowledge_graph.retrieval.finding import Found
from knowledge_graph.retrieval.freshness import freshness
from knowledge_graph.view import View
from knowledge_graph.words import words

MAX_NODES = 80
MAX_READ = 4_000

_ASKED = 1.0
_CORE = 0.5
_OTHER = 0.12
_EDGE = 0.25
_WORD = 0.3
_HINT = 0.3
_VALUE = 0.5
_DULL = 0.3
_MEANT = 2.0
_AGAIN = 0.7
_KIND = 1.5
_CORE_NAMES = frozenset(
    ("state", "reason", "title", "text", "severity", "message", "summary", "state_reason", "problem")
)


@dataclass(frozen=True, slots=True)
class Scored:
    fact: Fact
    score: float


def scored(found: Found, view: View) -> list[Scored]:
    """Facts of the nodes that are nearest, best first; equal ones in the order of their ids."""
    share = found.near.share
    nearest = heapq.nsmallest(MAX_NODES, share, key=lambda node: (-share[node], node))
    facts = (fact for node in nearest for fact in view.facts(node))
    best_first = _best_first(Scored(fact, _score(fact, found, view)) for fact in facts)
    return _best_first(_without_repetition(best_first, found.asked))


def _best_first(facts: Iterable[Scored]) -> list[Scored]:
    return sorted(facts, key=lambda one: (-one.score, one.fact.id))


def _without_repetition(best_first: Iterable[Scored], asked: Asked) -> Iterator[Scored]:
    """What has been said of another node of the kind is news the less, the more often it was said; unless asked for."""
    said = Counter[tuple[str, str, str]]()
    for one in best_first:
        fact = one.fact
        name, value = (fact.name, str(fact.value)) if isinstance(fact, Attribute) else (fact.relation, fact.target)
        statement = (kind_of(fact.subject), name, value)
        yield one if value.lower() in asked.values else Scored(fact, one.score * _AGAIN ** min(said[statement], 9))
        said[statement] += 1


def _score(fact: Fact, found: Found, view: View) -> float:
    trust = fact.origin.confidence * freshness(fact, view)
    near = found.near.share.get(fact.subject, 0.0)
    if isinstance(fact, Attribute):
        return near * trust * _attribute(fact, found)
    other = found.near.share.get(fact.target, 0.0)
    return (near + math.sqrt(near * other)) / 2 * trust * _edge(fact, found.asked)


def _attribute(fact: Attribute, found: Found) -> float:
    asked, written = found.asked, _is_written(fact)
    unasked = _CORE if written or fact.name in _CORE_NAMES else _OTHER
    worth = _ASKED if asked.wants(fact.name) else unasked
    worth += _named(fact, asked) + (_coverage(fact, asked) if written and fact.subject in found.seeds else 0.0)
    worth += anomaly(fact) if asked.trouble else 0.0
    worth *= _MEANT if worth >= _CORE and fact.subject in found.named else 1.0
    kind = _KIND if kind_of(fact.subject) in asked.kinds else 1.0
    return worth * kind * (_DULL if is_normal(fact) and fact.subject not in found.seeds else 1.0)


def _named(fact: Attribute, asked: Asked) -> float:
    """Whether the question says the name of the attribute or its value."""
    called = frozenset(words(fact.name))
    value = _VALUE if asked.values and str(fact.value).lower() in asked.values else 0.0
    return value + _WORD * len(called & asked.words) + _HINT * len(called & asked.hints)


def _coverage(fact: Attribute, asked: Asked) -> float:
    """The share of the question's words that a text has."""
    said = asked.words.intersection(words(str(fact.value)[:MAX_READ]))
    return len(said) / max(len(asked.words), 1)


def _edge(edge: Edge, asked: Asked) -> float:
    return (_ASKED if edge.relation in asked.relations else _EDGE) * (_DULL if _is_written(edge) else 1.0)


def _is_written(fact: Fact) -> bool:
    return fact.origin.layer in (Layer.SEMANTICS, Layer.MEMORY)


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
