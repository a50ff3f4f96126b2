"""What happens to the global model: facts are said and unsaid. Whoever keeps a view of it is told of each change."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from knowledge_graph.facts import Fact, Origin


@dataclass(frozen=True, slots=True)
class Said:
    """This holds now; it takes the place of the fact with the same id."""

    fact: Fact


@dataclass(frozen=True, slots=True)
class Unsaid:
    """This fact no longer holds: its source does not say it any more, or it has expired."""

    fact: Fact

    @property
    def fact_id(self) -> str:
        return self.fact.id


@dataclass(frozen=True, slots=True)
class Renewed:
    """All facts of the origin `before` were said again and only their times are others: `after` is their origin now.

    Both are of one source. A view that keeps no times need not look at it.
    """

    before: Origin
    after: Origin


Change = Said | Unsaid | Renewed


@dataclass(frozen=True, slots=True)
class Observation:
    """All that one source says now: what it said before and this does not hold is unsaid."""

    source: str
    facts: Sequence[Fact]
