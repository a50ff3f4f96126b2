"""Our stores under the workload: how much they take, how fast, and how soon they answer."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from bench.opensearch.server import Opensearch
from bench.tracestore.workload import BEGAN
from joblens.records import Batch, JobKey
from joblens.store.embedded import EmbeddedStore
from joblens.store.opensearch import Access, OpensearchStore
from joblens.store.opensearch.client import Client
from joblens.store.opensearch.indices import OWN
from joblens.store.trace_store import JobQuery, TraceStore

ASKED = 200
SETTLE_S = 120
Figures = dict[str, float]


def embedded(folder: Path, told: Sequence[list[Batch]], hours: float) -> Figures:
    path = folder / "traces.sqlite"
    store = EmbeddedStore(path, clock=lambda: BEGAN)
    figures = _figures(store, told)
    store.close()
    return figures | {"bytes_per_job_hour": path.stat().st_size / hours}


def opensearch(server: Opensearch, told: Sequence[list[Batch]], hours: float) -> Figures:
    access = Access([server.url])
    store = OpensearchStore(access, prefix="bench_", clock=lambda: BEGAN)
    figures = _figures(store, told)
    client = Client(access)
    size = _kept_bytes(client)
    client.close()
    store.close()
    return figures | {"bytes_per_job_hour": size / hours}


def _kept_bytes(client: Client) -> int:
    """Of what is in force: the server keeps for half a minute what was written over, and what was merged."""
    kept = ",".join(f"bench_joblens_{name}" for name in OWN if name != "batch")  # what waits to be folded goes again
    ends = time.monotonic() + SETTLE_S
    while True:
        client.ask("POST", "/bench_*/_forcemerge?max_num_segments=1&flush=true")
        segments = client.ask("GET", f"/_cat/segments/{kept}?format=json&bytes=b&h=size,docs.deleted")
        if time.monotonic() > ends or not any(int(each["docs.deleted"]) for each in segments):
            return sum(int(each["size"]) for each in segments)
        time.sleep(5)


def _figures(store: TraceStore, told: Sequence[list[Batch]]) -> Figures:
    rows = sum(len(batch.samples) + len(batch.files) for each in told for batch in each)
    began = time.perf_counter()
    for each in told:
        for batch in each:  # as collectors do: each sends its own
            store.write([batch])
    took = time.perf_counter() - began
    keys = sorted({sample.key for batch in told[0] for sample in batch.samples})
    end = told[-1][0].time + 1
    return {
        "ingest_rows_s": rows / took,
        "summary_p95_ms": _p95(lambda key: store.summary(key), keys),
        "series_p95_ms": _p95(
            lambda key: store.timeseries(key, ["cpu_percent", "rss_bytes"], start=BEGAN, end=end, points=200), keys
        ),
        "raw_page_p95_ms": _p95(lambda key: store.raw(key, start=0, end=2e9, limit=100), keys),
        "list_of_50_p95_ms": _p95(lambda _: store.jobs(JobQuery(), limit=50), keys[:20]),
    }


def _p95(ask: Callable[[JobKey], object], keys: Sequence[JobKey]) -> float:
    took: list[float] = []
    for number in range(min(ASKED, 5 * len(keys))):
        began = time.perf_counter()
        ask(keys[number % len(keys)])
        took.append((time.perf_counter() - began) * 1000)
    return statistics.quantiles(took, n=20)[-1]
