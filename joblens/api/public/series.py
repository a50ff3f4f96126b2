"""`/data/timeseries`: buckets of an interval, from the store's own series where it has the metric, else from records.

A metric that is none of ours is a path in raw records. Blocking.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from math import ceil
from typing import Any

from joblens.api.public.errors import BadQuery
from joblens.api.public.fields import collectors_with, path_of, value_at
from joblens.api.public.pages import RawQuery, raw_page
from joblens.api.public.times import Window, text_of, time_of
from joblens.store.trace_store import JobSummary, Point, TraceStore

MAX_BUCKETS = 10_000
MAX_HOSTS = 256
MAX_RECORDS = 100_000
PAGE = 10_000
BY = ("", "host", "collector")
_OF_STORE: Mapping[str, tuple[str, str, float]] = {
    "data.summary.cpuPercent": ("cpu_percent", "cpumem", 1.0),
    "data.summary.mem_rss_kb": ("rss_bytes", "cpumem", 1 / 1024),
    "data.summary.mem_peak_rss_kb": ("rss_peak_bytes", "cpumem", 1 / 1024),
    "data.summary.mem_swap_kb": ("swap_bytes", "cpumem", 1 / 1024),
    "data.summary.numThreads": ("threads", "cpumem", 1.0),
    "data.summary.read_speed": ("storage_read_rate", "io", 1.0),
    "data.summary.write_speed": ("storage_write_rate", "io", 1.0),
    "data.summary.send_rate": ("net_tx_rate", "net", 1.0),
    "data.summary.recv_rate": ("net_rx_rate", "net", 1.0),
    "data.summary.avg_sm_util": ("gpu_percent", "gpu", 1.0),
    "data.summary.avg_gpu_util": ("gpu_percent", "gpu", 1.0),
    "data.summary.avg_power_w": ("power_watts", "power", 1.0),
}
AGGREGATES: Mapping[str, Callable[[Point], float]] = {
    "avg": lambda point: point.avg,
    "max": lambda point: point.max,
    "min": lambda point: point.min,
    "sum": lambda point: point.avg * point.samples,
}


@dataclass(frozen=True)
class SeriesQuery:
    """`metrics` are aliases or paths. `window` begins and ends with a bucket."""

    metrics: Sequence[str]
    interval_s: float
    window: Window
    agg: str
    by: str

    @property
    def buckets(self) -> int:
        return round((self.window.end - self.window.start) / self.interval_s)


def series_query(metric: str, interval_s: float, window: Window, agg: str, by: str) -> SeriesQuery:
    """Raises `BadQuery`."""
    metrics = list(dict.fromkeys(word.strip() for word in metric.split(",") if word.strip()))
    if not 0 < len(metrics) <= 20:
        raise BadQuery("metric names 1 to 20 metrics, with commas between them")
    if agg not in AGGREGATES:
        raise BadQuery(f"agg is one of {', '.join(AGGREGATES)}")
    if by not in BY:
        raise BadQuery("by is host or collector")
    start = window.start // interval_s * interval_s
    buckets = ceil((window.end - start) / interval_s)
    if buckets > MAX_BUCKETS:
        raise BadQuery(f"these are {buckets} buckets, and at most {MAX_BUCKETS} are told; take a longer interval")
    return SeriesQuery(metrics, interval_s, Window(start, start + buckets * interval_s), agg, by)


def told_series(store: TraceStore, job: JobSummary, query: SeriesQuery) -> tuple[list[dict[str, Any]], dict[str, Any]]:
    """Records in the order of metric, label and time, and statistics of each metric over all its points."""
    records: list[dict[str, Any]] = []
    stats: dict[str, Any] = {}
    aggregate = AGGREGATES[query.agg]
    for metric in query.metrics:
        found = list(_labelled(store, job, query, metric))
        for label, points in found:
            for point in points:
                told = {"metric": metric, "label": label, "timestamp": text_of(point.time)}
                records.append(told | {"value": round(aggregate(point), 6)})
        stats[metric] = _statistics(list(chain.from_iterable(points for _, points in found)))
    return records, stats


def _statistics(points: Sequence[Point]) -> dict[str, float | None]:
    """Of what was sampled: null where nothing was."""
    samples = sum(point.samples for point in points)
    if not samples:
        return {"global_max": None, "global_min": None, "global_avg": None}
    return {
        "global_max": max(point.max for point in points),
        "global_min": min(point.min for point in points),
        "global_avg": sum(point.avg * point.samples for point in points) / samples,
    }


def _labelled(
    store: TraceStore, job: JobSummary, query: SeriesQuery, metric: str
) -> Iterator[tuple[str, Sequence[Point]]]:
    path = path_of(metric)
    hosts = sorted({info.host for info in job.infos})[:MAX_HOSTS] if query.by == "host" else [None]
    for host in hosts:
        if path in _OF_STORE:
            name, collector, factor = _OF_STORE[path]
            yield _label(query, host, collector), _stored(store, job, query, name, factor, host)
        else:
            collectors = collectors_with(metric)
            for collector in collectors:
                points = _from_records(store, job, query, path, collector, host)
                if points or len(collectors) == 1:
                    yield _label(query, host, collector), points


def _label(query: SeriesQuery, host: str | None, collector: str) -> str:
    return collector if query.by == "collector" else host or ""


def _stored(
    store: TraceStore, job: JobSummary, query: SeriesQuery, name: str, factor: float, host: str | None
) -> Sequence[Point]:
    window = query.window
    points = store.timeseries(job.key, [name], start=window.start, end=window.end, points=query.buckets, host=host)[
        name
    ]
    return [
        Point(point.time, point.min * factor, point.avg * factor, point.max * factor, point.samples)
        for point in points
        if point.samples
    ]


def _from_records(
    store: TraceStore, job: JobSummary, query: SeriesQuery, path: str, collector: str, host: str | None
) -> Sequence[Point]:
    """Buckets of what records hold at a path. Raises `BadQuery` where they are too many to look at."""
    buckets: dict[int, list[float]] = {}
    wanted = RawQuery([collector], (), False, PAGE, query.window)
    cursor: str | None = None
    for _ in range(MAX_RECORDS // PAGE):
        page = raw_page(store, [job], wanted, cursor)
        for record in page.records:
            value = value_at(record, path)
            if isinstance(value, int | float) and host in (None, record["host"]):
                place = int((time_of(record["time"], 0) - query.window.start) // query.interval_s)
                buckets.setdefault(place, []).append(float(value))
        cursor = page.next_cursor
        if cursor is None:
            return [_point(query, place, values) for place, values in sorted(buckets.items())]
    raise BadQuery(f"these are more than {MAX_RECORDS} records; take a shorter window or a metric with an alias")


def _point(query: SeriesQuery, place: int, values: Sequence[float]) -> Point:
    time = query.window.start + place * query.interval_s
    return Point(time, min(values), sum(values) / len(values), max(values), len(values))
