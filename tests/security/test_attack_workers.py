"""A worker is the user's own process, so it may say anything: nothing it says or leaves unsaid harms anybody else."""

from __future__ import annotations

import asyncio
import base64
import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from starlette.responses import PlainTextResponse
from starlette.types import Message

from audit.ledger import Event, Record
from audit.memory import MemoryLedger
from ink_core.clock import ManualClock
from ink_core.errors import AgentFault, BadInput, DeadlineExceeded
from manager.api.worker_door import MAX_HELLO, PATH, REFUSED, WorkerDoor
from manager.workers import connection as connection_module
from manager.workers.connection import Closed, WorkerConnection
from manager.workers.life import WorkerLife, digest, launched
from manager.workers.listeners import Disconnected
from manager.workers.registry import WorkerRegistry
from worker_agent.protocol import (
    JSONRPC_APPLICATION_ERROR,
    MAX_FRAME_BYTES,
    PROTOCOL_VERSION,
    Frame,
    Hello,
    Place,
    Refused,
    Wire,
)
from worker_agent.protocol.wire import MAX_PIECE_CHARACTERS

WORKER = "w-0123456789abcdef"


class Peer:
    """The worker's end of a socket. `reads` is cleared for a worker that takes nothing off the wire."""

    def __init__(self) -> None:
        self.sent: asyncio.Queue[str] = asyncio.Queue()
        self.incoming: asyncio.Queue[str | None] = asyncio.Queue()
        self.reads = asyncio.Event()
        self.reads.set()
        self.closed_with: int | None = None

    async def send(self, frame: Frame) -> None:
        assert isinstance(frame, str)
        await self.reads.wait()
        self.sent.put_nowait(frame)

    async def receive(self) -> str:
        frame = await self.incoming.get()
        if frame is None:
            raise Closed
        return frame

    async def close(self, code: int, reason: str) -> None:
        self.closed_with = code
        self.incoming.put_nowait(None)


def hello(secret: str) -> Hello:
    return Hello(
        version=PROTOCOL_VERSION,
        worker_id=WORKER,
        secret=secret,
        place=Place.EXECUTE,
        user="alice",
        uid=2001,
        host="node1",
        job_id=None,
        capabilities=(),
    )


async def registry_with_worker(ledger: MemoryLedger | None = None) -> WorkerRegistry:
    registry = WorkerRegistry(ledger or MemoryLedger(), ManualClock())
    life = WorkerLife(
        worker_id=WORKER,
        user="alice",
        place=Place.EXECUTE,
        cluster="pool",
        workspace="/scratch/alice",
        operation_id="op-00000001",
        launch_sha256=digest("launch-token"),
        expected_uid=2001,
    )
    await registry.record(WORKER, launched(life))
    return registry


async def answered(*frames: object) -> Any:
    """What one call returns when the worker sends these frames."""
    peer = Peer()
    worker = WorkerConnection(peer, WORKER, 1, lambda *_: None)
    serving = asyncio.create_task(worker.serve())
    try:
        async with asyncio.timeout(100):
            call = asyncio.create_task(worker.call("files.stat", {}, operation_id="op-00000001", deadline_s=4))
            request = json.loads(await peer.sent.get())
            for frame in frames:
                text = frame if isinstance(frame, str) else json.dumps(frame)
                peer.incoming.put_nowait(text.replace('"THE ID"', str(request["id"])))
            return await call
    finally:
        peer.incoming.put_nowait(None)
        await serving


@pytest.mark.requirement("WORKER-AUTH-01")
async def test_of_many_greetings_at_once_with_one_launch_token_exactly_one_counts() -> None:
    registry = await registry_with_worker()
    answers = await asyncio.gather(*(registry.accept(hello("launch-token"), Peer()) for _ in range(20)))
    assert sum(isinstance(answer, WorkerConnection) for answer in answers) == 1
    refusals = {answer.code for answer in answers if isinstance(answer, Refused)}
    assert refusals <= {"greeting", "token_used"}
    assert registry.connected() == 1


@pytest.mark.requirement("WORKER-AUTH-01")
async def test_a_connection_that_a_newer_one_replaces_is_closed() -> None:
    registry, first = await registry_with_worker(), Peer()
    await registry.accept(hello("launch-token"), first)
    welcome = json.loads(await first.sent.get())
    newer = await registry.accept(hello(welcome["resume_secret"]), Peer())
    assert isinstance(newer, WorkerConnection)
    assert first.closed_with is not None
    assert registry.connection(WORKER) is newer


async def greeted(door: WorkerDoor, greeting: str) -> list[Message]:
    """What the door says to a stranger who sends this and hangs up."""
    coming: list[Message] = [{"type": "websocket.connect"}, {"type": "websocket.receive", "text": greeting}]
    said: list[Message] = []

    async def receive() -> Message:
        return coming.pop(0) if coming else {"type": "websocket.disconnect", "code": 1000}

    async def send(message: Message) -> None:
        said.append(message)

    await door({"type": "websocket", "path": PATH}, receive, send)
    return said


