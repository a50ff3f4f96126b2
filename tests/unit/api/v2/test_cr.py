"""What INK's clients send becomes a typed submission, and jobs come back in INK's columns."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx2
import pytest
from pydantic import JsonValue

from ink_core.api.ink_rows.jobs import duration
from ink_core.api.v2.job_bodies import InkJob, of_pool, submission
from ink_core.api.v2.submitting import submit
from ink_core.compute.hep.site import HepDesk, load_site
from ink_core.errors import BadInput
from ink_core.identity.principal import Principal, Scope
from mcp_tools.doubles import MemoryQueues
from tests.security.application import application


async def job_list(http: httpx2.AsyncClient, **parameters: str) -> list[dict[str, Any]]:
    return (await http.get("/api/v2/cr/query_jobs", params=parameters)).json()["data"]["job_list"]


@pytest.mark.requirement("CORE-V2-04")
async def test_a_job_has_inks_columns(http: httpx2.AsyncClient) -> None:
    assert await job_list(http, cluster_id="pool") == [
        {
            "clusterId": "pool",
            "jobId": "2.0",
            "jobType": "batch",
            "jobName": "analysis",
            "jobSubmitTime": "2026-01-01 00:00:00",
            "jobStatus": "HOLDING",
            "jobStartTime": "",
            "JobNodeList": "",
            "jobrunos": "",
            "connect_sign": "False",
            "hold_reason": "held by the owner",
            "jobtimelimit": "",
        }
    ]


@pytest.mark.requirement("CORE-V2-04")
async def test_a_slurm_job_has_four_more(http: httpx2.AsyncClient) -> None:
    (row,) = await job_list(http, cluster_id="slurm")
    more = {
        "submitUuid": "",
        "jobAsyncSubmitTime": "2026-01-01 00:00:00",
        "submitMode": "sync",
        "jobPartition": "short",
    }
    assert row | more == row and row["JobNodeList"] == "node1" and row["jobStatus"] == "RUNNING"


@pytest.mark.requirement("CORE-V2-04")
async def test_what_a_user_may_name_is_told(http: httpx2.AsyncClient) -> None:
    found = (await http.get("/api/v2/cr/get_userassoc?cluster_id=slurm")).json()
    assert found["status"] == "200" and set(found["data"]) == {"account", "qos", "partition"}
    assert (await http.get("/api/v2/cr/get_userassoc?cluster_id=nowhere")).json()["status"] == "R06"


@pytest.mark.parametrize(("seconds", "text"), [(None, ""), (1800, "00:30:00"), (93_784, "1-02:03:04")])
def test_a_time_limit_is_shown_as_slurm_shows_it(seconds: int | None, text: str) -> None:
    assert duration(seconds) == text


async def test_without_a_cluster_all_are_listed(http: httpx2.AsyncClient) -> None:
    assert {row["jobId"] for row in await job_list(http)} == {"2.0", "77"}


async def test_a_token_without_the_scope_submits_nothing(http: httpx2.AsyncClient) -> None:
    refused = (await http.post("/api/v2/cr/create_job", json={"script_path": "run.sh"})).json()
    assert (refused["status"], refused["code"], refused["data"]) == ("R01", "forbidden", None)


@pytest.mark.parametrize("body", [[], "text", {"job_parameters": 7}, {"job_type": "../up"}, {"mem": "lots"}])
async def test_a_malformed_submission_names_its_parameter(http: httpx2.AsyncClient, body: Any) -> None:
    wide = {"Ink-Token": http.headers["Ink-Token"]}
    refused = (await http.post("/api/v2/cr/create_job", json=body, headers=wide)).json()
    assert refused["status"] in ("P00", "R01") and refused["data"] is None and refused["msg"]


class Submits:
    """Actions of which each submits the job 9.0, which no queue has seen."""

    async def call(self, principal: Principal, tool: str, arguments: Any, **_: object) -> JsonValue:
        return {"cluster": "pool", "job_ids": ["9.0"], "operation_id": "op-of-9"}


def test_what_was_asked_for_and_is_not_heeded_is_named() -> None:
    sent = {
        "script_path": "run.sh",
        "arch": "X86_64",
        "cm": "",
        "submit_mode": "async",
        "input_path": None,
        "no name": 1,
        "x" * 65: 1,
    }
    assert InkJob.model_validate(sent).unread == ["arch"]
    assert len(InkJob.model_validate({f"more_{number}": 1 for number in range(50)}).unread) == 20


@pytest.mark.requirement("CORE-V2-04")
async def test_a_job_that_no_queue_has_seen_yet_has_its_uuid_all_the_same(tmp_path: Path) -> None:
    alice = Principal(username="alice", scopes=frozenset(Scope), is_admin=False, credential="token:1")
    async with application(tmp_path) as app:
        core = replace(app.state.core, queues=MemoryQueues({"pool": []}), actions=Submits())
        made = await submit(core, alice, InkJob(script_path="run.sh"))
    assert (made.job_id, made.submit_uuid, made.state) == ("9.0", "op-of-9", "SUBMITTING")


@pytest.mark.requirement("CORE-V2-04")
@pytest.mark.requirement("CORE-JOBS-18")
def test_the_schedd_of_an_ink_job_is_read_where_the_pool_has_several() -> None:
    job = InkJob(cluster_id="htcondor", schedd="second@ap")
    several, one = (HepDesk(load_site(None), {"htcondor": further}, frozenset()) for further in (["second@ap"], []))
    assert of_pool(job, several, "htcondor") == {"schedd": "second@ap"}
    assert of_pool(job, one, "htcondor") == {}


@pytest.mark.requirement("CORE-V2-04")
def test_what_an_ink_job_asks_of_a_machine_is_heeded() -> None:
    job = InkJob.model_validate({"os": "almalinux9", "gpu_num": 2, "gpu_name": "gpu", "gpu_type": "a100"})
    desk = HepDesk(load_site(None), {"htcondor": []}, frozenset({"slurm"}))
    assert of_pool(job, desk, "htcondor") == {"attributes": {"HepJob_RequestOS": "AlmaLinux9"}}
    assert of_pool(job, desk, "slurm") == {}
    asked = submission(job, "run.sh", None)
    assert (asked["gpus"], asked["gpu_type"]) == (2, "a100")
    with pytest.raises(BadInput, match="operating system"):
        of_pool(InkJob(os="Windows"), desk, "htcondor")


def test_an_ink_job_is_a_submission() -> None:
    htc = InkJob.model_validate(
        {"job_parameters": "-n 5 'two words'", "cpu": "2", "mem": 2000, "job_name": "scan", "cluster_id": "htcondor",
         "wn": "", "gpu_num": 0, "schedd": "schedd01", "submit_mode": "async", "unknown": "ignored"}
    )  # fmt: skip
    assert submission(htc, "/home/alice/run.sh", "/home/alice") == {
        "script": "/home/alice/run.sh",
        "arguments": ["-n", "5", "two words"],
        "cpus": 2,
        "memory_mb": 2000,
        "name": "scan",
        "cluster": "htcondor",
        "working_directory": "/home/alice",
    }
    slurm = InkJob.model_validate(
        {"time": "1-02:00:00", "partition": "gpu", "account": "higgs", "qos": "normal", "nodes": 1, "ntasks": 4,
         "gpu_num": 2, "output_file": "o.txt", "error_file": "e.txt", "cluster_id": "slurm"}
    )  # fmt: skip
    asked = submission(slurm, "run.sh", None)
    assert asked | {"wall_time_s": 93600, "queue": "gpu", "group": "higgs", "qos": "normal", "gpus": 2} == asked
    assert asked | {"nodes": 1, "tasks": 4, "stdout": "o.txt", "stderr": "e.txt"} == asked


@pytest.mark.parametrize(
    ("text", "seconds"),
    [("90", 5400), (30, 1800), ("10:30", 630), ("01:00:00", 3600), ("2-12", 216000), ("1-00:30", 88200)],
)
def test_a_time_limit_is_read_as_slurm_reads_it(text: str | int, seconds: int) -> None:
    assert submission(InkJob(time=text), "run.sh", None)["wall_time_s"] == seconds


@pytest.mark.parametrize("wrong", [{"time": "soon"}, {"job_parameters": "'open"}, {"gpu_type": "v100", "gpu_num": 0}])
def test_what_cannot_be_asked_for_is_refused_and_not_dropped(wrong: dict[str, str]) -> None:
    with pytest.raises(BadInput):
        submission(InkJob.model_validate(wrong), "run.sh", None)
