"""`/data/*` answers as clients of the public JobLens expect, to who may see the job."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from joblens.records import GpuSample, ProcessSample
from tests.unit.joblens.lens_site import (
    BEGIN,
    CLUSTER,
    HOST,
    LensSite,
    batch,
    info,
    key_of,
    lens_site,
    measured,
    sample,
)

FROM = "2026-01-15T09:28:00Z"
TO = "2026-01-15T09:31:00Z"
JOB: dict[str, Any] = {"cluster": CLUSTER, "job": "172.0"}
WINDOW: dict[str, Any] = {**JOB, "from": FROM, "to": TO}


async def data(site: LensSite, path: str, **query: Any) -> Any:
    answer = (await site.get(path, **query)).json()
    assert (answer["code"], answer["message"]) == (0, "success"), answer
    return answer["data"]


@pytest.mark.requirement("LENS-SUMMARY-01")
@pytest.mark.requirement("LENS-REST-01")
async def test_a_summary_has_times_hosts_and_what_was_used(tmp_path: Path) -> None:
    async with lens_site(tmp_path, [measured("172.0")]) as site:
        answer = (await site.get("/data/summary", **JOB)).json()
    assert answer["meta"]["clusters_queried"] == [CLUSTER]
    found = answer["data"]
    assert found["time"] == {
        "first_seen": "2026-01-15T09:29:00Z",
        "last_seen": "2026-01-15T09:29:20Z",
        "duration_sec": 20,
    }
    assert found["scope"] == {"hosts": [HOST], "collectors": found["scope"]["collectors"], "samples_count": 20}
    assert {"cpumem", "io", "net"} <= set(found["scope"]["collectors"])
    cpu = found["stats"]["cpu"]
    assert cpu["avg"] == pytest.approx(100, rel=0.02)
    assert cpu["max"] == pytest.approx(100, rel=0.02)
    assert cpu["p99"] == pytest.approx(100, rel=0.05)
    assert found["stats"]["mem"]["max_kb"] == 200 * 1024
    assert found["stats"]["mem"]["avg_kb"] == pytest.approx(100 * 1024, rel=0.02)
    assert found["stats"]["io"] == {"total_bytes": 20 * 1_000_500}


def card(number: int, second: int, percent: float | None) -> GpuSample:
    uuid = f"GPU-{number}"
    return GpuSample(key_of("172.0"), BEGIN + second, number, uuid, "H200", "", percent, 5.0, 2**30, 2**37, 1, 0)


@pytest.mark.parametrize("size", [1, 2, 3, 5, 100])
async def test_the_cards_of_a_job_are_one_record_on_whatever_page(tmp_path: Path, size: int) -> None:
    cards = [
        card(number, second, percent) for second in (1, 2, 3, 4) for number, percent in ((0, 90), (1, 30), (2, None))
    ]
    async with lens_site(tmp_path, [measured("172.0"), batch(30, gpus=cards)]) as site:
        records, cursor = list[Any](), ""
        while cursor or not records:
            page = await data(site, "/data/raw", **JOB, full_range="true", collector="gpu", size=size, cursor=cursor)
            assert len(page["records"]) <= size
            records += page["records"]
            cursor = page["pagination"]["next_cursor"]
    assert [record["time"][-3:] for record in records] == ["01Z", "02Z", "03Z", "04Z"]
    for summary in (record["data"]["summary"] for record in records):
        assert (summary["gpu_count"], summary["total_mem_used_mb"], summary["avg_sm_util"]) == (3, 3072, 60)
        assert [device["gpu_index"] for device in summary["devices"]] == [0, 1, 2]


async def test_a_process_is_told_with_its_mean_use_of_a_core(tmp_path: Path) -> None:
    none = dict.fromkeys(ProcessSample._fields, 0) | {"key": key_of("172.0"), "name": "fit", "started": BEGIN - 7}
    process = ProcessSample(**none | {"time": BEGIN + 3, "utime_ns": 4 * 10**9, "stime_ns": 10**9})  # pyright: ignore[reportArgumentType]
    async with lens_site(tmp_path, [measured("172.0"), batch(30, processes=[process])]) as site:
        records = (await data(site, "/data/raw", **WINDOW, collector="cpumem"))["records"]
    assert [each["cpuPercent"] for each in records[2]["data"]["process_data"]] == [50.0]


@pytest.mark.requirement("LENS-REST-01")
async def test_records_have_the_fields_of_the_public_service(tmp_path: Path) -> None:
    async with lens_site(tmp_path, [measured("172.0")]) as site:
        both = (await data(site, "/data/raw", **WINDOW, collector="cpumem_collector", size=2))["records"]
        flat = await data(site, "/data/raw", **WINDOW, collector="cpumem", flatten="true", fields="cpu,mem,host")
        nested = (await data(site, "/data/raw", **WINDOW, collector="io", flatten="false", size=10))["records"]
    first = both[1]
    assert (first["cluster"], first["collector"], first["host"], first["job"]) == (CLUSTER, "cpumem", HOST, "172.0")
    assert (first["time"], first["cpu"], first["mem"]) == ("2026-01-15T09:29:02Z", 100.0, 100 * 1024)
    assert first["data"]["summary"]["name"] == "JOB-SUMMARY"
    assert first["data"]["summary"]["pid"] == 0
    assert first["fields"]["data.summary.cpuPercent"] == 100.0
    assert flat["records"][0]["fields"] == {"cpu": 100.0, "mem": 100 * 1024, "host": HOST}
    assert "data" not in flat["records"][0]
    assert "fields" not in nested[0]
    assert nested[0]["data"]["summary"]["writer_bytes"] == nested[0]["data"]["summary"]["write_bytes"] == 500
    assert [file["path"] for file in nested[4]["data"]["summary"]["files"]] == ["/eos/da\\xffta"]


@pytest.mark.requirement("LENS-REST-06")
async def test_the_cursor_visits_each_record_once_also_while_new_ones_come(tmp_path: Path) -> None:
    async with lens_site(tmp_path, [measured("172.0", seconds=25)]) as site:
        seen: list[tuple[str, str]] = []
        cursor = ""
        while True:
            page = await data(site, "/data/raw", **JOB, full_range="true", size=7, cursor=cursor)
            seen += [(record["collector"], record["time"]) for record in page["records"]]
            cursor = page["pagination"]["next_cursor"]
            if not page["pagination"]["has_more"]:
                break
            site.keep(measured("173.0", sequence=100 + len(seen)))
    assert len(seen) == len(set(seen)) == 25 * 3


@pytest.mark.requirement("LENS-REST-01")
async def test_a_series_has_buckets_of_the_interval_by_alias_or_path(tmp_path: Path) -> None:
    query = {**WINDOW, "metric": "cpu,mem,data.summary.rchar", "interval": "10s"}
    async with lens_site(tmp_path, [measured("172.0")]) as site:
        found = await data(site, "/data/timeseries", **query)
        by_host = await data(site, "/data/timeseries", **query, by="host", agg="max")
    assert found["metrics"] == ["cpu", "mem", "data.summary.rchar"]
    cpu = [record for record in found["records"] if record["metric"] == "cpu"]
    assert [record["timestamp"] for record in cpu][:2] == ["2026-01-15T09:29:00Z", "2026-01-15T09:29:10Z"]
    assert {record["label"] for record in cpu} == {""}
    assert cpu[1]["value"] == pytest.approx(100, rel=0.05)
    assert found["stats"]["mem"]["global_max"] == pytest.approx(100 * 1024)
    read = [record["value"] for record in by_host["records"] if record["metric"] == "data.summary.rchar"]
    assert read[-1] == 20 * 2_000_000
    assert {record["label"] for record in by_host["records"]} == {HOST}


@pytest.mark.requirement("LENS-REST-02")
async def test_check_schema_skill_and_health_answer_in_the_envelope(tmp_path: Path) -> None:
    async with lens_site(tmp_path, [measured("172.0")]) as site:
        there = await data(site, "/data/check-job", cluster_name=CLUSTER, job_id="172.0")
        absent = await data(site, "/data/check-job", cluster_name=CLUSTER, job_id="999.0")
        schema = await data(site, "/data/schema")
        at_root = await data(site, "/schema", collector="io")
        skill = await data(site, "/data/skill")
        health = (await site.http.get("/data/health")).json()
        ready = await site.http.get("/data/ready")
    assert (there["exists"], there["count"], there["time"]["duration_sec"]) == (True, 20, 20)
    assert absent == {"exists": False, "count": 0, "job_id": "999.0", "cluster": CLUSTER}
    assert [cluster["id"] for cluster in schema["clusters"]] == [CLUSTER]
    assert [one["name"] for one in schema["collectors"]] == ["cpumem", "io", "net", "gpu", "power"]
    assert [one["name"] for one in at_root["collectors"]] == ["io"]
    assert skill["content"].startswith("# joblens")
    assert (health["message"], health["data"]["status"]) == ("ok", "healthy")
    assert (ready.status_code, ready.json()["data"]["clusters"]) == (200, {CLUSTER: "healthy"})


@pytest.mark.parametrize(
    "query",
    [
        {**JOB},
        {**WINDOW, "to": FROM},
        {**JOB, "from": "now-8d"},
        {**JOB, "from": "yesterday"},
        {**WINDOW, "collector": "cpu"},
        {**WINDOW, "size": "10001"},
        {**WINDOW, "cursor": "nonsense"},
        {**WINDOW, "job": ""},
    ],
)
async def test_a_bad_question_is_a_bad_question(tmp_path: Path, query: dict[str, str]) -> None:
    async with lens_site(tmp_path, [measured("172.0")]) as site:
        answer = await site.get("/data/raw", **query)
    assert (answer.status_code, answer.json()["code"], answer.json()["data"]) == (400, 400, None)


async def test_several_clusters_are_for_records_only(tmp_path: Path) -> None:
    async with lens_site(tmp_path, [measured("172.0")]) as site:
        several = {**WINDOW, "cluster": f"{CLUSTER},other"}
        records = await data(site, "/data/raw", **several)
        every = await data(site, "/data/raw", **{**WINDOW, "cluster": "*"})
        series = await site.get("/data/timeseries", **several, metric="cpu", interval="1m")
        elsewhere = await site.get("/data/raw", **{**WINDOW, "cluster": f"{CLUSTER}:schedd2"})
    assert len(records["records"]) == len(every["records"]) == 60
    assert series.status_code == 400
    assert elsewhere.status_code == 404


@pytest.mark.requirement("LENS-REST-04")
@pytest.mark.parametrize("path", ["/data/summary", "/data/raw", "/data/timeseries"])
async def test_a_job_of_somebody_else_is_as_one_that_nobody_knows(tmp_path: Path, path: str) -> None:
    more = {"from": FROM, "to": TO, "metric": "cpu", "interval": "1m"}
    async with lens_site(tmp_path, [measured("172.0")]) as site:
        foreign = await site.get(path, "bob", **JOB, **more)
        unknown = await site.get(path, "bob", cluster=CLUSTER, job="999.0", **more)
        own = await site.get(path, "alice", **JOB, **more)
        admin = await site.get(path, "admin", **JOB, **more)
        stranger = await site.http.get(path, params={**JOB, **more})
    assert (foreign.status_code, unknown.status_code) == (404, 404)
    assert foreign.json()["message"].replace("172.0", "999.0") == unknown.json()["message"]
    assert (own.status_code, admin.status_code) == (200, 200)
    assert (stranger.status_code, stranger.json()["error"]) == (401, "unauthenticated")


async def test_what_one_host_says_opens_nothing_that_another_measured(tmp_path: Path) -> None:
    theirs = measured("172.0", "alice")
    forged = batch(1, "evil.example", jobs=[info("172.0", "bob", host="evil.example")], samples=[sample("172.0", 1)])
    async with lens_site(tmp_path, [theirs, forged]) as site:
        assert (await site.get("/data/summary", "bob", **JOB)).status_code == 404
        assert (await site.get("/data/summary", "admin", **JOB)).status_code == 200


async def test_a_store_that_is_away_is_no_empty_answer(tmp_path: Path) -> None:
    async with lens_site(tmp_path) as site:
        site.store.away = True
        body = await site.http.post("/api/v1/joblens/batches", content=b"", headers=site.headers("node"))
        unknown = await site.get("/data/summary", **JOB)
    assert body.status_code == 503
    assert unknown.status_code == 404
