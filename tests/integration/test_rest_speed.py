"""What lists cost, beside what plain FastAPI takes for `/health` here: INK's own figures tell its ratio.

INK answers `/health` 703 times a second and a list of 50 jobs 6.4 times: one list costs what 110 of those answers do.
Time of the processor, so that others on the machine do not count, and of each the best of all rounds. What the server
around both applications costs is left out, which makes our ratio look worse than it is. `make bench NAME=rest` measures
rates.
"""

from __future__ import annotations

import time
from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from fastapi import FastAPI
from pydantic import JsonValue
from pydantic_core import to_json
from starlette.types import Message

from bench.rest import plain
from ink_core.agents import AccessPoint, Answer, InProcessAgents
from ink_core.compute.model import Job
from mcp_tools.doubles import MemoryQueues, memory_job
from tests.security.application import application, signed_in
from worker_agent.protocol import FileKind, FileRow

pytestmark = pytest.mark.integration
LIST = "/api/v2/cr/query_jobs"
PAGE, TREE = "/api/v1/files", "/api/v2/fs/list_path"
JOBS = 50
INK_RATIO = 703 / 6.4
ROUNDS, FEW_ROUNDS, CALLS = 20, 5, 50
Headers = Sequence[tuple[bytes, bytes]]


@dataclass(frozen=True)
class Listing:
    app: FastAPI
    headers: Headers


@pytest.fixture
async def listing(tmp_path: Path) -> AsyncGenerator[Listing]:
    """The whole application, with 50 jobs of alice in a ready index as the mirror makes one at each poll."""
    async with application(tmp_path) as app:
        queues = MemoryQueues({"pool": [job(number) for number in range(JOBS)]})
        index = queues.index("pool")
        queues.index = lambda cluster: index
        app.state.core = replace(app.state.core, queues=queues)
        signed = await signed_in(app, "alice")
        yield Listing(app, [(name.lower().encode(), value.encode()) for name, value in signed.items()])


def job(number: int) -> Job:
    submitted = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(seconds=number)
    return memory_job(f"{number}.0", "alice").model_copy(update={"submitted_at": submitted, "wall_time_s": 144_000})


@pytest.mark.requirement("CORE-JOBS-21")
async def test_a_list_of_fifty_jobs_costs_a_tenth_of_what_it_costs_ink(listing: Listing) -> None:
    answer = await body(listing.app, LIST, listing.headers)
    assert answer.count(b'"2026-01-01') >= JOBS
    lists, healths = list[float](), list[float]()
    for _ in range(ROUNDS):
        lists.append(await cost(listing.app, LIST, listing.headers))
        healths.append(await cost(plain.application(), "/health", ()))
    assert min(lists) / min(healths) <= INK_RATIO / 10


@pytest.mark.parametrize(("path", "rows", "most"), [(PAGE, 500, 25), (TREE, 202, 40)])
async def test_a_directory_is_passed_on_and_holds_up_nobody(tmp_path: Path, path: str, rows: int, most: float) -> None:
    """A page as its agent wrote it, and a list in INK's columns: in as many short answers as `most`."""
    async with application(tmp_path) as app:
        app.state.core = replace(app.state.core, agents=InProcessAgents({AccessPoint("alice"): agent_with(rows)}))
        signed = await signed_in(app, "alice")
        headers = [(name.lower().encode(), value.encode()) for name, value in signed.items()]
        assert (await body(app, path, headers)).count(b"run-") >= rows
        lists = [await cost(app, path, headers) for _ in range(FEW_ROUNDS)]
        healths = [await cost(plain.application(), "/health", ()) for _ in range(FEW_ROUNDS)]
    assert min(lists) / min(healths) <= most


def agent_with(rows: int) -> Callable[[str, Mapping[str, JsonValue]], Awaitable[Answer]]:
    """An agent whose home has so many files."""
    names = [f"run-{number:05}.root" for number in range(rows)]
    files = [
        FileRow(
            name=name,
            path=name,
            kind=FileKind.FILE,
            size=number,
            mode=0o644,
            modified=1767225600.5 + number,
            owner="alice",
            group="physics",
            hidden=False,
        )
        for number, name in enumerate(names)
    ]
    answer = Answer({"path": ".", "total": rows, "next_cursor": None}, to_json(files))

    async def answered(method: str, arguments: Mapping[str, JsonValue]) -> Answer:
        assert method == "files.page"
        return answer

    return answered


async def cost(app: FastAPI, path: str, headers: Headers) -> float:
    """Seconds of the processor for some answers."""
    began = time.process_time()
    for _ in range(CALLS):
        await body(app, path, headers)
    return time.process_time() - began


async def body(app: FastAPI, path: str, headers: Headers) -> bytes:
    sent: list[Message] = []

    async def receive() -> Message:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: Message) -> None:
        sent.append(message)

    scope = {
        "type": "http",
        "asgi": {"version": "3.0", "spec_version": "2.3"},
        "http_version": "1.1",
        "method": "GET",
        "path": path,
        "raw_path": path.encode(),
        "query_string": b"",
        "root_path": "",
        "scheme": "http",
        "headers": headers,
        "client": ("127.0.0.1", 1),
        "server": ("127.0.0.1", 80),
        "state": {},
    }
    await app(scope, receive, send)
    assert sent[0]["status"] == 200
    return b"".join(message.get("body", b"") for message in sent[1:])
