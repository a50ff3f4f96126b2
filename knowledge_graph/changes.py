"""What happens to the global model: facts are said and unsaid. Whoever keeps a view of it is told of each change."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from knowledge_graph.facts import Fact


@dataclass(frozen=True, slots=True)
class Said:
    """This holds now; it takes the place of the fact with the same id."""

    fact: Fact


@dataclass(frozen=True, slots=True)
class Unsaid:
    """This fact, by its id, no longer holds: its source does not say it any more, or it has expired."""

    fact_id: str


Change = Said | Unsaid


@dataclass(frozen=True, slots=True)
class Observation:
    """All that one source says now: what it said before and this does not hold is unsaid."""

    source: str
    facts: Sequence[Fact]
