"""Does what is due for one child until it has ended: one of these waits behind each `delegate` that runs.

It is woken by the records of the child's chain and of its parent's: a parent's turn that ends, however it does, takes
its children with it, level by level.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import timedelta

import structlog
from pydantic import JsonValue

from audit.chains import session_chain
from audit.ledger import Ledger, LedgerUnavailable, Record
from ink_core.clock import Clock
from ink_core.errors import InkError
from ink_core.identity.principal import Principal
from manager.gate.admission import Proposal
from manager.gate.gate import Gate
from manager.gate.policy import Origin
from manager.sessions.turns import message_record
from manager.sessions.view import SessionView
from manager.subagents import errand as machine
from manager.subagents.briefing import REMINDER
from manager.subagents.errand import Ending, Errand, Step
from manager.subagents.sessions import ChildSessions
from manager.subagents.waiting import Waiting
from mcp_tools.context import AgentLauncher

log = structlog.get_logger()

MINUTE_S = 60
LOOK_S = 1.0
"""How often is looked whether a worker is ready, of which no record of the child's chain tells."""


@dataclass(frozen=True)
class Child:
    """What a child is opened with. `call_id` is the call of its parent that it works for, `turn` the one of that.

    `principal` is whose rights the child has, `owner` the same user with those of its parent.
    """

    session_id: str
    parent: str
    call_id: str
    profile: str
    principal: Principal
    owner: Principal
    path: str
    goal: str
    opened: Record
    worker_id: str | None
    cluster: str | None
    own_worker: bool
    minutes: int

    @property
    def turn(self) -> int:
        return int(self.call_id.split(".")[1])


Remember = Callable[[SessionView, Mapping[str, JsonValue]], Awaitable[None]]
"""Keeps what a child has handed in for those who work on the same task."""


async def for_nobody(child: SessionView, result: Mapping[str, JsonValue]) -> None:
    """Where there are no tasks."""


@dataclass(frozen=True)
class RunningParts:
    ledger: Ledger
    clock: Clock
    gate: Gate
    sessions: ChildSessions
    launcher: AgentLauncher
    remember: Remember = for_nobody


