"""How much a fact counts for its age: from 1, of now, down to a floor. What does not change fast does not age here."""

from __future__ import annotations

from knowledge_graph.facts import Fact, Layer
from knowledge_graph.view import View

HALF_LIFE_S = 3600.0
FLOOR = 0.3


def freshness(fact: Fact, view: View) -> float:
    if fact.origin.layer is not Layer.RUNTIME:
        return 1.0
    return max(FLOOR, 0.5 ** (view.age_s(fact) / HALF_LIFE_S))
