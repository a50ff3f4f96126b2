"""What the agent's tools tell of measured jobs, and how little room it takes."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.unit.joblens.lens_site import CLUSTER, HOST, LensSite, batch, info, lens_site, measured, sample


async def call(site: LensSite, tool: str, user: str = "alice", **arguments: Any) -> Any:
    answer = await site.post("/api/v1/calls", {"tool": tool, "arguments": arguments, "wait_s": 30}, user)
    assert answer.status_code == 200, answer.text
    return answer.json()


@pytest.mark.requirement("TOOLS-LENS-01")
async def test_one_call_tells_a_model_of_a_job_within_two_thousand_tokens(tmp_path: Path) -> None:
    async with lens_site(tmp_path, [measured("172.0")]) as site:
        told = (await call(site, "job_usage", job_id="172.0"))["result"]
    assert (told["job"]["job"], told["job"]["user"]) == ("172.0", "alice")
    assert [series["metric"] for series in told["over_time"]] == ["cpu_percent", "rss_bytes", "read_rate", "write_rate"]
    assert told["over_time"][0]["highest"] > 95
    assert told["files"][0]["path"] == "/eos/da\\xffta"
    assert told["verdict"]["sentence"]
    assert len(json.dumps(told)) / 4 < 2_000


async def test_a_series_says_where_nothing_was_sampled(tmp_path: Path) -> None:
    async with lens_site(tmp_path, [measured("172.0")]) as site:
        told = (await call(site, "job_series", job_id="172.0", metrics=["rss_bytes"]))["result"]
        wrong = await call(site, "job_series", job_id="172.0", metrics=["nonsense"])
    means = told["series"][0]["means"].split()
    assert (len(means), "-" in means) == (48, True)
    assert wrong["error"]["code"] == "bad_input"


async def test_files_and_comparisons_are_of_ones_own_jobs(tmp_path: Path) -> None:
    batches = [measured("172.0"), measured("173.0", sequence=2), measured("8.0", "bob", sequence=3)]
    async with lens_site(tmp_path, batches) as site:
        files = await call(site, "job_files", job_id="172.0")
        compared = await call(site, "compare_jobs", job_id="172.0", other_job_id="173.0", cluster=CLUSTER)
        foreign = [
            await call(site, tool, "bob", job_id="172.0", cluster=CLUSTER, **more)
            for tool, more in (("job_usage", {}), ("job_files", {}), ("compare_jobs", {"other_job_id": "8.0"}))
        ]
    assert len(files["result"]["files"]) == 1
    assert {row["ratio"] for row in compared["result"]["figures"]} == {1.0}
    assert {one["error"]["code"] for one in foreign} == {"job_not_recorded"}


async def test_of_what_a_node_captures_at_once_one_user_has_a_share(tmp_path: Path) -> None:
    jobs = [("1.0", "alice"), ("2.0", "alice"), ("3.0", "alice"), ("4.0", "bob")]
    running = batch(60, jobs=[info(job, user) for job, user in jobs], samples=[sample(job, 59) for job, _ in jobs])
    async with lens_site(tmp_path, [running]) as site:
        told = [await call(site, "capture_job", user, job_id=job, cluster=CLUSTER) for job, user in jobs]
    assert told[2]["error"]["code"] == "too_many_captures" and HOST in told[2]["error"]["message"]
    assert [each["result"]["by"] for each in (*told[:2], told[3])] == ["alice", "alice", "bob"]


async def test_a_capture_by_an_administrator_of_somebody_elses_job_waits_for_another(tmp_path: Path) -> None:
    running = batch(60, jobs=[info("172.0")], samples=[sample("172.0", 59)])
    async with lens_site(tmp_path, [running]) as site:
        own = await call(site, "capture_job", job_id="172.0", cluster=CLUSTER, seconds=30)
        admins = await call(site, "capture_job", "admin", job_id="172.0", cluster=CLUSTER, seconds=30)
    assert own["result"]["by"] == "alice"
    assert admins["status"] == "waiting_approval"
