"""From samples to the points of a series: buckets of equal width, first of each source, then over all of them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise
from typing import Any, NamedTuple

from ink_core.errors import BadInput
from joblens.records import GpuSample, JobInfo, JobSample, PowerSample
from joblens.store.folding import field_of, rates, steps
from joblens.store.metrics import Metric
from joblens.store.trace_store import Point

MAX_POINTS = 10_000


class Window(NamedTuple):
    """`points` buckets over [`start`, `end`]."""

    start: float
    end: float
    points: int

    @property
    def width(self) -> float:
        return (self.end - self.start) / self.points


def window(start: float, end: float, points: int) -> Window:
    """Raises `BadInput`."""
    if not start < end or not 0 < points <= MAX_POINTS:
        raise BadInput(f"A series needs a start before its end, and 1 to {MAX_POINTS} points.")
    return Window(start, end, points)


Value = tuple[float, float]
"""Time and figure."""


def values(metric: Metric, rows: Mapping[str, Sequence[Any]], info: JobInfo | None) -> list[list[Value]]:
    """The figures of a job on one host, one list for each source: the host, or a card of it."""
    if metric.table == "gpus":
        return _of_cards(metric, rows.get("gpus", ()))
    if metric.table == "power":
        return [_of_power(metric, rows.get("power", ()))]
    samples: Sequence[JobSample] = sorted(rows.get("samples", ()), key=lambda row: row.time)
    if metric.counter:
        pairs = [step for step in steps(samples, None, info) if step[2] > 0]
        return [list(zip((after.time for _, after, _ in pairs), rates(metric, pairs)[0], strict=True))]
    value = field_of(metric)
    return [[(row.time, value(row) * metric.scale) for row in samples if not row.final]]


def _of_cards(metric: Metric, rows: Iterable[GpuSample]) -> list[list[Value]]:
    cards: defaultdict[tuple[str, str], list[Value]] = defaultdict(list)
    for row in rows:
        if (value := getattr(row, metric.field)) is not None:
            cards[row.uuid, row.mig].append((row.time, value * metric.scale))
    return list(cards.values())


def _of_power(metric: Metric, rows: Sequence[PowerSample]) -> list[Value]:
    return [
        (after.time, max(0, after.energy_uj - before.energy_uj) / (after.time - before.time) * metric.scale)
        for before, after in pairwise(rows)
        if after.time > before.time
    ]


def points(metric: Metric, sources: Iterable[Sequence[Value]], over: Window) -> list[Point]:
    """Buckets without a sample are left out. Of several sources an additive figure is the sum: its `min` and `max` are
    then the sums of theirs, which bound what all had together at one moment."""
    buckets: defaultdict[int, list[Point]] = defaultdict(list)
    for source in sources:
        for number, point in _buckets(source, over).items():
            buckets[number].append(point)
    return [_together(metric, buckets[number]) for number in sorted(buckets)]


def _buckets(source: Iterable[Value], over: Window) -> dict[int, Point]:
    held: defaultdict[int, list[float]] = defaultdict(list)
    for time, value in source:
        if over.start <= time <= over.end:
            held[min(int((time - over.start) / over.width), over.points - 1)].append(value)
    return {
        number: Point(over.start + number * over.width, min(each), sum(each) / len(each), max(each), len(each))
        for number, each in held.items()
    }


def _together(metric: Metric, found: Sequence[Point]) -> Point:
    share = 1 if metric.additive else len(found)
    low, mean, high = (sum(point[place] for point in found) / share for place in (1, 2, 3))
    return Point(found[0].time, low, mean, high, sum(point.samples for point in found))
