"""How much a fact counts for its age: from 1, of now, down to a floor. What does not change fast does not age here."""

from __future__ import annotations

from datetime import datetime

from knowledge_graph.facts import Layer, Origin

HALF_LIFE_S = 3600.0
FLOOR = 0.3


def freshness(origin: Origin, now: datetime) -> float:
    if origin.layer is not Layer.RUNTIME:
        return 1.0
    return max(FLOOR, 0.5 ** (age_s(origin, now) / HALF_LIFE_S))


def age_s(origin: Origin, now: datetime) -> float:
    """Seconds since it was observed; what lies ahead (clocks differ) is now."""
    return max(0.0, (now - origin.observed_at).total_seconds())
