"""Following jobs over HTTP: changes as events, output as it grows, the history, and the clusters."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncGenerator, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx2
import pytest
from fastapi import FastAPI
from pydantic import JsonValue

from ink_core.agents import AccessPoint, Answer, InProcessAgents
from ink_core.api.jobs.events import _frames
from ink_core.compute.changes import ChangeFeed, ChangeKind, JobChange
from ink_core.compute.model import JobState
from mcp_tools.doubles import MemoryQueues, memory_job
from tests.security.application import application, client, signed_in

WRITTEN = b"first line\nlast line\n"


async def alices_agent(method: str, arguments: Mapping[str, JsonValue]) -> Answer:
    assert (method, arguments["path"]) == ("files.pull", "/home/alice/out")
    offset = arguments["offset"]
    assert isinstance(offset, int)
    told = {"path": "out", "offset": offset, "size": len(WRITTEN), "modified": 0.0, "version": "1"}
    return Answer(told, WRITTEN[offset:])


@pytest.fixture
async def app(tmp_path: Path) -> AsyncGenerator[FastAPI]:
    ended = memory_job("1.0", "alice", JobState.COMPLETED).model_copy(update={"stdout": "/home/alice/out"})
    queues = MemoryQueues({"pool": [ended, memory_job("2.0", "bob")]})
    async with application(tmp_path) as made:
        agents = InProcessAgents({AccessPoint("alice"): alices_agent})
        made.state.core = replace(made.state.core, queues=queues, agents=agents)
        yield made


@pytest.fixture
async def http(app: FastAPI) -> AsyncGenerator[httpx2.AsyncClient]:
    async with client(app) as opened:
        opened.headers.update(await signed_in(app, "alice"))
        yield opened


def events(frames: list[bytes]) -> list[tuple[str, Any]]:
    lines = [dict(line.split(": ", 1) for line in one.decode().splitlines() if line) for one in frames]
    return [(one["event"], json.loads(one["data"])) for one in lines]


@pytest.mark.requirement("CORE-JOBS-16")
async def test_changes_arrive_as_events_and_a_client_resumes_where_it_was() -> None:
    feed = ChangeFeed()
    following = _frames(feed, "alice", None)
    (listening,) = events([await anext(following)])
    assert listening == ("listening", {})
    upcoming = asyncio.ensure_future(anext(following))
    feed.publish(
        JobChange(ChangeKind.CHANGED, memory_job(job_id, owner)) for job_id, owner in (("2.0", "bob"), ("1.0", "alice"))
    )
    frame = await upcoming
    ((kind, job),) = events([frame])
    assert (kind, job["job_id"]) == ("changed", "1.0")
    await following.aclose()
    feed.publish([JobChange(ChangeKind.LEFT, memory_job("1.0", "alice"))])
    again = _frames(feed, "alice", frame.decode().splitlines()[0].removeprefix("id: "))
    assert events([await anext(again)])[0][0] == "left"
    await again.aclose()


@pytest.mark.requirement("CORE-JOBS-16")
@pytest.mark.parametrize("last", ["ffff-3", "nonsense", "-1"])
async def test_a_client_of_an_earlier_run_is_told_to_list_again(last: str) -> None:
    frames = _frames(ChangeFeed(), "alice", last)
    assert events([await anext(frames)])[0][0] == "reset"
    await frames.aclose()


@pytest.mark.requirement("CORE-JOBS-15")
async def test_output_is_read_in_pieces_from_its_end_and_as_a_stream(http: httpx2.AsyncClient) -> None:
    route = "/api/v1/jobs/pool/1.0/output"
    tail = (await http.get(route, params={"offset": -10})).json()
    assert (tail["text"], tail["next_offset"], tail["state"]) == ("last line\n", len(WRITTEN), "COMPLETED")
    streamed = await http.get(f"{route}/stream")
    assert streamed.headers["content-type"].startswith("text/event-stream")
    frames = [one.encode() for one in streamed.text.split("\n\n") if one]
    assert events(frames) == [
        ("output", {"offset": 0, "text": WRITTEN.decode()}),
        ("end", {"state": "COMPLETED", "exit_code": None}),
    ]
    resumed = await http.get(f"{route}/stream", headers={"Last-Event-ID": "11"})
    assert '"last line' in resumed.text and "first line" not in resumed.text


async def test_output_that_is_not_ones_own_or_not_there_is_refused(http: httpx2.AsyncClient) -> None:
    theirs = await http.get("/api/v1/jobs/pool/2.0/output")
    assert (theirs.status_code, theirs.json()["code"]) == (403, "not_your_job")
    assert (await http.get("/api/v1/jobs/pool/2.0/output/stream")).status_code == 403
    none = await http.get("/api/v1/jobs/pool/1.0/output", params={"stream": "stderr"})
    assert (none.status_code, none.json()["code"]) == (404, "no_output")


@pytest.mark.requirement("CORE-JOBS-14")
async def test_ended_jobs_are_found_in_pages_by_time_owner_and_name(app: FastAPI, http: httpx2.AsyncClient) -> None:
    start = datetime(2026, 1, 1, tzinfo=UTC)
    jobs = [
        memory_job(f"{number}.0", "alice", JobState.COMPLETED).model_copy(
            update={"ended_at": datetime.now(UTC) - timedelta(hours=number), "name": f"scan {number % 2}"}
        )
        for number in range(10, 20)
    ]
    app.state.core.history.record(jobs)
    seen: list[str] = []
    cursor: dict[str, str] = {}
    while True:
        page = (await http.get("/api/v1/jobs/history", params={"name": "SCAN 1", "limit": 2, **cursor})).json()
        seen += [job["job_id"] for job in page["jobs"]]
        if page["next_cursor"] is None:
            break
        cursor = {"cursor": page["next_cursor"]}
    assert seen == ["11.0", "13.0", "15.0", "17.0", "19.0"]
    assert page["observed_at"].keys() == {"pool"}
    early = await http.get("/api/v1/jobs/history", params={"until": start.isoformat()})
    assert early.json()["jobs"] == []
    assert (await http.get("/api/v1/jobs/history", params={"cursor": "x"})).json()["code"] == "bad_input"
    gone = await http.get("/api/v1/jobs/pool/13.0")
    assert (gone.status_code, gone.json()["state"]) == (200, "COMPLETED")


async def test_clusters_their_nodes_and_what_one_may_name_are_told(http: httpx2.AsyncClient) -> None:
    (pool,) = (await http.get("/api/v1/clusters")).json()
    assert (pool["cluster"], pool["jobs"]) == ("pool", {"COMPLETED": 1, "RUNNING": 1})
    assert (await http.get("/api/v1/clusters/pool")).json()["nodes"][0]["cpus"] == 8
    assert (await http.get("/api/v1/clusters/pool/associations")).json()["qos"] == ["normal"]
    assert (await http.get("/api/v1/clusters/nowhere")).status_code == 404


@pytest.mark.requirement("CORE-JOBS-24")
async def test_whose_jobs_come_first_is_told(http: httpx2.AsyncClient) -> None:
    told = (await http.get("/api/v1/clusters/pool/priorities")).json()
    assert told["measure"] == "effective_priority" and told["observed_at"]
    assert [(row["rank"], row["user"], row["group"]) for row in told["users"]] == [
        (1, "bob", "higgs"),
        (2, "alice", None),
    ]
    mine = (await http.get("/api/v1/clusters/pool/priorities", params={"user": "alice"})).json()["users"]
    assert [(row["rank"], row["value"]) for row in mine] == [(2, 5.0)]
    assert (await http.get("/api/v1/clusters/nowhere/priorities")).status_code == 404
