"""Equal names, short values and origins are kept once: a batch of facts arrives with a copy of them for each fact."""

from __future__ import annotations

from dataclasses import replace
from sys import intern

from knowledge_graph.facts import Attribute, Edge, Fact, Origin, Scalar

SHORT_CHARACTERS = 64


class Sharing:
    """For one batch. Its origins are values of its own, so that `marks` tells the facts that went through it."""

    def __init__(self) -> None:
        self._by_identity: dict[int, tuple[Origin, Origin]] = {}
        self._by_value: dict[Origin, Origin] = {}
        self._own = set[int]()

    def shared(self, fact: Fact) -> Fact:
        return shared(fact, self._origin(fact.origin))

    def marks(self, fact: Fact) -> bool:
        return id(fact.origin) in self._own

    def _origin(self, origin: Origin) -> Origin:
        # With the copy the given one is kept, or another could come to be where it was.
        known = self._by_identity.get(id(origin))
        if known is None:
            own = self._by_value.setdefault(origin, replace(origin, source=_interned(origin.source)))
            self._own.add(id(own))
            known = self._by_identity[id(origin)] = (origin, own)
        return known[1]


def shared(fact: Fact, origin: Origin) -> Fact:
    """The fact with this origin, its names and short values being those that everybody has."""
    if isinstance(fact, Attribute):
        return Attribute(_interned(fact.subject), _interned(fact.name), _value(fact.value), origin)
    return Edge(_interned(fact.subject), fact.relation, _interned(fact.target), origin)


def _value(value: Scalar) -> Scalar:
    if not isinstance(value, str):
        return value
    return _interned(value) if len(value) <= SHORT_CHARACTERS else str(value)


def _interned(text: str) -> str:
    return intern(str(text))  # a word of an enumeration becomes a plain text
