"""Carries out calls whose intent is durable, each in a task of its own, and sees to it that how they ended is recorded.

Limits: a task that is cancelled leaves its call to the next start, which resolves it from the ledger.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable

import structlog
from pydantic import JsonValue

from audit.ledger import Record
from ink_core.clock import Clock
from ink_core.errors import InkError
from manager.gate.approvals.machine import NOT_KEPT
from manager.gate.authority import Authority
from manager.gate.call import CallError, CallState, CallStatus
from manager.gate.dispatch import Dispatcher, Outcome
from manager.gate.unrecorded import Unrecorded
from manager.permits import Approved
from mcp_tools.spec import Risk

log = structlog.get_logger()


class Carrier:
    """`approved` says what a worker is shown of a call's approval, `settle` makes an outcome durable."""

    def __init__(
        self,
        dispatcher: Dispatcher,
        authority: Authority,
        unrecorded: Unrecorded,
        approved: Callable[[CallState], Approved | None],
        settle: Callable[[str, Record], Awaitable[CallState]],
        clock: Clock,
    ) -> None:
        self._dispatcher = dispatcher
        self._authority = authority
        self._unrecorded = unrecorded
        self._approved = approved
        self._settle = settle
        self._clock = clock
        self._tasks: dict[str, asyncio.Task[None]] = {}
        self._carried_out: set[str] = set()
        self._stopped: set[str] = set()

    def start(self, state: CallState, *, recovering: bool = False) -> None:
        task = asyncio.create_task(self._run(state, recovering), name=f"call {state.call_id}")
        self._tasks[state.call_id] = task
        task.add_done_callback(lambda _: self._tasks.pop(state.call_id, None))

    async def interrupt(self, states: Iterable[CallState]) -> None:
        """Kill what these calls have running; how each ended is recorded as ever."""
        await asyncio.gather(*(self._dispatcher.interrupt(state) for state in states))

    async def stop(self, state: CallState) -> None:
        """End one call: what it has running in a worker, and its run here where that leaves nothing half done."""
        await asyncio.sleep(0)  # a call that was let through just now begins before it is ended
        await self._dispatcher.interrupt(state)
        if state.risk is Risk.READ and state.call_id in self._carried_out:
            self._stopped.add(state.call_id)
            self._tasks[state.call_id].cancel()

    async def close(self) -> None:
        tasks = tuple(self._tasks.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _run(self, state: CallState, recovering: bool) -> None:
        given = self._unrecorded.runnable(state)
        if given is None:
            outcome = Outcome(CallStatus.INDETERMINATE, error=CallError("arguments_not_recorded", NOT_KEPT))
        else:
            outcome = await self._unless_stopped(given, recovering)
        await self._record(state, outcome)

    async def _unless_stopped(self, state: CallState, recovering: bool) -> Outcome:
        self._carried_out.add(state.call_id)
        try:
            return await self._carry_out(state, recovering)
        except asyncio.CancelledError:
            if state.call_id not in self._stopped:
                raise
            return Outcome(CallStatus.FAILED, error=CallError("cancelled", "the caller took it back while it ran"))
        finally:
            self._carried_out.discard(state.call_id)
            self._stopped.discard(state.call_id)

    async def _carry_out(self, state: CallState, recovering: bool) -> Outcome:
        """Dispatch with the permit that workers check. What nobody signed, or is locked by now, does not run."""
        try:
            approved = self._approved(state)
            self._check_locks(state, approved)
        except InkError as error:
            status = CallStatus.INDETERMINATE if recovering else CallStatus.FAILED
            return Outcome(status, error=CallError(error.code, str(error)))
        act = self._dispatcher.recover if recovering else self._dispatcher.dispatch
        if approved is None:
            return await act(state)
        with self._authority.permits.opened(approved):
            return await act(state)

    def _check_locks(self, state: CallState, approved: Approved | None) -> None:
        lockout = self._authority.lockout
        lockout.check_call(state.principal.username, state.worker_id, state.chain)
        for approver in approved.approvers if approved else ():
            lockout.check(user=approver)

    async def _record(self, state: CallState, outcome: Outcome) -> None:
        assert state.intended_at is not None, "only an intended call is carried out"
        took = self._clock.now() - state.intended_at
        duration_ms = max(0, round(took.total_seconds() * 1000))
        body: dict[str, JsonValue] = {"call_id": state.call_id, **outcome.to_json(duration_ms)}
        try:
            ended = await self._settle(state.chain, Record("call.outcome", body))
        except InkError as error:
            # The intent is durable, so a restart resolves this call again; nothing is claimed that is not recorded.
            log.error("outcome_not_recorded", call_id=state.call_id, code=error.code)
        else:
            self._unrecorded.ended(ended, outcome.result)