class ErrandRun:
    def __init__(self, child: Child, parts: RunningParts) -> None:
        self._child = child
        self._parts = parts
        self._errand = Errand(child.session_id, own_worker=child.own_worker)
        self._waiting = Waiting(child.session_id, child.call_id, child.profile)
        self._own, self._above = session_chain(child.session_id), session_chain(child.parent)
        self._seen = {self._own: 0, self._above: 0}

    async def run(self) -> Ending:
        """Raises an `InkError` where a record cannot be written; then the child may go on, and nobody waits for it."""
        await self._look_above()
        async with self._woken() as wake:
            await self._catch_up()
            while not isinstance(step := machine.next_step(self._errand), machine.Finish):
                await self._take(step)
                while not await self._catch_up() and machine.next_step(self._errand) == step:
                    await self._sleep(wake)
            await self._leave_nothing()
            return step.ending

    async def _leave_nothing(self) -> None:
        """Of the child: a worker that it shared with its parent goes on, and what it started there does not."""
        await self._parts.gate.chains.stop_background(self._own)
        self._waiting = self._waiting.over()
        await self._tell_above()

    async def _take(self, step: Step) -> None:
        """What cannot be done ends the errand; what is left of it is still cleared away."""
        try:
            await self._do(step)
        except LedgerUnavailable:
            raise
        except InkError as error:
            if isinstance(step, machine.StopWorker):  # it ends by itself when nothing has called it for long
                log.warning("worker_not_stopped", worker_id=step.worker_id, code=error.code)
                self._errand = replace(self._errand, worker_gone=True)
                return
            if self._errand.called_off is not None:
                raise
            self._call_off(error.code, str(error))

    async def _look_above(self) -> None:
        """Before a restart the parent's turn may have ended."""
        parent = await self._parts.sessions.view(self._child.parent)
        for event in await self._parts.ledger.read(self._above):
            self._waiting = self._waiting.of_parent(event)
        self._seen[self._above] = parent.last_seq
        if not parent.running or parent.turn != self._child.turn:
            self._call_off("cancelled", "the turn that it worked for has ended")

    async def _do(self, step: Step) -> None:
        sessions, child = self._parts.sessions, self._child
        match step:
            case machine.Open():
                first = [] if child.own_worker else [message_record(child.principal, child.goal)]
                await sessions.open(child.session_id, child.opened, *first)
            case machine.Launch():
                wanted: dict[str, JsonValue] = {"cluster": child.cluster, "wall_time_s": child.minutes * MINUTE_S}
                await self._propose(machine.launch_id(child.session_id), "launch_agent", Origin.MODEL, wanted)
            case machine.Begin():
                await sessions.tell(child.session_id, child.principal, child.goal, self._errand.worker_id)
            case machine.Remind():
                await sessions.tell(child.session_id, child.principal, REMINDER, self._worker_id)
            case machine.Halt(why):
                await sessions.end(child.session_id, why)
            case machine.CallOffLaunch():
                self._errand = replace(self._errand, launch_called_off=True)
                await self._parts.gate.withdraw(machine.launch_id(child.session_id), "the harness")
            case machine.StopWorker(worker_id):
                gone: dict[str, JsonValue] = {"worker_id": worker_id}
                await self._propose(machine.stop_id(child.session_id), "stop_agent", Origin.HARNESS, gone)
            case machine.Wait() | machine.Finish():
                pass

    @property
    def _worker_id(self) -> str | None:
        return self._errand.worker_id or self._child.worker_id

    async def _propose(self, call_id: str, tool: str, origin: Origin, arguments: Mapping[str, JsonValue]) -> None:
        """Launching derives from the words of the parent's model, so it is put to the gate as such a call."""
        path, owner = self._child.path, self._child.owner
        proposal = Proposal(call_id, tool, arguments, owner, origin, self._own, agent=path)
        await self._parts.gate.propose(proposal)

    async def _catch_up(self) -> bool:
        """Fold what the chains gained; whether that was anything of the child's."""
        news = await self._parts.ledger.read(self._own, after=self._seen[self._own])
        for event in news:
            self._errand = machine.fold(self._errand, event)
            self._waiting = self._waiting.of_child(event)
            self._seen[self._own] = event.seq
        for event in await self._parts.ledger.read(self._above, after=self._seen[self._above]):
            self._seen[self._above] = event.seq
            if event.kind == "turn.ended" and event.body["turn"] == self._child.turn:
                self._call_off("cancelled", f"the turn that it worked for has ended: {event.body['detail']}")
        await self._tell_above()
        self._look()
        return bool(news)

    async def _tell_above(self) -> None:
        """Whoever reads the parent's conversation learns what waits for an approver below it."""
        while (record := self._waiting.due()) is not None:
            for event in await self._parts.ledger.append(self._above, record):
                self._waiting = self._waiting.of_parent(event)

    def _look(self) -> None:
        """At the time and at the worker, which no record tells of."""
        if (left := self._left_s()) is not None and left <= 0:
            self._call_off("timed_out", f"it was not done within its {self._child.minutes} minutes")
        if (worker_id := self._errand.worker_id) is not None and not self._errand.begun:
            agents = self._parts.launcher.list(self._child.principal.username)
            state = next((agent.state for agent in agents if agent.worker_id == worker_id), "gone")
            self._errand = replace(self._errand, ready=state == "ready", worker_lost=state == "gone")

    def _call_off(self, code: str, why: str) -> None:
        if self._errand.called_off is None:
            self._errand = replace(self._errand, called_off=Ending(code, why))

    def _left_s(self) -> float | None:
        opened_at = self._errand.opened_at
        if opened_at is None or self._errand.called_off is not None:
            return None
        return (opened_at + timedelta(minutes=self._child.minutes) - self._parts.clock.now()).total_seconds()

    async def _sleep(self, wake: asyncio.Event) -> None:
        awaits_worker = self._errand.worker_id is not None and not self._errand.begun
        waits_s = LOOK_S if awaits_worker else self._left_s()
        try:
            async with asyncio.timeout(waits_s):
                await wake.wait()
        except TimeoutError:
            pass
        wake.clear()

    @asynccontextmanager
    async def _woken(self) -> AsyncGenerator[asyncio.Event]:
        wake = asyncio.Event()
        following = [asyncio.create_task(self._follow(chain, wake)) for chain in self._seen]
        try:
            yield wake
        finally:
            for task in following:
                task.cancel()
            await asyncio.gather(*following, return_exceptions=True)

    async def _follow(self, chain: str, wake: asyncio.Event) -> None:
        while True:
            try:
                async for _ in self._parts.ledger.follow(chain, after=self._seen[chain]):
                    wake.set()
            except InkError:
                await asyncio.sleep(LOOK_S)  # the ledger is away; what waits has its own deadline
