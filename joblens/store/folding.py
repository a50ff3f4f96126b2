"""What is remembered of a job on one host: a fold over its rows that never grows with their number.

Rows are added in the order in which they were taken, any number at a time; one that comes after a later one is counted
and no more. A counter that falls means that the job ran there anew: what it had counted before stays in its totals.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise
from operator import add as plus
from operator import itemgetter
from typing import Any

from joblens.records import COUNTERS, GpuSample, JobInfo, JobSample, MarkKind, PowerSample, counters_of
from joblens.store import sketch
from joblens.store.metrics import METRICS, Metric
from joblens.store.sketch import Sketch

SUMMARISED = (
    "cpu_percent", "rss_bytes", "read_rate", "write_rate", "net_rx_rate", "net_tx_rate", "gpu_percent",
    "gpu_memory_bytes",
)  # fmt: skip
_OF_SAMPLES = tuple(METRICS[name] for name in SUMMARISED if METRICS[name].table == "samples")
_OF_CARDS = tuple(METRICS[name] for name in SUMMARISED if METRICS[name].table == "gpus")
_MAX_USERS = 3
_NO_COUNTS = (0,) * len(COUNTERS)


@dataclass(slots=True)
class Spread:
    """Of one figure: its sum over time and that time, its largest value, and how its values are spread."""

    total: float = 0.0
    seconds: float = 0.0
    largest: float = 0.0
    values: Sketch = field(default_factory=Counter[int])

    def add(self, values: Sequence[float], seconds: Sequence[float]) -> None:
        self.total += sum(value * each for value, each in zip(values, seconds, strict=True))
        self.seconds += sum(seconds)
        self.largest = max(self.largest, *values)
        sketch.add(self.values, values)


@dataclass(slots=True)
class HostFold:
    """A job on one host. `earlier` are the counters of runs before the present one, `now` rates of the last step."""

    host: str
    info: JobInfo | None = None
    samples: int = 0
    first_seen: float = 0.0
    last: JobSample | None = None
    earlier: tuple[int, ...] = _NO_COUNTS
    spreads: dict[str, Spread] = field(default_factory=dict[str, Spread])
    now: dict[str, float] = field(default_factory=dict[str, float])
    rss_peak_bytes: int = 0
    max_processes: int = 0
    max_threads: int = 0
    energy_uj: int | None = None
    gaps: int = 0

    @property
    def ended(self) -> bool:
        return self.last is not None and self.last.final

    @property
    def totals(self) -> tuple[int, ...]:
        return self.earlier if self.last is None else tuple(map(plus, self.earlier, counters_of(self.last)))

    def add(self, rows: Mapping[str, Sequence[Any]]) -> None:
        """The rows of this job in one or more batches of this host, by table of `Batch`."""
        for info in rows.get("jobs", ()):
            self.info = _told_again(self.info, info)
        self._add_samples(rows.get("samples", ()))
        self._add_cards(rows.get("gpus", ()))
        self._add_power(rows.get("power", ()))
        self.gaps += sum(mark.kind is MarkKind.GAP for mark in rows.get("marks", ()))

    def _add_samples(self, told: Sequence[JobSample]) -> None:
        known = self.last.time if self.last else 0.0
        rows = sorted((row for row in told if row.time > known), key=lambda row: row.time)
        self.samples += len(told)
        if not rows:
            return
        pairs = steps(rows, self.last, self.info)
        for metric in _OF_SAMPLES:
            values, seconds = rates(metric, pairs) if metric.counter else _gauge(metric, pairs)
            self._spread(metric.name, values, seconds)
            if metric.counter and values:
                self.now[metric.name] = values[-1]
        for before, row in pairwise([self.last, *rows]):
            if before is not None and row is not None and _fell(before, row):
                self.earlier = tuple(map(plus, self.earlier, counters_of(before)))
        started = self.info.started if self.info else rows[0].time
        self.first_seen = self.first_seen or min(rows[0].time, started)
        self.last = rows[-1]
        self.rss_peak_bytes = max(self.rss_peak_bytes, *(max(row.rss_peak_bytes, row.rss_bytes) for row in rows))
        self.max_processes = max(self.max_processes, *(row.processes for row in rows))
        self.max_threads = max(self.max_threads, *(row.threads for row in rows))

    def _spread(self, name: str, values: Sequence[float], seconds: Sequence[float]) -> None:
        if values:
            self.spreads.setdefault(name, Spread()).add(values, seconds)

    def _add_cards(self, rows: Sequence[GpuSample]) -> None:
        for metric in _OF_CARDS:
            at: defaultdict[float, list[float]] = defaultdict(list)
            for row in rows:
                if (value := getattr(row, metric.field)) is not None:
                    at[row.time].append(float(value))
            values = [sum(each) if metric.additive else sum(each) / len(each) for each in at.values()]
            self._spread(metric.name, values, [1.0] * len(values))

    def _add_power(self, rows: Sequence[PowerSample]) -> None:
        if rows:
            self.energy_uj = max(self.energy_uj or 0, rows[-1].energy_uj)


Step = tuple[JobSample | None, JobSample, float]
"""The sample before (`None`: counters began at 0 since), a sample, and the seconds between: 0 where nobody knows."""
_NO_WEIGHT = 1e-6  # of a gauge whose time is unknown: it decides the mean only where there is no other


def _told_again(old: JobInfo | None, new: JobInfo) -> JobInfo:
    """A job that is told to be of another user has both from then on, and so is neither's."""
    if old is None or old.user == new.user or (old.uid == new.uid and old.user.isdecimal()):
        return new
    if old.uid == new.uid and new.user.isdecimal():  # the node did not find the name this time
        return replace(new, user=old.user)
    users = dict.fromkeys((*old.user.split(), new.user))
    return replace(new, user=" ".join(list(users)[:_MAX_USERS]))


def steps(rows: Iterable[JobSample], last: JobSample | None, info: JobInfo | None) -> list[Step]:
    """Each sample with what it is compared to. What the first one of an adopted job counts has no known beginning."""
    found: list[Step] = []
    for before, row in pairwise([last, *rows]):
        assert row is not None
        if before is not None and not _fell(before, row):
            found.append((before, row, max(0.0, row.time - before.time)))
        elif info is not None and not info.adopted:
            found.append((None, row, max(0.0, row.time - info.started)))
        else:
            found.append((None, row, 0.0))
    return found


def rates(metric: Metric, pairs: Sequence[Step]) -> tuple[list[float], list[float]]:
    """Of a counter: its rate in each step that took time, and the seconds."""
    count = field_of(metric)
    timed = [step for step in pairs if step[2] > 0]
    values = [
        max(0, count(after) - (count(before) if before else 0)) / seconds * metric.scale
        for before, after, seconds in timed
    ]
    return values, [seconds for _, _, seconds in timed]


def _gauge(metric: Metric, pairs: Sequence[Step]) -> tuple[list[float], list[float]]:
    """Values and weights; of a job that has ended there is nothing left to measure."""
    value = field_of(metric)
    living = [(value(row), seconds or _NO_WEIGHT) for _, row, seconds in pairs if not row.final]
    return [each for each, _ in living], [seconds for _, seconds in living]


def field_of(metric: Metric) -> Callable[[Any], Any]:
    """Reads a row's field by its place, which is twice as fast as by its name."""
    return itemgetter(JobSample._fields.index(metric.field))


def _fell(before: JobSample, after: JobSample) -> bool:
    return after.cpu_ns < before.cpu_ns or after.rchar < before.rchar
