"""Workers join by a token that serves once, come back by a secret of their own, and lose their calls when they go."""

from __future__ import annotations

import asyncio
import json
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from audit.memory import MemoryLedger
from ink_core.clock import ManualClock
from ink_core.errors import AgentFault, AgentLost
from manager.workers.connection import Closed, WorkerConnection
from manager.workers.life import WorkerLife, digest, launched
from manager.workers.listeners import Disconnected
from manager.workers.registry import WorkerRegistry
from worker_agent.protocol import (
    JSONRPC_APPLICATION_ERROR,
    PROTOCOL_VERSION,
    Frame,
    Hello,
    Place,
    Refused,
    TerminalClosed,
    Welcome,
    Wire,
)

WORKER = "w-0123456789abcdef"


class TwoWaySocket:
    """A socket whose other end is the test."""

    def __init__(self) -> None:
        self.sent: asyncio.Queue[str] = asyncio.Queue()
        self.incoming: asyncio.Queue[str | None] = asyncio.Queue()
        self.closed_with: int | None = None

    async def send(self, frame: Frame) -> None:
        assert isinstance(frame, str)
        await self.sent.put(frame)

    async def receive(self) -> str:
        frame = await self.incoming.get()
        if frame is None:
            raise Closed
        return frame

    async def close(self, code: int, reason: str) -> None:
        self.closed_with = code
        await self.incoming.put(None)


def hello(secret: str, **changes: Any) -> Hello:
    given = {
        "version": PROTOCOL_VERSION,
        "worker_id": WORKER,
        "secret": secret,
        "place": Place.EXECUTE,
        "user": "alice",
        "uid": 2001,
        "host": "node1",
        "job_id": "7.0",
        "capabilities": (),
    }
    return Hello.model_validate({**given, **changes})


async def registry_with_worker(ledger: MemoryLedger | None = None) -> WorkerRegistry:
    """With one worker that was launched: on this ledger perhaps long ago, and others have written of it since."""
    ledger = ledger or MemoryLedger()
    registry = WorkerRegistry(ledger, ManualClock())
    if await ledger.chains():
        await registry.recover()
        return registry
    life = WorkerLife(
        worker_id=WORKER,
        user="alice",
        place=Place.EXECUTE,
        cluster="htcondor",
        workspace="/scratch/alice",
        operation_id="op-00000001",
        launch_sha256=digest("launch-token"),
        expected_uid=2001,
    )
    await registry.record(WORKER, launched(life))
    return registry


async def join(registry: WorkerRegistry, secret: str) -> tuple[WorkerConnection, TwoWaySocket, Welcome]:
    socket = TwoWaySocket()
    connection = await registry.accept(hello(secret), socket)
    assert isinstance(connection, WorkerConnection)
    return connection, socket, Welcome.model_validate_json(await socket.sent.get())


@pytest.mark.requirement("WORKER-AUTH-01")
async def test_a_launch_token_serves_once_and_the_resume_secret_afterwards() -> None:
    registry = await registry_with_worker()
    _, _, welcome = await join(registry, "launch-token")
    refusal = await registry.accept(hello("launch-token"), TwoWaySocket())
    assert isinstance(refusal, Refused)
    assert (refusal.code, refusal.retryable) == ("token_used", False)
    _, _, again = await join(registry, welcome.resume_secret)
    assert again.epoch == welcome.epoch + 1


@pytest.mark.requirement("WORKER-AUTH-01")
async def test_a_launch_token_that_was_not_used_in_time_is_refused_and_what_it_opened_before_stays_open() -> None:
    clock = ManualClock()
    registry = WorkerRegistry(MemoryLedger(clock), clock)
    known = (await registry_with_worker()).life(WORKER)
    assert known is not None
    late = "w-fedcba9876543210"
    for worker_id in (WORKER, late):
        life = replace(known, worker_id=worker_id, token_expires_at=clock.now() + timedelta(hours=1))
        await registry.record(worker_id, launched(life))
    _, _, welcome = await join(registry, "launch-token")
    clock.advance(3600)
    refusal = await registry.accept(hello("launch-token", worker_id=late), TwoWaySocket())
    assert isinstance(refusal, Refused)
    assert (refusal.code, refusal.retryable) == ("token_expired", False)
    assert (await join(registry, welcome.resume_secret))[2].epoch == 2


