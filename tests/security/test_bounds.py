"""One user cannot grow the memory or the ledger of the manager without limit: typed errors say when it is too much."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest
from fastapi import FastAPI
from httpx2 import Response
from pydantic import JsonValue

from audit.memory import MemoryLedger
from ink_core.api.open_streams import OpenStreams, TooManyStreams
from ink_core.clock import ManualClock
from ink_core.errors import BadInput, Throttled
from ink_core.identity.principal import USER_SCOPES, Principal
from manager.gate.admission import Proposal
from manager.gate.door import GateDoor
from manager.gate.gate import Gate, GateLimits
from manager.gate.policy import Origin
from manager.gate.policy_file import load_policy
from manager.gate.recorded import REFUSED_ARGUMENTS_BYTES
from manager.gate.refusals import WINDOW, Refusals, TooManyRefusals
from mcp_tools.catalogue import default_catalogue
from mcp_tools.doubles import MemoryAgents, MemoryQueues, memory_job, services
from tests.security.application import application, client, signed_in

ALICE = Principal(username="alice", is_admin=False, scopes=USER_SCOPES, credential="session:1")
BOB = ALICE.model_copy(update={"username": "bob"})


class Centre:
    def __init__(self, limits: GateLimits) -> None:
        self.ledger, self.clock = MemoryLedger(), ManualClock()
        policy = load_policy(None)
        centre = services(MemoryAgents({}, {}), MemoryQueues({"pool": [memory_job("1.0", "bob")]}))
        self.gate = Gate(self.ledger, default_catalogue(), lambda: policy, centre, self.clock, limits)
        self.door = GateDoor(self.gate)

    async def nonsense(self, by: Principal = ALICE, **arguments: JsonValue) -> str:
        chain = f"portal:{by.username}"
        view = await self.door.call(by, "list_jobs", {"nonsense": 1, **arguments}, origin="rest", chain=chain, wait_s=5)
        return view.status

    async def recorded(self, chain: str = "portal:alice") -> list[str]:
        return [event.kind for event in await self.ledger.read(chain)]


async def test_refused_calls_beyond_the_limit_are_throttled_and_leave_one_record() -> None:
    centre = Centre(GateLimits(max_refusals=3))
    for _ in range(3):
        assert await centre.nonsense() == "refused"
    for _ in range(20):
        with pytest.raises(Throttled, match=r"unknown field.*3 calls of alice were refused within 10 min") as caught:
            await centre.nonsense()
        assert (caught.value.code, caught.value.retryable) == ("too_many_refusals", True)
    assert await centre.recorded() == ["call.proposed", "call.refused"] * 3 + ["calls.throttled"]
    assert await centre.nonsense(BOB) == "refused"
    good = await centre.door.call(ALICE, "list_jobs", {}, origin="rest", chain="portal:alice", wait_s=5)
    assert good.status == "done"
    centre.clock.advance(WINDOW.total_seconds())
    assert await centre.nonsense() == "refused"


async def test_the_refused_calls_of_the_model_are_the_loops_to_bound() -> None:
    centre = Centre(GateLimits(max_refusals=1))
    for number in range(5):
        state = await centre.gate.propose(
            Proposal(f"s1.1.{number}", "list_jobs", {"nonsense": 1}, ALICE, Origin.MODEL, "session:s1")
        )
        assert state.status.value == "refused"


async def test_of_large_arguments_that_are_refused_the_ledger_keeps_the_head() -> None:
    centre = Centre(GateLimits())
    assert await centre.nonsense(text="x" * 1_000_000) == "refused"
    (proposed, _) = await centre.ledger.read("portal:alice")
    arguments = proposed.body["arguments"]
    assert isinstance(arguments, dict) and arguments["cut"] is True and len(str(arguments["sha256"])) == 64
    assert len(str(arguments["head"])) == REFUSED_ARGUMENTS_BYTES


async def test_calls_that_wait_may_hold_only_so_many_bytes_of_one_user() -> None:
    centre = Centre(GateLimits(max_open_bytes_per_user=1_000))
    wanted: dict[str, JsonValue] = {"job_ids": ["1.0"], "reason": "x" * 900}
    first = await centre.door.call(ALICE, "remove_jobs", wanted, origin="rest", chain="portal:alice", wait_s=5)
    second = await centre.door.call(ALICE, "remove_jobs", wanted, origin="rest", chain="portal:alice", wait_s=5)
    third = await centre.door.call(ALICE, "remove_jobs", wanted, origin="rest", chain="portal:alice", wait_s=5)
    assert [first.status, second.status, third.status] == ["waiting_approval", "waiting_approval", "refused"]
    assert third.error is not None and third.error.code == "too_many_open_calls"


def test_refusals_are_forgotten_one_by_one_as_time_goes_on() -> None:
    refusals, clock, why = Refusals(limit=2), ManualClock(), BadInput("no")
    refusals.count("alice", clock.now(), why)
    clock.advance(60)
    refusals.count("alice", clock.now(), why)
    later = clock.now() + WINDOW - timedelta(seconds=60)
    with pytest.raises(TooManyRefusals) as first:
        refusals.count("alice", later - timedelta(seconds=1), why)
    with pytest.raises(TooManyRefusals) as second:
        refusals.count("alice", later - timedelta(seconds=1), why)
    assert (first.value.first, second.value.first) == (True, False)
    refusals.count("alice", later, why)


def test_a_user_has_so_many_streams_and_others_have_theirs() -> None:
    streams = OpenStreams(most=2)
    with streams.one("alice"):
        with streams.one("alice"):
            with pytest.raises(TooManyStreams, match="alice has 2"), streams.one("alice"):
                pass
            with streams.one("bob"):
                pass
        with streams.one("alice"):
            pass


async def test_a_stream_is_counted_until_it_ends(tmp_path: Path) -> None:
    async with application(tmp_path) as app, client(app) as http:
        streams = OpenStreams(most=1)
        app.state.platform = replace(app.state.platform, core=replace(app.state.core, streams=streams))
        alice = await signed_in(app, "alice")
        opened = (await http.post("/api/v1/sessions", json={}, headers=alice)).json()
        route = f"/api/v1/sessions/{opened['session_id']}/stream"
        for _ in range(2):
            reading = asyncio.create_task(http.get(route, headers=alice))
            await until(lambda: streams.held("alice") == 1)
            refused = await http.get(route, headers=alice)
            assert (refused.status_code, refused.json()["code"]) == (429, "too_many_streams")
            await until(partial(_ended, app, reading))
            assert reading.result().status_code == 200 and "session.opened" in reading.result().text
            assert streams.held("alice") == 0


def _ended(app: FastAPI, reading: asyncio.Task[Response]) -> bool:
    app.state.platform.sessions.end_streams()
    return reading.done()


async def until(holds: Callable[[], object]) -> None:
    async with asyncio.timeout(100):
        while not holds():
            await asyncio.sleep(0.01)
