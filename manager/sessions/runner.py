"""Runs one turn of one session: reads the session's chain, lets the pure loop say what is due, and does it.

What is done comes back as durable records on the same chain, which is the only input; so a runner that starts after a
crash goes on exactly where the records end.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from functools import partial

import structlog
from pydantic import JsonValue

from audit.chains import session_chain
from audit.ledger import Event, Record
from ink_core.errors import InkError
from manager.agent import loop
from manager.sessions.asking import Asking
from manager.sessions.course import SessionCourse
from manager.sessions.parts import RunnerParts
from manager.sessions.proposing import Proposing

log = structlog.get_logger()

Work = Callable[[], Awaitable[object]]
"""Called by its task, so that what is cancelled before it began leaves nothing behind."""


class TurnRunner:
    def __init__(self, session_id: str, parts: RunnerParts) -> None:
        self._session_id = session_id
        self._chain = session_chain(session_id)
        self._parts = parts
        self._course = SessionCourse(session_id, parts.limits)
        self._questions = Asking(self._course, parts, self._record)
        self._proposals = Proposing(self._course, parts, self._questions)
        self._tasks: set[asyncio.Task[None]] = set()
        self._asking: asyncio.Task[None] | None = None
        self._following: asyncio.Task[None] | None = None
        self._given_up = False

    async def run(self) -> None:
        """Until the turn has ended and nothing of it is left to do, or a record cannot be written."""
        self._following = asyncio.create_task(self._follow())
        try:
            await self._following
        except asyncio.CancelledError:
            if not self._given_up:
                raise

    def _give_up(self) -> None:
        self._given_up = True
        if self._following:
            self._following.cancel()

    async def _follow(self) -> None:
        written = await self._parts.ledger.read(self._chain)
        head = written[-1].seq if written else 0
        try:
            async for event in self._parts.ledger.follow(self._chain):
                due = self._course.take(event)
                if event.seq < head:
                    continue
                self._do(loop.outstanding(self._course.state) if event.seq == head else due)
                if not self._course.state.running:
                    break
        finally:
            await self._finish()
        await self._withdraw_late()

    async def _withdraw_late(self) -> None:
        """Take back what was still on its way to the gate when the turn was ended."""
        for event in await self._parts.ledger.read(self._chain, after=self._course.seen.last_seq):
            self._course.take(event)
        for instruction in loop.outstanding(self._course.state):
            if isinstance(instruction, loop.WithdrawCall):
                await self._parts.gate.withdraw(instruction.call_id, "the session")

    async def _finish(self) -> None:
        if self._asking and not self._asking.done():
            self._asking.cancel()
        self._questions.cancel_plan()
        self._parts.live.end_reply(self._session_id)
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def _do(self, instructions: tuple[loop.Instruction, ...]) -> None:
        for instruction in instructions:
            match instruction:
                case loop.AskModel(turn):
                    self._asking = self._start(partial(self._questions.reply, turn))
                case loop.ProposeCall():
                    self._start(partial(self._proposals.propose, instruction))
                case loop.RefuseCall():
                    self._start(partial(self._proposals.refuse, instruction))
                case loop.WithdrawCall(call_id):
                    self._start(partial(self._parts.gate.withdraw, call_id, "the session"))
                case loop.EndTurn(turn, reason, detail):
                    ended: dict[str, JsonValue] = {"turn": turn, "reason": reason, "detail": detail}
                    self._start(partial(self._record, "turn.ended", ended))
                case loop.ResumeCall():
                    pass  # the gate has taken up every open call by itself

    def _start(self, work: Work) -> asyncio.Task[None]:
        task = asyncio.create_task(self._guarded(work))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task

    async def _guarded(self, work: Work) -> None:
        try:
            try:
                await work()
            except InkError:
                raise
            except Exception:
                log.exception("turn_step_broke", session=self._session_id)
                detail = "the harness failed in a way it should not; the server's log has the details"
                body: dict[str, JsonValue] = {"turn": self._course.state.turn, "reason": "failed", "detail": detail}
                await self._record("turn.ended", body)
        except InkError as error:
            # A record could not be written, so nothing was done. The turn goes on from the ledger when it is run again.
            log.error("turn_step_failed", session=self._session_id, code=error.code, reason=str(error))
            self._give_up()

    async def _record(self, kind: str, body: dict[str, JsonValue]) -> Event:
        (event,) = await self._parts.ledger.append(self._chain, Record(kind, body))
        return event