@pytest.mark.requirement("WORKER-AUTH-01")
async def test_another_workers_token_is_refused() -> None:
    registry = await registry_with_worker()
    known = registry.life(WORKER)
    assert known is not None
    other = replace(known, worker_id="w-fedcba9876543210", launch_sha256=digest("other"))
    await registry.record(other.worker_id, launched(other))
    refusal = await registry.accept(hello("other"), TwoWaySocket())
    assert isinstance(refusal, Refused)
    assert refusal.code == "token_invalid"


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"secret": "guess"}, "token_invalid"),
        ({"worker_id": "w-ffffffffffffffff"}, "unknown_worker"),
        ({"uid": 0}, "wrong_user"),
        ({"place": Place.ACCESS_POINT}, "wrong_place"),
        ({"version": 99}, "wrong_version"),
    ],
)
async def test_a_greeting_that_does_not_fit_is_refused(changes: dict[str, Any], code: str) -> None:
    registry = await registry_with_worker()
    refusal = await registry.accept(hello(changes.pop("secret", "launch-token"), **changes), TwoWaySocket())
    assert isinstance(refusal, Refused)
    assert refusal.code == code


async def test_a_worker_of_another_release_is_told_so_and_its_user_hears_that_it_has_ended() -> None:
    registry = await registry_with_worker()
    _, _, welcome = await join(registry, "launch-token")
    refusal = await registry.accept(hello(welcome.resume_secret, version=PROTOCOL_VERSION - 1), TwoWaySocket())
    assert isinstance(refusal, Refused)
    assert (refusal.code, refusal.retryable) == ("wrong_version", False)
    life = registry.life(WORKER)
    assert life is not None and life.gone and registry.connection(WORKER) is None
    assert life.detail is not None and f"it speaks protocol {PROTOCOL_VERSION - 1}" in life.detail


async def test_a_stranger_who_speaks_another_protocol_ends_nobodys_worker() -> None:
    registry = await registry_with_worker()
    connection, _, _ = await join(registry, "launch-token")
    refusal = await registry.accept(hello("guess", version=PROTOCOL_VERSION - 1), TwoWaySocket())
    assert isinstance(refusal, Refused)
    assert refusal.code == "token_invalid"
    assert registry.connection(WORKER) is connection


async def test_a_worker_that_is_gone_may_not_come_back() -> None:
    registry = await registry_with_worker()
    connection, socket, welcome = await join(registry, "launch-token")
    await registry.gone(WORKER, "stopped")
    assert socket.closed_with is not None
    await registry.dropped(connection)
    refusal = await registry.accept(hello(welcome.resume_secret), TwoWaySocket())
    assert isinstance(refusal, Refused)
    assert refusal.code == "unknown_worker"


async def test_a_restarted_manager_knows_its_workers_from_the_ledger() -> None:
    ledger = MemoryLedger()
    first = WorkerRegistry(ledger, ManualClock())
    life = WorkerLife(
        worker_id=WORKER,
        user="alice",
        place=Place.EXECUTE,
        cluster="c",
        workspace="/w",
        operation_id="op-00000001",
        launch_sha256=digest("t"),
        expected_uid=None,
    )
    await first.record(WORKER, launched(life))
    _, _, welcome = await join(first, "t")
    second = WorkerRegistry(ledger, ManualClock())
    await second.recover()
    assert second.connection(WORKER) is None
    _, _, again = await join(second, welcome.resume_secret)
    assert again.epoch == 2


def a_life(number: int, place: Place = Place.EXECUTE) -> WorkerLife:
    return WorkerLife(
        worker_id=f"w-{number:016x}",
        user="alice",
        place=place,
        cluster="c" if place is Place.EXECUTE else None,
        workspace="/w",
        operation_id=f"op-{number:08d}",
        launch_sha256=digest(f"token {number}"),
        expected_uid=None,
    )


async def test_of_workers_that_are_over_only_the_newest_stay_in_memory_and_none_is_lost() -> None:
    clock = ManualClock()
    ledger = MemoryLedger(clock)
    registry = WorkerRegistry(ledger, ManualClock(), kept_over=3)
    for number in range(10):
        clock.advance(1)
        await registry.record(a_life(number).worker_id, launched(a_life(number)))
    for number in range(9):
        await registry.gone(a_life(number).worker_id, "stopped")
    kept = [life.worker_id for life in registry.lives("alice")]
    assert kept == [a_life(number).worker_id for number in (9, 8, 7, 6)]
    for number in range(10):
        life = await registry.known(a_life(number).worker_id)
        assert life is not None and life.gone is (number < 9)
    again = WorkerRegistry(ledger, ManualClock(), kept_over=3)
    await again.recover()
    assert [life.worker_id for life in again.lives("alice")] == kept
    assert (await registry.gone(a_life(0).worker_id, "again")).detail == "again"


