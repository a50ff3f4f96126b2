"""The gate's index over the ledger: open calls, approvals and recently ended calls, kept by folding events.

Open calls are all in memory (their number and size is bounded per user by the gate); ended ones are kept up to bounds,
with their recorded results, so that a client can fetch them (`ended_calls.py`); older ones are found in the audit.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Sequence

from audit.ledger import Event
from ink_core.errors import NotFound
from manager.gate.call import KINDS, CallState, Phase, fold
from manager.gate.ended_calls import EndedCalls, size_of

KEPT_ENDED = 2_000
KEPT_BYTES = 64 * 1024 * 1024


class CallNotFound(NotFound):
    code = "call_not_found"


class ApprovalNotFound(NotFound):
    code = "approval_not_found"


class CallBook:
    def __init__(self, kept_ended: int = KEPT_ENDED, kept_bytes: int = KEPT_BYTES) -> None:
        self._open: dict[str, CallState] = {}
        self._ended = EndedCalls(kept_ended, kept_bytes)
        self._approvals: dict[str, str] = {}
        self._sizes: dict[str, int] = {}
        self._changed: dict[str, asyncio.Event] = {}

    def fold(self, events: Iterable[Event]) -> Sequence[CallState]:
        """Returns the calls that ended by it, of which memory need not keep all."""
        ended = list[CallState]()
        for event in events:
            if event.kind in KINDS:
                call_id = str(event.body["call_id"])
                self.put(state := fold(self._find(call_id), event))
                if state.phase is Phase.ENDED:
                    ended.append(state)
        return ended

    def put(self, state: CallState) -> None:
        call_id = state.call_id
        if state.approval:
            self._approvals[state.approval.approval_id] = call_id
        if state.phase is Phase.ENDED:
            self._end(state)
        else:
            if call_id not in self._sizes:
                self._sizes[call_id] = size_of(state)
            self._open[call_id] = state
        if waiter := self._changed.pop(call_id, None):
            waiter.set()

    def get(self, call_id: str) -> CallState:
        state = self._find(call_id)
        if state is None:
            raise CallNotFound(f"there is no call {call_id}; ended calls are kept for a while, the audit has them all")
        return state

    def knows(self, call_id: str) -> bool:
        return self._find(call_id) is not None

    def may_have_left(self, username: str, call_id: str) -> bool:
        """Whether this user's call with a key may have left memory, so that only the ledger knows it."""
        return not self.knows(call_id) and self._ended.may_have_left(username, call_id)

    def by_approval(self, approval_id: str) -> CallState:
        if approval_id not in self._approvals:
            raise ApprovalNotFound(f"there is no approval {approval_id}")
        return self.get(self._approvals[approval_id])

    def by_operation(self, operation_id: str) -> CallState | None:
        """The open call that is being carried out under this operation id."""
        return next((state for state in self._open.values() if state.operation_id == operation_id), None)

    def open_calls(self) -> Sequence[CallState]:
        return tuple(self._open.values())

    def load(self, username: str) -> tuple[int, int]:
        """How many calls of this user are open, and the bytes of their arguments."""
        mine = [call_id for call_id, state in self._open.items() if state.principal.username == username]
        return len(mine), sum(self._sizes[call_id] for call_id in mine)

    def with_approvals(self) -> Sequence[CallState]:
        return tuple(self.get(call_id) for call_id in self._approvals.values())

    async def changed(self, call_id: str) -> None:
        """Wait for the next change of one call."""
        await self._changed.setdefault(call_id, asyncio.Event()).wait()

    def _find(self, call_id: str) -> CallState | None:
        return self._open.get(call_id) or self._ended.get(call_id)

    def _end(self, state: CallState) -> None:
        self._open.pop(state.call_id, None)
        self._sizes.pop(state.call_id, None)
        for left in self._ended.put(state):
            if left.approval:
                self._approvals.pop(left.approval.approval_id, None)
