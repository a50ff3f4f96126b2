"""Sums of what only rises: the `COUNTERS`, which `Usage` and `JobSample` have in one order."""

from __future__ import annotations

from collections.abc import Callable
from operator import add, itemgetter

from joblens.collector.probes.probe import Usage
from joblens.records import COUNTERS

Totals = tuple[int, ...]
ZERO: Totals = (0,) * len(COUNTERS)
totals_of: Callable[[Usage], Totals] = itemgetter(*map(Usage._fields.index, COUNTERS))


def summed(a: Totals, b: Totals) -> Totals:
    return tuple(map(add, a, b))


def missing(kept: Totals, reached: Totals) -> Totals:
    """What must be added so that no counter is below what it had reached."""
    return tuple(max(before - now, 0) for now, before in zip(kept, reached, strict=True))
