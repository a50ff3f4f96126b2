"""The verdict on a job of the store."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from math import inf

from joblens.records import JobKey
from joblens.store.trace_store import TraceStore
from joblens.verdicts.figures import SERIES, Figures, Request, figures_of, file_figures
from joblens.verdicts.io import stands_out
from joblens.verdicts.judge import judge
from joblens.verdicts.limits import Limits
from joblens.verdicts.verdict import Verdict

POINTS = 100
FILES = 5_000
HOT_FILES = 100
HOUR_S = 3600.0
MOST_KNOWN = 200


Hot = Callable[[str, float], Sequence[tuple[str, int, int]]]
"""Path, jobs and bytes read of the files that most jobs of a cluster read since a time."""


def judge_job(
    store: TraceStore,
    key: JobKey,
    request: Request | None = None,
    limits: Limits | None = None,
    hot_files: Hot | None = None,
) -> Verdict:
    """`request` takes the place of what the collector learnt of it, `hot_files` that of asking the store for them.

    Blocks; raises `JobNotRecorded`, `StoreAway`."""
    limits = limits or Limits()
    return judge(figures(store, key, limits, request, hot_files), limits)


def figures(
    store: TraceStore, key: JobKey, limits: Limits, request: Request | None = None, hot_files: Hot | None = None
) -> Figures:
    summary = store.summary(key)
    end = max(summary.last_seen, summary.first_seen + 1)
    series = store.timeseries(key, SERIES, start=summary.first_seen, end=end, points=POINTS)
    files = file_figures(store.files(key, limit=FILES))
    if stands_out(files, limits):  # only then, since who else reads it is asked of all jobs of the cluster
        hot = (hot_files or hottest_of(store))(key.cluster, summary.first_seen)
        jobs = next((jobs for path, jobs, _ in hot if path == files.hottest), 1)
        files = replace(files, hottest_jobs=jobs)
    return figures_of(summary, series, files, request, unseen=() if files.count else ("files",))


def hottest_of(store: TraceStore) -> Hot:
    return lambda cluster, since: store.hot_files(cluster, since=since, limit=HOT_FILES)


class SometimesAsked:
    """The same for all jobs that began in one hour, asked of the store again after `again_after_s`.

    To look at every file of a cluster for each of its jobs would keep a store busy with nothing else. Who asks while
    another thread does waits for its answer."""

    def __init__(self, now: Callable[[], float] = time.monotonic, again_after_s: float = 600.0) -> None:
        self._now, self._again_after_s = now, again_after_s
        self._one_at_a_time = threading.Lock()
        self._known: dict[tuple[str, float], tuple[float, Sequence[tuple[str, int, int]]]] = {}

    def of(self, ask: Hot) -> Hot:
        def asked(cluster: str, since: float) -> Sequence[tuple[str, int, int]]:
            with self._one_at_a_time:
                return self._of(ask, cluster, since // HOUR_S * HOUR_S)

        return asked

    def _of(self, ask: Hot, cluster: str, hour: float) -> Sequence[tuple[str, int, int]]:
        asked, found = self._known.pop((cluster, hour), (-inf, ()))
        if asked + self._again_after_s <= self._now():
            asked, found = self._now(), ask(cluster, hour)
        self._known[cluster, hour] = (asked, found)
        while len(self._known) > MOST_KNOWN:
            del self._known[next(iter(self._known))]
        return found
