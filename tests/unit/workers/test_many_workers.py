"""What a worker does costs the same however many there are; what many do at one moment is neither lost nor refused."""

from __future__ import annotations

import asyncio
import gc
import sys
from collections.abc import Awaitable, Sequence
from pathlib import Path
from types import FrameType
from typing import Any

import pytest

from audit.ledger import Event, LedgerUnavailable, Record
from audit.memory import MemoryLedger
from ink_core.agents import AccessPoint, Worker
from ink_core.clock import ManualClock
from manager.workers import registry as registry_module
from manager.workers.connection import Closed, WorkerConnection
from manager.workers.life import WorkerLife, chain_of, digest, launched
from manager.workers.listeners import Disconnected
from manager.workers.registry import WorkerRegistry
from manager.workers.room import Room
from worker_agent.protocol import PROTOCOL_VERSION, Frame, Hello, Place, Refused, Welcome, Wire

ROOM = str(Path(registry_module.__file__).parent)
FEW, MANY = 20, 300


class WelcomedSocket:
    """The worker's end keeps its welcome and says nothing; `lost` is a peer that is gone before it."""

    def __init__(self, lost: bool = False) -> None:
        self._lost = lost
        self.welcome: Welcome | None = None

    async def send(self, frame: Frame) -> None:
        if self._lost:
            raise Closed
        assert isinstance(frame, str)
        self.welcome = Welcome.model_validate_json(frame)

    async def receive(self) -> Frame:
        raise Closed

    async def close(self, code: int, reason: str) -> None: ...


class NarrowLedger(MemoryLedger):
    """Refuses an append when so many wait already, as the real ones do."""

    def __init__(self, most: int) -> None:
        super().__init__()
        self._most, self._waiting = most, 0

    async def append(self, chain: str, *records: Record) -> tuple[Event, ...]:
        if self._waiting >= self._most:
            raise LedgerUnavailable("too many appends wait")
        self._waiting += 1
        await asyncio.sleep(0)
        self._waiting -= 1
        return await super().append(chain, *records)


def worker(number: int) -> str:
    return f"w-{number:016x}"


def hello(number: int, secret: str | None = None) -> Hello:
    return Hello(
        version=PROTOCOL_VERSION,
        worker_id=worker(number),
        secret=secret or f"token {number}",
        place=Place.EXECUTE,
        user="alice",
        uid=2001,
        host="node1",
        job_id=None,
        capabilities=(),
    )


async def expected(registry: WorkerRegistry, number: int) -> None:
    life = WorkerLife(
        worker_id=worker(number),
        user="alice",
        place=Place.EXECUTE,
        cluster="c",
        workspace="/w",
        operation_id=f"op-{number:08d}",
        launch_sha256=digest(f"token {number}"),
        expected_uid=None,
    )
    await registry.record(life.worker_id, launched(life))


async def connected(registry: WorkerRegistry, numbers: Sequence[int]) -> list[WorkerConnection]:
    for number in numbers:
        await expected(registry, number)
    answers = await asyncio.gather(*(registry.accept(hello(number), WelcomedSocket()) for number in numbers))
    return [answer for answer in answers if isinstance(answer, WorkerConnection)]


async def instructions(work: Awaitable[Any]) -> int:
    """How many bytecode instructions of `manager/workers` run meanwhile, by whichever task."""
    count = 0

    def trace(frame: FrameType, event: str, _: Any) -> Any:
        nonlocal count
        if not frame.f_code.co_filename.startswith(ROOM):
            return None
        frame.f_trace_opcodes = True
        count += event == "opcode"
        return trace

    before = sys.gettrace()
    gc.disable()  # what other tests have left would be ended in between
    sys.settrace(trace)
    try:
        await work
    finally:
        sys.settrace(before)
        gc.enable()
    return count


async def everything_of_one(registry: WorkerRegistry, number: int) -> None:
    """A worker greets while somebody waits for it, is looked up and heard, and leaves."""
    waiting = asyncio.create_task(registry.arrival(Worker(worker(number)), 60))
    await asyncio.sleep(0)
    connection = await registry.accept(hello(number), WelcomedSocket())
    assert isinstance(connection, WorkerConnection)
    assert await waiting is connection
    life = registry.by_operation(f"op-{number:08d}")
    assert life is not None and life.connected and registry.life(worker(number)) is life
    await registry.dropped(connection)


