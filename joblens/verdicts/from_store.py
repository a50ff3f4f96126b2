"""The verdict on a job of the store."""

from __future__ import annotations

from dataclasses import replace

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


def judge_job(store: TraceStore, key: JobKey, request: Request | None = None, limits: Limits | None = None) -> Verdict:
    """`request` takes the place of what the collector learnt of it. Blocks; raises `JobNotRecorded`, `StoreAway`."""
    limits = limits or Limits()
    return judge(figures(store, key, limits, request), limits)


def figures(store: TraceStore, key: JobKey, limits: Limits, request: Request | None = None) -> Figures:
    summary = store.summary(key)
    end = max(summary.last_seen, summary.first_seen + 1)
    series = store.timeseries(key, SERIES, start=summary.first_seen, end=end, points=POINTS)
    files = file_figures(store.files(key, limit=FILES))
    if stands_out(files, limits):  # only then, since who else reads it is asked of all jobs of the cluster
        hot = store.hot_files(key.cluster, since=summary.first_seen, limit=HOT_FILES)
        jobs = next((jobs for path, jobs, _ in hot if path == files.hottest), 1)
        files = replace(files, hottest_jobs=jobs)
    return figures_of(summary, series, files, request, unseen=() if files.count else ("files",))
