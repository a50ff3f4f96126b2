"""What every trace store promises of series, raw records and files."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from ink_core.errors import BadInput
from joblens.records import GpuSample, JobKey, PowerSample, ProcessSample
from joblens.store.trace_store import TraceStore
from tests.contract.traces import INTERVAL_S, KEY, MB, at, batch, file, info, life, sample

pytestmark = pytest.mark.requirement("LENS-STORE-01")
FOREVER: dict[str, Any] = {"start": 0.0, "end": 2e9}


def test_a_series_has_gauges_as_they_are_and_counters_as_rates(store: TraceStore) -> None:
    store.write(
        [
            batch(1, info(), sample(step=1, cores=1, rss_mb=10)),
            *(batch(n, sample(step=n, rss_mb=10 * n)) for n in range(2, 21)),
        ]
    )
    told = store.timeseries(KEY, ["cpu_percent", "rss_bytes", "net_tx_rate"], start=at(0), end=at(20), points=4)
    assert [point.time for point in told["rss_bytes"]] == [at(0), at(5), at(10), at(15)]
    assert [(point.min, point.avg, point.max, point.samples) for point in told["rss_bytes"]] == [
        (10 * MB, 25 * MB, 40 * MB, 4),
        (50 * MB, 70 * MB, 90 * MB, 5),
        (100 * MB, 120 * MB, 140 * MB, 5),
        (150 * MB, 175 * MB, 200 * MB, 6),
    ]
    assert [point.avg for point in told["cpu_percent"]] == pytest.approx([100] * 4)
    assert [point.avg for point in told["net_tx_rate"]] == pytest.approx([100] * 4)


def test_a_window_in_the_middle_has_the_rates_of_its_first_sample(store: TraceStore) -> None:
    store.write(life(200))
    told = store.timeseries(KEY, ["read_rate"], start=at(150), end=at(160), points=1)["read_rate"]
    assert [(point.avg, point.samples) for point in told] == [(pytest.approx(2 * MB / INTERVAL_S), 11)]


def test_a_series_that_makes_no_sense_is_refused(store: TraceStore) -> None:
    store.write(life(3))
    with pytest.raises(BadInput, match="cpu_percent"):
        store.timeseries(KEY, ["speed"], start=0, end=1, points=1)
    for start, end, points in ((1.0, 1.0, 5), (0.0, 1.0, 0), (0.0, 1.0, 10_001)):
        with pytest.raises(BadInput, match="series"):
            store.timeseries(KEY, ["cpu_percent"], start=start, end=end, points=points)


def test_raw_records_come_oldest_first_each_once_while_new_ones_come(store: TraceStore) -> None:
    batches = life(100)
    store.write(batches[:70])
    seen: list[tuple[float, str]] = []
    cursor: str | None = None
    for turn in range(100):
        page = store.raw(KEY, **FOREVER, limit=7, cursor=cursor)
        seen += [(row.time, row.collector) for row in page.rows]
        store.write(batches[70 + turn : 71 + turn])
        cursor = page.next_cursor
        if cursor is None:
            break
    assert seen == [(at(step), collector) for step in range(1, 101) for collector in ("cpumem", "io", "net")]


def test_raw_records_are_selected_by_time_and_collector(store: TraceStore) -> None:
    store.write(life(50))
    rows = store.raw(KEY, start=at(10), end=at(20), collectors=["io"], limit=100).rows
    assert [row.time for row in rows] == [at(step) for step in range(10, 21)]
    assert rows[0].host == "node1" and rows[0].collector == "io" and rows[0].data["rchar"] == 20 * MB
    with pytest.raises(BadInput, match="cpumem"):
        store.raw(KEY, **FOREVER, collectors=["gossip"])


def test_every_kind_of_record_is_raw(store: TraceStore) -> None:
    whole = replace(
        batch(1, info(), sample(), file("/data/a.root", 1, read=100), file("/data/\udc80", 1, written=7)),
        gpus=[GpuSample(KEY, at(1), 0, "GPU-1", "H100", "", 50.0, None, 5 * MB, 80 * MB, 1, 0)],
        power=[PowerSample(KEY, at(1), 1000, 5000)],
        processes=[ProcessSample(KEY, at(1), 17, 1, "python", 1, 2, 3.0, *[2] * 13)],
    )
    store.write([whole])
    rows = store.raw(KEY, **FOREVER).rows
    assert sorted(row.collector for row in rows) == ["cpumem", "file", "file", "gpu", "io", "net", "power", "process"]
    by_collector = {row.collector: row.data for row in rows}
    assert by_collector["gpu"]["sm_percent"] == 50.0 and by_collector["gpu"]["memory_percent"] is None
    assert by_collector["power"] == {"energy_uj": 1000, "host_energy_uj": 5000}
    assert [row.data["path"] for row in rows if row.collector == "file"] == ["/data/a.root", "/data/\udc80"]
    told = store.summary(KEY)
    assert told.gpu_percent is not None and told.gpu_percent.avg == 50 and told.energy_uj == 1000
    assert told.collectors == ("cpumem", "io", "net", "gpu", "power")


def test_files_tell_their_latest_figures_most_traffic_first(store: TraceStore) -> None:
    store.write([batch(1, info(), file("/data/a", 1, read=10), file("/data/b", 1, read=500))])
    store.write([batch(2, file("/data/a", 2, read=900)), batch(3, file("/data/c", 3, written=600, read=1))])
    assert [(each.path, each.read_bytes) for each in store.files(KEY, limit=10)] == [
        ("/data/a", 900),
        ("/data/c", 1),
        ("/data/b", 500),
    ]
    assert [each.path for each in store.files(KEY, limit=1, order="write_bytes")] == ["/data/c"]
    with pytest.raises(BadInput, match="bytes"):
        store.files(KEY, limit=1, order="beauty")


def test_hot_files_are_those_that_most_jobs_read(store: TraceStore) -> None:
    keys = [JobKey("htcondor", f"{number}.0") for number in range(3)]
    for number, key in enumerate(keys, 1):
        rows = [file("/cvmfs/lib.so", 1, read=10, key=key), file(f"/data/{number}", 1, read=1000, key=key)]
        store.write([batch(number, info(key), sample(key, 1), file("/out", 1, written=5, key=key), *rows)])
    told = store.hot_files("htcondor", since=at(1), limit=2)
    assert told == [("/cvmfs/lib.so", 3, 30), ("/data/1", 1, 1000)]
    assert store.hot_files("slurm", since=at(1), limit=2) == [] == store.hot_files("htcondor", since=at(2), limit=2)
