"""The job list over HTTP: one's own by default, filtered, newest first, in pages that neither skip nor double a job."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx2
import pytest

from ink_core.compute.model import Job, JobState
from mcp_tools.doubles import MemoryQueues
from tests.security.application import application, client, signed_in

START = datetime(2026, 1, 1, tzinfo=UTC)


def job(number: int, owner: str, state: JobState) -> Job:
    submitted = START + timedelta(minutes=number // 2)  # two by two at the same moment
    name = "hello" if number % 3 else "fit"
    return Job(
        cluster="local",
        job_id=f"{number}.0",
        owner=owner,
        name=name,
        state=state,
        command="/bin/sh",
        submitted_at=submitted,
        node="node1",
    )


STATES = (JobState.RUNNING, JobState.HOLDING, JobState.COMPLETED)
JOBS = [job(number, "alice" if number % 2 else "bob", STATES[number % 3]) for number in range(40)]


@pytest.fixture
async def http(tmp_path: Path) -> AsyncGenerator[httpx2.AsyncClient, None]:
    async with application(tmp_path) as app, client(app) as opened:
        identity = app.state.core.identity
        app.state.core = replace(app.state.core, queues=MemoryQueues({"local": JOBS}))
        await identity.create_user("alice")
        code = (await identity.create_sign_in_code("alice")).secret
        opened.cookies["ink_session"] = (await identity.redeem_sign_in_code(code)).secret
        yield opened


async def listed(http: httpx2.AsyncClient, **query: Any) -> Any:
    answer = await http.get("/api/v1/jobs", params=query)
    assert answer.status_code == 200, answer.text
    return answer.json()


@pytest.mark.requirement("CORE-JOBS-02")
async def test_ones_own_jobs_come_newest_first_with_state_node_times_and_owner(http: httpx2.AsyncClient) -> None:
    page = await listed(http)
    assert {row["owner"] for row in page["jobs"]} == {"alice"}
    times = [row["submitted_at"] for row in page["jobs"]]
    assert times == sorted(times, reverse=True)
    assert page["total"] == len(page["jobs"]) == 20
    assert {"state", "node", "submitted_at", "started_at"} <= page["jobs"][0].keys()


@pytest.mark.requirement("CORE-JOBS-02")
async def test_filters_narrow_the_list_and_counts_stay_those_of_all_states(http: httpx2.AsyncClient) -> None:
    held = await listed(http, owner="*", state="HOLDING")
    assert {row["state"] for row in held["jobs"]} == {"HOLDING"}
    assert sum(held["counts"].values()) == 40
    assert held["total"] == held["counts"]["HOLDING"]
    assert {row["name"] for row in (await listed(http, owner="*", q="FIT"))["jobs"]} == {"fit"}


@pytest.mark.requirement("CORE-JOBS-02")
@pytest.mark.parametrize("limit", [1, 7, 20])
async def test_pages_join_without_a_gap_or_a_double(http: httpx2.AsyncClient, limit: int) -> None:
    ids: list[str] = []
    cursor: str | None = None
    for _ in range(50):
        page = await listed(http, owner="*", limit=limit, **({"cursor": cursor} if cursor else {}))
        ids += [row["job_id"] for row in page["jobs"]]
        cursor = page["next_cursor"]
        if cursor is None:
            break
    assert sorted(ids) == sorted(row.job_id for row in JOBS)
    assert len(set(ids)) == len(ids)


async def test_a_cursor_that_is_none_and_a_job_that_is_not_there_are_told(http: httpx2.AsyncClient) -> None:
    wrong = await http.get("/api/v1/jobs", params={"cursor": "nonsense"})
    assert (wrong.status_code, wrong.json()["code"]) == (422, "bad_input")
    missing = await http.get("/api/v1/jobs/local/99.0")
    assert (missing.status_code, missing.json()["code"]) == (404, "job_not_found")


async def test_an_answer_says_how_old_it_is_and_one_that_did_not_change_is_not_sent_again(
    http: httpx2.AsyncClient,
) -> None:
    first = await http.get("/api/v1/jobs/local/1.0")
    assert datetime.fromisoformat(first.headers["ink-observed-at"]).tzinfo is not None
    again = await http.get("/api/v1/jobs/local/1.0", headers={"If-None-Match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    other = await http.get("/api/v1/jobs/local/3.0", headers={"If-None-Match": first.headers["etag"]})
    assert other.status_code == 200


@pytest.mark.requirement("CORE-JOBS-12")
async def test_the_members_of_an_array_are_listed(tmp_path: Path) -> None:
    members = [job(number, "alice", JobState.RUNNING) for number in range(3)]
    ids = ("7_0", "7_1", "70_0")
    array = [one.model_copy(update={"job_id": job_id}) for one, job_id in zip(members, ids, strict=True)]
    async with application(tmp_path) as app, client(app) as http:
        app.state.core = replace(app.state.core, queues=MemoryQueues({"local": array}))
        alice = await signed_in(app, "alice")
        found = (await http.get("/api/v1/jobs", params={"array": "7"}, headers=alice)).json()
        assert {row["job_id"] for row in found["jobs"]} == {"7_0", "7_1"}
