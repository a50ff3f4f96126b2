"""The double of the store that is shipped: everything in memory, everything worked out anew when asked."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from itertools import chain

from joblens.errors import StoreAway
from joblens.records import Batch, FileSample, JobKey, Mark
from joblens.store import raw, series
from joblens.store.files import Figures, checked_order, hottest, latest
from joblens.store.folding import HostFold
from joblens.store.grouping import Rows, by_job, extend
from joblens.store.metrics import metric
from joblens.store.selection import matches
from joblens.store.summary import not_recorded, summarise
from joblens.store.trace_store import JobQuery, JobState, JobSummary, Page, Point, RawRecord


class MemoryStore:
    """`away` makes it refuse what is written, as a store that cannot be reached does."""

    def __init__(self, clock: Callable[[], float] = time.time) -> None:
        self.away = False
        self._clock = clock
        self._kept: set[tuple[str, int]] = set()
        self._heard: dict[str, float] = {}
        self._jobs: dict[JobKey, dict[str, Rows]] = {}

    def write(self, batches: Sequence[Batch]) -> None:
        if self.away:
            raise StoreAway("The store is away.")
        for batch in batches:
            if (batch.host, batch.sequence) not in self._kept:
                self._kept.add((batch.host, batch.sequence))
                self._heard[batch.host] = max(batch.time, self._heard.get(batch.host, 0.0))
                self._take(batch)

    def _take(self, batch: Batch) -> None:
        for key, rows in by_job(batch).items():
            extend(self._jobs.setdefault(key, {}).setdefault(batch.host, {}), rows)

    def jobs(self, query: JobQuery, *, limit: int, cursor: str | None = None) -> Page[JobSummary]:
        place = raw.place_of(cursor, (float, str, str))
        found = sorted((each for each in self._summaries() if matches(each, query)), key=_newest, reverse=True)
        behind = [each for each in found if place is None or _newest(each) < tuple(place)]
        shown = behind[: raw.checked_limit(limit)]
        more = raw.cursor_of(_newest(shown[-1])) if len(behind) > limit else None
        return Page(shown, more, len(found))

    def counts(self, query: JobQuery) -> dict[JobState, int]:
        found = [each.state for each in self._summaries() if matches(each, query)]
        return {state: found.count(state) for state in JobState}

    def summary(self, key: JobKey) -> JobSummary:
        folds: list[HostFold] = []
        for host, rows in self._hosts(key).items():
            folds.append(HostFold(host))
            folds[-1].add(rows)
        return summarise(key, folds, self._heard, self._clock())

    def _summaries(self) -> Iterator[JobSummary]:
        return map(self.summary, list(self._jobs))

    def _hosts(self, key: JobKey) -> dict[str, Rows]:
        if key not in self._jobs:
            raise not_recorded(key)
        return self._jobs[key]

    def timeseries(
        self, key: JobKey, metrics: Sequence[str], *, start: float, end: float, points: int, host: str | None = None
    ) -> dict[str, list[Point]]:
        over = series.window(start, end, points)
        hosts = [rows for name, rows in self._hosts(key).items() if host in (None, name)]
        infos = [rows["jobs"][-1] if "jobs" in rows else None for rows in hosts]
        return {
            name: series.points(
                metric(name),
                chain.from_iterable(series.values(metric(name), *each) for each in zip(hosts, infos, strict=True)),
                over,
            )
            for name in metrics
        }

    def raw(
        self,
        key: JobKey,
        *,
        start: float,
        end: float,
        collectors: Sequence[str] = (),
        limit: int = 100,
        cursor: str | None = None,
    ) -> Page[RawRecord]:
        raw.tables_of(collectors)
        found = (
            placed
            for host, rows in self._hosts(key).items()
            for placed in raw.records(key, host, rows, collectors)
            if start <= placed[0].time <= end
        )
        return raw.page(found, limit=raw.checked_limit(limit), after=raw.place(cursor))

    def files(self, key: JobKey, *, limit: int, order: str = "bytes") -> list[FileSample]:
        checked = checked_order(order)
        found = [latest(rows.get("files", ())).values() for rows in self._hosts(key).values()]
        return sorted(chain.from_iterable(found), key=checked)[: raw.checked_limit(limit)]

    def marks(self, key: JobKey) -> list[Mark]:
        found = chain.from_iterable(rows.get("marks", ()) for rows in self._hosts(key).values())
        return sorted(found, key=lambda mark: mark.time)

    def hot_files(self, cluster: str, *, since: float, limit: int) -> list[tuple[str, int, int]]:
        recent = [each.key for each in self._summaries() if each.key.cluster == cluster and each.last_seen >= since]
        figures: list[Figures] = [
            (key, sample)
            for key in recent
            for rows in self._jobs[key].values()
            for sample in latest(rows.get("files", ())).values()
        ]
        return hottest(figures)[: raw.checked_limit(limit)]

    def expire(self, before: float) -> int:
        old = [each.key for each in self._summaries() if each.state is not JobState.RUNNING and each.last_seen < before]
        for key in old:
            del self._jobs[key]
        return len(old)

    def close(self) -> None:
        """There is nothing to close."""


def _newest(summary: JobSummary) -> tuple[float, str, str]:
    return (summary.first_seen, summary.key.cluster, summary.key.job)
