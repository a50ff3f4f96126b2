"""The same engine over what the store holds: what rules would have done, without doing it.

Figures come from the store's series, so that a bucket stands for all samples in it; files come as they were at the end
of each job, and their rules fire there at the earliest.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from heapq import merge
from math import inf

from ink_core.errors import DeadlineExceeded
from joblens.records import JobInfo
from joblens.rules.engine import RuleEngine
from joblens.rules.events import Event, Instruction, Measured, Tick
from joblens.rules.rule_set import RuleSet
from joblens.store.metrics import METRICS
from joblens.store.trace_store import JobQuery, JobSummary, TraceStore

STORAGE = frozenset({"storage_read_rate", "storage_write_rate"})
SHORTEST_BUCKET_S = 1.0
MAX_POINTS = 2_000
PAGE = 200
FILES = 2_000
TICK_S = 30.0
ALL_HOSTS = "all"


@dataclass(frozen=True, slots=True)
class Backtest:
    """`jobs` were looked at, and `more` of the same time were not."""

    jobs: int
    more: bool
    instructions: tuple[Instruction, ...]

    def fired(self) -> Counter[str]:
        """How often each rule did."""
        moments = {(each.fired.rule, each.fired.key, each.fired.time) for each in self.instructions}
        return Counter(rule for rule, _key, _time in moments)

    def count(self, kind: type[Instruction]) -> int:
        return sum(isinstance(each, kind) for each in self.instructions)


def backtest(
    store: TraceStore, rules: RuleSet, query: JobQuery, *, max_jobs: int = 1000, deadline_s: float = inf
) -> Backtest:
    """Blocks. Raises `StoreAway`, or `DeadlineExceeded` instead of going on for longer."""
    until = time.monotonic() + deadline_s
    jobs, more = _jobs(store, query, max_jobs)
    engine = RuleEngine(rules.model_copy(update={"dry_run": True}))
    metrics = _stored(rules)
    courses = [_course(store, job, number, metrics) for number, job in enumerate(jobs, start=1)]
    events = _in_time(merge(*courses, _ticks(jobs)), until)
    told = (instruction for _, _, event in events for instruction in engine.handle(event))
    return Backtest(len(jobs), more, tuple(told))


def _stored(rules: RuleSet) -> list[str]:
    """The metrics of the store that the rules' figures are made of."""
    named = rules.metrics()
    return [name for name in METRICS if name in named or (name in STORAGE and "storage_rate" in named)]


def _jobs(store: TraceStore, query: JobQuery, most: int) -> tuple[list[JobSummary], bool]:
    found: list[JobSummary] = []
    cursor: str | None = None
    while len(found) < most:
        page = store.jobs(query, limit=min(PAGE, most - len(found)), cursor=cursor)
        found += page.rows
        cursor = page.next_cursor
        if cursor is None:
            break
    return found, cursor is not None


Timed = tuple[float, int, Event]
"""With a number that is different for each, so that events themselves are never compared."""


def _in_time(events: Iterable[Timed], until: float) -> Iterator[Timed]:
    for event in events:
        if time.monotonic() > until:
            raise DeadlineExceeded("the rules could not be tried in time: try them on fewer days, or on fewer jobs")
        yield event


def _course(store: TraceStore, job: JobSummary, number: int, metrics: list[str]) -> Iterator[Timed]:
    """The events of one job in time."""
    first, last = job.first_seen, max(job.last_seen, job.first_seen + SHORTEST_BUCKET_S)
    for info in _one_of_all(job):
        yield first, number, info
    points = min(MAX_POINTS, max(1, int((last - first) / SHORTEST_BUCKET_S)))
    figures: dict[float, dict[str, float]] = {}
    for metric, series in store.timeseries(job.key, metrics, start=first, end=last, points=points).items():
        for point in series:
            figures.setdefault(point.time, {})[metric] = point.avg
    for moment in sorted(figures):
        yield moment, number, Measured(job.key, ALL_HOSTS, moment, figures[moment], False)
    for file in store.files(job.key, limit=FILES):
        yield last, number, file
    yield last, number, Measured(job.key, ALL_HOSTS, last, {}, False)
    yield last, number, Measured(job.key, ALL_HOSTS, last, {}, True)


def _one_of_all(job: JobSummary) -> Iterator[JobInfo]:
    """Series are of all hosts together, and so is what was requested."""
    if job.infos:
        whole = all(info.cpus and info.memory_bytes for info in job.infos)
        cpus = sum(info.cpus or 0 for info in job.infos) if whole else job.infos[0].cpus
        memory = sum(info.memory_bytes or 0 for info in job.infos) if whole else job.infos[0].memory_bytes
        yield replace(job.infos[0], host=ALL_HOSTS, cpus=cpus, memory_bytes=memory)


def _ticks(jobs: list[JobSummary]) -> Iterator[Timed]:
    if not jobs:
        return
    moment, end = min(job.first_seen for job in jobs), max(job.last_seen for job in jobs)
    while moment < end:
        yield moment, 0, Tick(moment)
        moment += TICK_S
