"""The areas app, service, status and ccs answer with the rows that INK's pages read."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import httpx2
import pytest

from ink_core.api.ink_rows.counts import daily
from ink_core.compute.history import DayCounts
from mcp_tools.doubles import NOW, memory_job
from tests.unit.api.v2.conftest import GONE


async def data(http: httpx2.AsyncClient, path: str, **parameters: str) -> Any:
    answer = (await http.get(f"/api/v2/{path}", params=parameters)).json()
    assert answer["status"] == "200", answer
    return answer["data"]


async def posted(http: httpx2.AsyncClient, path: str, body: Any = None) -> dict[str, Any]:
    return (await http.post(f"/api/v2/{path}", json=body)).json()


@pytest.mark.requirement("CORE-V2-06")
async def test_statistics_are_of_ones_own_jobs_or_of_all_users(http: httpx2.AsyncClient) -> None:
    own = await data(http, "app/get_job_statistics")
    assert own == {"statistics": [{"name": "HOLDING", "value": 1}, {"name": "RUNNING", "value": 1}]}
    users = await data(http, "app/get_job_statistics", query_type="user", cluster_id="pool")
    assert users == {"statistics": [{"name": "alice", "value": 1}, {"name": "bob", "value": 1}]}
    refused = (await http.get("/api/v2/app/get_job_statistics?query_type=colour")).json()
    assert refused["status"] == "P00" and "query_type" in refused["msg"]


@pytest.mark.requirement("CORE-V2-06")
async def test_jobs_are_stacked_by_cluster_and_counted_by_day(http: httpx2.AsyncClient) -> None:
    assert await data(http, "app/get_stackjobs") == {
        "stack_list": [
            {"clusterId": "pool", "total": 1, "HOLDING": 1},
            {"clusterId": "slurm", "total": 1, "RUNNING": 1},
        ]
    }
    days = (await data(http, "app/get_dailyjobs", days="3"))["daily_list"]
    assert len(days) == 3 and set(days[0]) == {"date", "submitted", "ended"}


@pytest.mark.requirement("CORE-V2-06")
async def test_the_service_tells_of_itself_and_of_a_job(http: httpx2.AsyncClient) -> None:
    checked = (await posted(http, "service/check"))["data"]
    assert checked == {"service": "ok", "username": "alice", "clusters": ["pool", "slurm"]}
    assert (await data(http, "service/get_monitorurl"))["url"].startswith("http://site/")
    monitored = (await posted(http, "service/query_jobsmonitor", {"job_id": "2"}))["data"]
    assert monitored["jobId"] == "2.0" and "memory_peak_mb" in monitored
    assert (await posted(http, "service/query_jobsmonitor", {"job_id": "9"}))["status"] == "M02"


@pytest.mark.requirement("CORE-V2-06")
async def test_the_status_of_each_cluster_is_told(http: httpx2.AsyncClient) -> None:
    pool, slurm = (await data(http, "status/get_status"))["status_list"]
    assert pool == {
        "clusterId": "pool",
        "status": "up",
        "time": "2026-01-01 00:00:00",
        "reason": "",
        "jobs": {"RUNNING": 1, "HOLDING": 1},
    }
    assert slurm["clusterId"] == "slurm"
    assert len((await data(http, "status/get_status", limit="1"))["status_list"]) == 1


@pytest.mark.requirement("CORE-V2-06")
async def test_the_jobs_of_users_are_counted(http: httpx2.AsyncClient) -> None:
    assert await data(http, "ccs/get_cur_userjobs", kind="pool") == {
        "user_jobs": [{"user": "alice", "total": 1, "HOLDING": 1}, {"user": "bob", "total": 1, "RUNNING": 1}]
    }
    past = await data(http, "ccs/get_his_userjobs", start_time_str="2025-01-01", end_time_str="2025-02-01 10:00:00")
    assert past == {"user_jobs": []}
    beyond = await http.get("/api/v2/ccs/get_his_userjobs?end_time_str=9999-12-31T23:59:59-14:00")
    assert "is no time" in beyond.json()["msg"]
    wrong = (await http.get("/api/v2/ccs/get_his_userjobs?start_time_str=yesterday")).json()
    assert (wrong["status"], wrong["code"]) == ("R02", "bad_input")


@pytest.mark.requirement("CORE-V2-06")
async def test_jobs_that_have_left_the_queue_are_counted_from_the_history(http: httpx2.AsyncClient) -> None:
    day = GONE.ended_at.date() if GONE.ended_at else None
    assert day is not None
    between = {"start_time_str": str(day), "end_time_str": str(day + timedelta(days=1))}
    past = await data(http, "ccs/get_his_userjobs", **between)
    assert past == {"user_jobs": [{"user": "alice", "total": 1, "COMPLETED": 1}]}
    assert await data(http, "ccs/get_his_userjobs", **between, kind="slurm") == {"user_jobs": []}
    nowhere = (await http.get("/api/v2/ccs/get_his_userjobs?kind=nowhere")).json()
    assert nowhere["code"] == "not_found"
    days = (await data(http, "app/get_dailyjobs", days="30"))["daily_list"]
    assert [row["date"] for row in days if row["ended"]] == [str(day)]
    assert str(day - timedelta(days=5)) in [row["date"] for row in days if row["submitted"]]


async def test_only_ones_own_name_is_verified(http: httpx2.AsyncClient) -> None:
    assert (await data(http, "ccs/verify_username", username="alice"))["valid"] is True
    for other in ("bob", "nobody"):
        assert (await http.get(f"/api/v2/ccs/verify_username?username={other}")).json()["status"] == "A07"


async def test_a_token_for_jobs_opens_no_files(http: httpx2.AsyncClient) -> None:
    for path in ("status/get_fs_health", "ccs/get_cur_userdisk", "ccs/get_his_userdisk"):
        assert (await http.get(f"/api/v2/{path}")).json()["code"] == "forbidden"
    for path in ("service/access_rootfile", "service/code/ensure_datadir"):
        assert (await posted(http, path, {"workdir": ".", "filename": "x"}))["code"] == "forbidden"


def test_days_without_jobs_are_counted_too() -> None:
    job = memory_job("1.0", "alice").model_copy(update={"ended_at": NOW + timedelta(days=1)})
    counts = DayCounts()
    counts.add(job)
    assert daily([], counts, date(2026, 1, 2), 3) == [
        {"date": "2025-12-31", "submitted": 0, "ended": 0},
        {"date": "2026-01-01", "submitted": 1, "ended": 0},
        {"date": "2026-01-02", "submitted": 0, "ended": 1},
    ]