@pytest.mark.requirement("WORKER-AUTH-01")
async def test_a_greeting_of_millions_of_things_is_not_even_read() -> None:
    registry = await registry_with_worker()
    door = WorkerDoor(PlainTextResponse("not here"), registry)
    many = hello("launch-token").model_copy(update={"capabilities": ("a",) * MAX_HELLO})
    accepted, refused, closed = await greeted(door, many.model_dump_json())
    assert json.loads(refused["text"])["code"] == "bad_hello"
    assert (accepted["type"], closed["code"], registry.connected()) == ("websocket.accept", REFUSED, 0)
    usual = await greeted(door, hello("launch-token").model_dump_json())
    assert json.loads(usual[1]["text"])["kind"] == "welcome", "the token was not used up"


async def test_what_is_recorded_of_a_worker_at_the_same_moment_is_all_kept() -> None:
    class SlowLedger(MemoryLedger):
        async def append(self, chain: str, *records: Record) -> tuple[Event, ...]:
            events = await super().append(chain, *records)
            await asyncio.sleep(0)
            return events

    registry = await registry_with_worker(SlowLedger())
    peer = Peer()
    submitted = registry.record(WORKER, Record("worker.submitted", {"job_id": "7.0"}))
    await asyncio.gather(submitted, registry.accept(hello("launch-token"), peer))
    life = registry.life(WORKER)
    assert life is not None
    assert (life.job_id, life.epoch, life.connected) == ("7.0", 1, True)
    assert life.resume_sha256 == digest(json.loads(await peer.sent.get())["resume_secret"])


@pytest.mark.parametrize(
    "nonsense",
    [
        "",
        "{",
        "[]",
        "null",
        '"x"',
        "1e999",
        "[" * 500,
        *({"id": id_, "result": "forged"} for id_ in ([1], {}, None, "1", 2)),
    ],
    ids=str,
)
async def test_frames_without_sense_and_answers_to_other_questions_are_passed_over(nonsense: object) -> None:
    assert await answered(nonsense, {"jsonrpc": "2.0", "id": "THE ID", "result": "true answer"}) == "true answer"


@pytest.mark.parametrize(
    "error",
    [
        "text",
        7,
        [],
        {},
        {"code": JSONRPC_APPLICATION_ERROR},
        {"code": JSONRPC_APPLICATION_ERROR, "message": "x", "data": "x"},
        {"code": JSONRPC_APPLICATION_ERROR, "message": "x", "data": {"code": 1}},
        {"code": 5, "message": ["x"] * 100_000},
    ],
    ids=lambda error: str(error)[:40],
)
async def test_an_error_of_any_shape_becomes_a_typed_fault_with_a_bounded_text(error: object) -> None:
    with pytest.raises(AgentFault) as refusal:
        await answered({"jsonrpc": "2.0", "id": "THE ID", "error": error})
    assert len(str(refusal.value)) < 1000


_json = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=8,
)
_fields = st.dictionaries(st.sampled_from(["id", "method", "params", "error", "data", "jsonrpc"]), _json)
_methods = st.sampled_from(["process.output", "terminal.output", "terminal.closed"])


@settings(max_examples=150, deadline=None)
@given(frames=st.lists(_fields | st.builds(lambda m, p: {"method": m, "params": p}, _methods, _json), max_size=5))
def test_whatever_a_worker_sends_its_connection_still_serves_the_next_call(frames: list[dict[str, Any]]) -> None:
    harmless = [frame for frame in frames if frame.get("id") != 1]
    assert asyncio.run(answered(*harmless, {"jsonrpc": "2.0", "id": "THE ID", "result": 42})) == 42


async def test_a_worker_that_does_not_read_keeps_nobody_beyond_the_deadline(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connection_module, "GRACE_S", 0.01)
    peer = Peer()
    peer.reads.clear()
    worker = WorkerConnection(peer, WORKER, 1, lambda *_: None)
    with pytest.raises(DeadlineExceeded):
        await worker.call("terminal.write", {}, operation_id="op-00000001", deadline_s=0.01)


@pytest.mark.parametrize(
    "arguments", [{"argv": ["x" * MAX_FRAME_BYTES]}, {"offset": 2**70}], ids=["huge", "big integer"]
)
async def test_what_a_worker_could_not_take_is_never_sent(arguments: dict[str, Any]) -> None:
    peer = Peer()
    worker = WorkerConnection(peer, WORKER, 1, lambda *_: None)
    with pytest.raises(BadInput):
        await worker.call("process.run", arguments, operation_id="op-00000001", deadline_s=5)
    assert peer.sent.empty()


async def test_notifications_beyond_a_piece_are_dropped_and_none_speaks_for_another_worker() -> None:
    heard: list[tuple[str, Wire | Disconnected]] = []
    registry, peer = await registry_with_worker(), Peer()
    worker = await registry.accept(hello("launch-token"), peer)
    assert isinstance(worker, WorkerConnection)
    with registry.listening(lambda worker_id, notification: heard.append((worker_id, notification))):
        for data in ("A" * (MAX_PIECE_CHARACTERS + 4), base64.b64encode(b"fine").decode()):
            params = {"terminal_id": "t1", "offset": 0, "data": data}
            frame = {"jsonrpc": "2.0", "method": "terminal.output", "params": params, "worker_id": "w-ffffffffffffffff"}
            peer.incoming.put_nowait(json.dumps(frame))
        peer.incoming.put_nowait(None)
        await worker.serve()
    assert [worker_id for worker_id, _ in heard] == [WORKER]
