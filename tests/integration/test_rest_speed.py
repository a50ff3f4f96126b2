"""What a list of jobs costs, beside what plain FastAPI takes for `/health` here: INK's own figures tell its ratio.

INK answers `/health` 703 times a second and a list of 50 jobs 6.4 times: one list costs what 110 of those answers do.
Time of the processor, so that others on the machine do not count, and of each the best of all rounds. What the server
around both applications costs is left out, which makes our ratio look worse than it is. `make bench NAME=rest` measures
rates.
"""

from __future__ import annotations

import time
from collections.abc import AsyncGenerator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from fastapi import FastAPI
from starlette.types import Message

from bench.rest.plain import app as plain
from ink_core.compute.model import Job
from mcp_tools.doubles import MemoryQueues, memory_job
from tests.security.application import application, signed_in

pytestmark = pytest.mark.integration
LIST = "/api/v2/cr/query_jobs"
JOBS = 50
INK_RATIO = 703 / 6.4
ROUNDS, CALLS = 20, 50
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
        healths.append(await cost(plain, "/health", ()))
    assert min(lists) / min(healths) <= INK_RATIO / 10


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
