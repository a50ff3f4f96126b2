"""What is known of one thing, and what it is connected with, as one reader may see it. Pure.

Where sources say different things of an attribute, all of them are told, each with its time.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from knowledge_graph.facts import Attribute, Edge, Fact, NodeId, Scalar
from knowledge_graph.view import View

MOST_FACTS = 100
_TITLES = ("title", "name", "reason", "state")


@dataclass(frozen=True)
class Description:
    """`facts` in the order of their ids, at most `MOST_FACTS`; `disputed` are attributes that sources disagree on."""

    node: NodeId
    facts: Sequence[Fact]
    more: int
    disputed: Sequence[str]


@dataclass(frozen=True)
class Neighbour:
    """`outward`: the relation is read from the node that was asked for. `title` is one telling value, or ''."""

    node: NodeId
    relation: str
    outward: bool
    title: Scalar


def describe(node: NodeId, view: View) -> Description:
    facts = view.facts(node)
    return Description(node, facts[:MOST_FACTS], max(len(facts) - MOST_FACTS, 0), disputed(facts))


def disputed(facts: Iterable[Fact]) -> Sequence[str]:
    """Attributes of one node for which its sources tell more than one value."""
    values = defaultdict[str, set[Scalar]](set)
    for fact in facts:
        if isinstance(fact, Attribute):
            values[fact.name].add(fact.value)
    return sorted(name for name, said in values.items() if len(said) > 1)


def neighbourhood(node: NodeId, view: View, limit: int) -> Sequence[Neighbour]:
    """At most `limit`, in the order of the model."""
    return tuple(islice(_neighbours(node, view), limit))


def _neighbours(node: NodeId, view: View) -> Iterator[Neighbour]:
    for other in view.neighbours(node):
        for edge in _relations(view.edges(node, other)):
            yield Neighbour(other, edge.relation.value, edge.subject == node, _title(other, view))


def _relations(edges: Iterable[Edge]) -> Iterable[Edge]:
    """Each relation once, whoever says it."""
    return {(edge.subject, edge.relation): edge for edge in edges}.values()


def _title(node: NodeId, view: View) -> Scalar:
    said = {fact.name: fact.value for fact in view.facts(node) if isinstance(fact, Attribute)}
    return next((said[name] for name in _TITLES if name in said), "")
