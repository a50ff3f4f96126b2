"""How much a memory still counts: its confidence halves with its age, unless use confirms it. Pure."""

from __future__ import annotations

from datetime import datetime, timedelta

HALF_LIFE = timedelta(days=90)


def confidence(last_confirmed: datetime, now: datetime, half_life: timedelta = HALF_LIFE) -> float:
    """From 1 at the time when it was said, or last proved right, to 0; never above 1, also for a clock set back."""
    age = max(now - last_confirmed, timedelta())
    return 0.5 ** (age / half_life)