async def cost_among(others: int) -> int:
    registry = WorkerRegistry(MemoryLedger(), ManualClock())
    await connected(registry, range(others))
    absent = [asyncio.create_task(registry.arrival(Worker(f"w-{n:012x}"), 60)) for n in range(others)]
    await asyncio.sleep(0)
    await expected(registry, 100_000)
    cost = await instructions(everything_of_one(registry, 100_000))
    for task in absent:
        task.cancel()
    await asyncio.gather(*absent, return_exceptions=True)
    return cost


@pytest.mark.requirement("WORKER-SCALE-01")
async def test_what_one_worker_does_costs_the_same_among_many_others_as_among_few() -> None:
    few, many = await cost_among(FEW), await cost_among(MANY)
    assert few > 100, "nothing was counted"
    assert many == few


@pytest.mark.requirement("WORKER-SCALE-01")
async def test_who_listens_to_one_worker_is_not_asked_about_the_others() -> None:
    registry = WorkerRegistry(MemoryLedger(), ManualClock())
    heard: list[tuple[str, str]] = []

    def hearing(who: str) -> Any:
        def hear(worker_id: str, notification: Wire | Disconnected) -> None:
            heard.append((who, worker_id))

        return hear

    first, second = await connected(registry, range(2))
    with registry.listening(hearing("all")), registry.listening(hearing("first"), first.worker_id):
        await registry.dropped(second)
        await registry.dropped(first)
    registry.hear(first.worker_id, Disconnected())
    assert heard == [("all", second.worker_id), ("all", first.worker_id), ("first", first.worker_id)]


@pytest.mark.requirement("WORKER-SCALE-02")
async def test_more_workers_than_a_ledger_takes_at_once_come_and_go_and_everything_is_on_record() -> None:
    ledger = NarrowLedger(most=16)
    registry = WorkerRegistry(ledger, ManualClock(), room=Room(at_once=16, waiting=MANY))
    connections = await connected(registry, range(MANY))
    assert len(connections) == registry.connected() == MANY
    await asyncio.gather(*(registry.dropped(connection) for connection in connections))
    assert registry.connected() == 0
    for number in range(MANY):
        kinds = [event.kind for event in await ledger.read(chain_of(worker(number)))]
        assert kinds == ["worker.launched", "worker.connected", "worker.disconnected"]


@pytest.mark.requirement("WORKER-SCALE-02")
async def test_beyond_what_may_wait_a_worker_is_told_to_come_again_and_then_it_may() -> None:
    registry = WorkerRegistry(NarrowLedger(most=1), ManualClock(), room=Room(at_once=1, waiting=2))
    for number in range(10):
        await expected(registry, number)
    answers = await asyncio.gather(*(registry.accept(hello(number), WelcomedSocket()) for number in range(10)))
    refused = {number: answer for number, answer in enumerate(answers) if isinstance(answer, Refused)}
    assert 0 < len(refused) < 10
    assert {(answer.code, answer.retryable) for answer in refused.values()} == {("busy", True)}
    for number in refused:
        assert isinstance(await registry.accept(hello(number), WelcomedSocket()), WorkerConnection)
    assert registry.connected() == 10


@pytest.mark.requirement("WORKER-SCALE-02")
async def test_a_worker_whose_welcomes_were_lost_again_and_again_still_comes_back() -> None:
    ledger = MemoryLedger()
    registry = WorkerRegistry(ledger, ManualClock())
    await expected(registry, 1)
    for _ in range(3):
        with pytest.raises(Closed):
            await registry.accept(hello(1), WelcomedSocket(lost=True))
        registry = WorkerRegistry(ledger, ManualClock())
        await registry.recover()
    socket = WelcomedSocket()
    connection = await registry.accept(hello(1), socket)
    assert isinstance(connection, WorkerConnection) and socket.welcome is not None
    connection.heard = True
    await registry.dropped(connection)
    used = await registry.accept(hello(1), WelcomedSocket())
    assert isinstance(used, Refused) and used.code == "token_used"
    again = await registry.accept(hello(1, socket.welcome.resume_secret), WelcomedSocket())
    assert isinstance(again, WorkerConnection)


async def test_who_waits_in_vain_for_an_agent_leaves_nothing_behind() -> None:
    registry = WorkerRegistry(MemoryLedger(), ManualClock())
    assert await registry.arrival(AccessPoint("alice"), 0) is None
    waiting = [asyncio.create_task(registry.arrival(Worker(worker(1)), 60)) for _ in range(3)]
    await asyncio.sleep(0)
    waiting[0].cancel()
    (connection,) = await connected(registry, [1])
    assert await asyncio.gather(*waiting[1:]) == [connection, connection]
