"""A large result from the tool to whoever reads on: model, MCP client or program, for its own user only, bounded."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncGenerator
from typing import Any

import pytest
from mcp import Client

from audit.chains import session_chain
from audit.ledger import Event
from audit.memory import MemoryLedger
from ink_core.clock import SystemClock
from ink_core.compute.model import Job
from ink_core.errors import Forbidden, NotFound
from ink_core.identity.principal import USER_SCOPES, Principal, Scope
from manager.agent.assembler import Assembler
from manager.agent.choice import ModelChoice
from manager.agent.model import ModelReply, ModelRequest, RequestedCall, TextDelta, ToolTurn, TrustClass
from manager.agent.state import LoopLimits
from manager.gate.admission import Proposal
from manager.gate.door import GateDoor
from manager.gate.gate import Gate, GateLimits
from manager.gate.policy import Origin
from manager.gate.policy_file import load_policy
from manager.gate.recorded import RECORDED_RESULT_BYTES
from manager.gate.results import NoResult, ResultExpired
from manager.sessions.live import LiveChannels
from manager.sessions.parts import RunnerParts
from manager.sessions.service import SessionService
from mcp_tools.catalogue import default_catalogue
from mcp_tools.doubles import MemoryAgents, MemoryQueues, memory_job, services
from mcp_tools.server import Parts, build_server
from mcp_tools.truncate import MODEL_BYTES, as_json

pytestmark = pytest.mark.requirement("AGENT-LOOP-07")

ALICE = Principal(username="alice", is_admin=False, scopes=USER_SCOPES, credential="token:1")
BOB = ALICE.model_copy(update={"username": "bob"})
NARROW = ALICE.model_copy(update={"scopes": frozenset({Scope.FILES_READ}), "credential": "token:2"})
JOBS = 900


def many_jobs() -> list[Job]:
    return [memory_job(f"{number}.0", "alice") for number in range(1, JOBS + 1)]


class Centre:
    """A gate over a queue whose list is far larger than what the ledger holds of one result."""

    def __init__(self) -> None:
        self.ledger = MemoryLedger()
        self.catalogue = default_catalogue()
        self.queues = MemoryQueues({"local": many_jobs()})
        self.gate = self.restarted()

    def restarted(self) -> Gate:
        policy = load_policy(None)
        centre = services(MemoryAgents({}, {}), self.queues)
        return Gate(self.ledger, self.catalogue, lambda: policy, centre, SystemClock(), GateLimits())

    async def listed(self, call_id: str = "c-1", **arguments: Any) -> str:
        given = {"limit": JOBS, **arguments}
        await self.gate.propose(Proposal(call_id, "list_jobs", given, ALICE, Origin.REST, "portal:alice"))
        await self.gate.wait(call_id, 5)
        return call_id


async def test_the_whole_result_is_there_for_its_own_user_and_nobody_else() -> None:
    centre = Centre()
    call_id = await centre.listed()
    (*_, outcome) = await centre.ledger.read("portal:alice")
    assert len(str(outcome.body["result"])) < 2 * RECORDED_RESULT_BYTES
    whole = centre.gate.results.whole(ALICE, call_id)
    assert isinstance(whole, dict) and isinstance(jobs := whole["jobs"], list) and len(jobs) == JOBS
    with pytest.raises(NotFound, match="you have no call"):
        centre.gate.results.whole(BOB, call_id)
    with pytest.raises(NotFound, match="there is no call"):
        centre.gate.results.whole(ALICE, "c-2")


async def test_a_credential_with_less_scopes_reads_no_result_of_a_tool_it_could_not_call() -> None:
    centre = Centre()
    call_id = await centre.listed()
    with pytest.raises(Forbidden, match="jobs:read"):
        centre.gate.results.whole(NARROW, call_id)
    with pytest.raises(Forbidden, match="jobs:read"):
        await GateDoor(centre.gate).view(NARROW, call_id, wait_s=0)


async def test_a_call_that_failed_has_no_result() -> None:
    centre = Centre()
    call_id = await centre.listed(cluster="nowhere")
    with pytest.raises(NoResult, match=r"it is (failed|refused)"):
        centre.gate.results.whole(ALICE, call_id)


async def test_after_a_restart_a_large_result_has_expired_and_a_small_one_is_still_read() -> None:
    centre = Centre()
    large, small = await centre.listed("c-1"), await centre.listed("c-2", limit=20)
    gate = centre.restarted()
    await gate.recover()
    with pytest.raises(ResultExpired, match="call list_jobs again"):
        gate.results.whole(ALICE, large)
    kept = gate.results.whole(ALICE, small)
    assert isinstance(kept, dict) and isinstance(jobs := kept["jobs"], list) and len(jobs) == 20


async def test_an_mcp_client_gets_what_fits_and_reads_on_to_the_end() -> None:
    centre = Centre()
    server = build_server(Parts(centre.catalogue, GateDoor(centre.gate), lambda _: ALICE, version="1"))
    async with Client(server) as client:
        first = await client.call_tool("list_jobs", {"limit": JOBS})
        content = first.structured_content
        assert content is not None and len(as_json(content)) <= MODEL_BYTES
        assert json.loads(getattr(first.content[0], "text", "")) == content
        handle, seen = content["call_id"], list[str](job["job_id"] for job in content["shown"]["jobs"])
        assert content["shown"]["_cut"] == [f"/jobs: the first {len(seen)} of {JOBS}"]
        offset = len(seen)
        while offset is not None:
            asked = {"call_id": handle, "pointer": "/jobs", "offset": offset}
            piece = (await client.call_tool("read_result", asked)).structured_content
            assert piece is not None and len(as_json(piece)) <= MODEL_BYTES
            seen += [job["job_id"] for job in piece["value"]]
            offset = piece["next_offset"]
        polled = (await client.call_tool("get_call", {"call_id": handle})).structured_content
    assert len(set(seen)) == len(seen) == JOBS
    assert polled is not None and f"read_result with call_id {handle}" in polled["result"]["_rest"]


class ReadsOn:
    """A model that lists the jobs and then reads on by the handle that it finds, until nothing is left."""

    name = "reads on"
    trust = TrustClass.SITE

    def __init__(self) -> None:
        self.seen: list[str] = []
        self.largest = 0

    async def stream(self, request: ModelRequest) -> AsyncGenerator[TextDelta | ModelReply, None]:
        last = request.turns[-1]
        if not isinstance(last, ToolTurn):
            yield _calls("list_jobs", {"limit": JOBS})
            return
        self.largest = max(self.largest, len(last.content.encode()))
        shown = json.loads(last.content)
        jobs = shown["jobs"] if last.tool == "list_jobs" else shown["value"]
        self.seen += [job["job_id"] for job in jobs]
        offset = len(self.seen) if last.tool == "list_jobs" else shown["next_offset"]
        if offset is None:
            yield ModelReply("that is all", ())
            return
        handle = shown["_rest"].split("call_id ")[1].split(",")[0] if last.tool == "list_jobs" else shown["call_id"]
        yield _calls("read_result", {"call_id": handle, "pointer": "/jobs", "offset": offset})


def _is_end(event: Event) -> bool:
    return event.kind == "turn.ended"


def _calls(tool: str, arguments: dict[str, Any]) -> ModelReply:
    return ModelReply("", (RequestedCall("m1", tool, arguments, json.dumps(arguments)),))


async def test_a_model_reads_on_by_the_handle_in_its_context() -> None:
    centre, model = Centre(), ReadsOn()
    centre.queues = MemoryQueues({"local": many_jobs()[:110]})
    centre.gate = centre.restarted()
    assembler = Assembler(lambda who: centre.catalogue.offered(who.scopes), centre.queues.clusters)
    parts = RunnerParts(
        centre.ledger, centre.gate, ModelChoice([model]), assembler.request, LiveChannels(), LoopLimits()
    )
    sessions = SessionService(parts)
    session = await sessions.open(ALICE, "", None)
    await sessions.post(ALICE, session.session_id, "list all my jobs")
    ended: list[Event] = []
    async with asyncio.timeout(100):
        while not ended:
            ended = [event for event in await centre.ledger.read(session_chain(session.session_id)) if _is_end(event)]
            await asyncio.sleep(0)
    assert ended[0].body["reason"] == "answered", ended[0].body
    assert len(model.seen) == len(set(model.seen)) == 110
    assert model.largest <= MODEL_BYTES