async def test_an_access_point_agent_that_memory_has_given_up_may_come_back_and_its_token_still_serves_once() -> None:
    clock = ManualClock()
    registry = WorkerRegistry(MemoryLedger(clock), clock, kept_over=1)
    for number in range(3):
        clock.advance(1)
        await registry.record(a_life(number).worker_id, launched(a_life(number, Place.ACCESS_POINT)))
    oldest = a_life(0).worker_id
    assert registry.life(oldest) is None
    greeting = hello("token 0", worker_id=oldest, place=Place.ACCESS_POINT, uid=1)
    answers = await asyncio.gather(*(registry.accept(greeting, TwoWaySocket()) for _ in range(3)))
    refused = [answer for answer in answers if isinstance(answer, Refused)]
    assert len(refused) == 2 and {one.code for one in refused} <= {"greeting", "token_used"}
    assert registry.access_point("alice") is not None
    later = await registry.accept(greeting, TwoWaySocket())
    assert isinstance(later, Refused) and later.code == "token_used"


async def test_an_answer_reaches_the_call_that_asked_and_a_fault_keeps_its_code() -> None:
    registry = await registry_with_worker()
    connection, socket, welcome = await join(registry, "launch-token")
    serving = asyncio.create_task(connection.serve())
    good = asyncio.create_task(connection.call("files.stat", {"path": "a"}, operation_id="op-00000002", deadline_s=5))
    bad = asyncio.create_task(connection.call("files.stat", {"path": ".."}, operation_id="op-00000003", deadline_s=5))
    first, second = json.loads(await socket.sent.get()), json.loads(await socket.sent.get())
    assert first["params"]["call"]["epoch"] == welcome.epoch
    fault = {"code": "path_outside_workspace", "message": "no", "retryable": False}
    error = {"code": JSONRPC_APPLICATION_ERROR, "message": "no", "data": fault}
    await socket.incoming.put("not json")
    await socket.incoming.put(json.dumps({"jsonrpc": "2.0", "id": second["id"], "error": error}))
    await socket.incoming.put(json.dumps({"jsonrpc": "2.0", "id": first["id"], "result": {"ok": 1}}))
    assert await good == {"ok": 1}
    with pytest.raises(AgentFault) as raised:
        await bad
    assert raised.value.code == "path_outside_workspace"
    serving.cancel()


@pytest.mark.requirement("WORKER-NODE-01")
async def test_calls_in_flight_are_lost_with_their_connection() -> None:
    registry = await registry_with_worker()
    connection, socket, _ = await join(registry, "launch-token")
    serving = asyncio.create_task(connection.serve())
    call = asyncio.create_task(connection.call("worker.ping", {}, operation_id="op-00000002", deadline_s=30))
    await socket.sent.get()
    await socket.incoming.put(None)
    with pytest.raises(AgentLost):
        await call
    await serving


async def test_notifications_reach_those_who_listen() -> None:
    registry = await registry_with_worker()
    connection, socket, _ = await join(registry, "launch-token")
    heard: list[Wire | Disconnected] = []
    with registry.listening(lambda _, notification: heard.append(notification)):
        serving = asyncio.create_task(connection.serve())
        params = {"terminal_id": "t1", "exit_code": 0}
        await socket.incoming.put(json.dumps({"jsonrpc": "2.0", "method": "terminal.closed", "params": params}))
        await socket.incoming.put(json.dumps({"jsonrpc": "2.0", "method": "made.up", "params": {}}))
        await socket.incoming.put(None)
        await serving
    assert heard == [TerminalClosed(terminal_id="t1", exit_code=0)]


async def test_a_worker_whose_welcome_was_lost_with_the_manager_comes_back_with_what_it_has() -> None:
    ledger = MemoryLedger()
    for secret, epoch in (("launch-token", 1), ("launch-token", 2)):
        registry = await registry_with_worker(ledger)
        connection, _, welcome = await join(registry, secret)
        assert connection.epoch == epoch  # and here the manager dies: the worker never reads its welcome
        refusal = await registry.accept(hello("launch-token"), TwoWaySocket())
        assert isinstance(refusal, Refused) and refusal.code == "token_used"
    await join(await registry_with_worker(ledger), welcome.resume_secret)


async def test_a_worker_that_was_heard_has_its_welcome_and_the_old_token_is_used_up() -> None:
    registry = await registry_with_worker()
    connection, socket, welcome = await join(registry, "launch-token")
    await socket.incoming.put('{"jsonrpc": "2.0", "id": 1, "result": null}')
    await socket.incoming.put(None)
    await connection.serve()
    await registry.dropped(connection)
    refusal = await registry.accept(hello("launch-token"), TwoWaySocket())
    assert isinstance(refusal, Refused) and refusal.code == "token_used"
    await join(registry, welcome.resume_secret)
