"""Sums of what only rises: the `COUNTERS`, which `Usage` and `JobSample` have in one order."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from operator import add, itemgetter

from joblens.collector.probes.probe import Usage
from joblens.records import COUNTERS

Totals = tuple[int, ...]
ZERO: Totals = (0,) * len(COUNTERS)
totals_of: Callable[[Usage], Totals] = itemgetter(*map(Usage._fields.index, COUNTERS))

Gauges = tuple[int, int, int, int]
"""Resident and swapped bytes, processes and threads."""
_GAUGES = ("rss_bytes", "swap_bytes", "processes", "threads")
_gauges_of: Callable[[Usage], Gauges] = itemgetter(*map(Usage._fields.index, _GAUGES))


def gauges_of(live: Sequence[Usage]) -> Gauges:
    if len(live) == 1:  # as nearly all are
        return _gauges_of(live[0])
    rss, swap, processes, threads = map(sum, zip((0, 0, 0, 0), *map(_gauges_of, live), strict=True))
    return rss, swap, processes, threads


def summed(a: Totals, b: Totals) -> Totals:
    return tuple(map(add, a, b))


def missing(kept: Totals, reached: Totals) -> Totals:
    """What must be added so that no counter is below what it had reached."""
    return tuple(max(before - now, 0) for now, before in zip(kept, reached, strict=True))
