"""Sums of what only rises: the thirteen counters that `Usage` and `JobSample` have in one order."""

from __future__ import annotations

from operator import add

from joblens.collector.probe import Usage
from joblens.records import JobSample

Totals = tuple[int, ...]
ZERO: Totals = (0,) * 13


def totals_of(usage: Usage) -> Totals:
    return usage[1:14]


def totals_of_sample(sample: JobSample) -> Totals:
    return sample[2:15]


def summed(a: Totals, b: Totals) -> Totals:
    return tuple(map(add, a, b))


def missing(kept: Totals, reached: Totals) -> Totals:
    """What must be added so that no counter is below what it had reached."""
    return tuple(max(before - now, 0) for now, before in zip(kept, reached, strict=True))
