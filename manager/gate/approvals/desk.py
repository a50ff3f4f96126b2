"""The approvals desk: takes decisions, looks up what they depend on, records them, and lets the call go or end.

What a decision means is said by the pure `machine`; this service finds out who may still act and what has changed, and
does what the machine says. A record is durable before the next step begins.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, replace

import structlog

from audit.ledger import ChainMoved
from ink_core.clock import Clock
from ink_core.errors import InkError
from ink_core.identity.principal import Principal
from manager.gate.approvals import records
from manager.gate.approvals.errors import ApprovalVoid
from manager.gate.approvals.grants import GrantAsked, grant_from
from manager.gate.approvals.machine import (
    Case,
    Close,
    Decide,
    End,
    Event,
    Give,
    Ignore,
    Instruction,
    Refuse,
    Run,
    Situation,
    Tick,
    handle,
)
from manager.gate.approvals.request import ApprovalRequest, Verdict
from manager.gate.approvals.standing_grants import StandingGrants
from manager.gate.approvals.statement import approval_statement, verify
from manager.gate.authority import Authority
from manager.gate.book import CallBook
from manager.gate.call import CallState, Phase, acting_as, operation_id_of
from manager.gate.call_records import intent_record, refused_record
from manager.gate.decided_on import DecidedOn
from manager.gate.keyed_locks import KeyedLocks
from manager.permits import Approved
from mcp_tools.spec import Seen
from worker_agent.protocol import FileAsSeen

log = structlog.get_logger()

RECORDED_ATTEMPTS = 50
"""Of one request; somebody who tries more often is only logged, so that nobody can fill the ledger."""

Append = Callable[..., Awaitable[None]]


@dataclass(frozen=True)
class DeskParts:
    """What the desk has of the gate. `look` sees again what an approval is bound to; `given` the whole arguments."""

    book: CallBook
    append: Append
    decided_on: DecidedOn
    start: Callable[[CallState], None]
    given: Callable[[CallState], CallState | None]
    forget: Callable[[CallState], None]
    look: Callable[[CallState], Awaitable[tuple[Seen, ...]]]


class ApprovalDesk:
    def __init__(self, parts: DeskParts, authority: Authority, grants: StandingGrants, clock: Clock) -> None:
        self._parts = parts
        self._people = authority.people
        self._key = authority.key
        self._grants = grants
        self._clock = clock
        self._locks = KeyedLocks()
        self._attempts: Counter[str] = Counter()

    async def decide(
        self,
        approval_id: str,
        decider: Principal,
        approve: bool,
        reason: str,
        digest: str,
        grant: GrantAsked | None = None,
    ) -> CallState:
        """Take an approver's decision. Raises a typed error for every decision that must not count."""
        call_id = self._parts.book.by_approval(approval_id).call_id
        async with self._locks.holding(call_id):
            state, relies = self._parts.book.get(call_id), self._parts.decided_on.relies()
            event = await self._decision(state, decider, approve, reason, digest)
            instruction = await self._instruction(state, event, grant)
            try:
                await self._execute(state, instruction, decider.username, reason, grant, relies)
            except ChainMoved:
                await self._parts.decided_on.keep_up()
                raise
        return self._parts.book.get(call_id)

    async def end(self, call_id: str, by: str, reason: str, code: str) -> None:
        """Take back a call that still waits; any other call is left alone."""
        await self._tell(call_id, End(Verdict.REJECTED, by, reason, code))

    async def void(self, call_id: str, by: str, reason: str) -> None:
        """The same because what it was asked for is no more."""
        await self._tell(call_id, End(Verdict.VOID, by, reason, ApprovalVoid.code))

    async def expire(self) -> None:
        """Close every approval whose time is over."""
        tick = Tick(self._clock.now())
        for state in self._parts.book.open_calls():
            if state.phase is Phase.WAITING and not isinstance(handle(_case(state), tick), Ignore):
                await self._tell(state.call_id, tick)

    def approved(self, state: CallState) -> Approved | None:
        """What a worker is shown of this call's approval; None for a call that needed none.

        Raises `ApprovalUnverified` where the ledger says approved and the signature does not.
        """
        assert state.operation_id is not None, "only an intended call is carried out"
        if state.grant_id is not None:
            grant = self._grants.verified(state.grant_id)
            permit = Approved(state.operation_id, grant.grant_id, False, (grant.approver,), state.tool, state.chain)
            return replace(permit, files=_files(grant.scripts))
        if state.approval is None:
            return None
        request, decided = state.approval, state.decided
        approvers = decided.approvers if decided else ()
        statement = approval_statement(request.approval_id, request.digest, approvers, state.operation_id)
        verify(self._key, statement, decided.signature if decided else None, f"approval {request.approval_id}")
        permit = Approved(state.operation_id, request.approval_id, True, approvers, state.tool, state.chain)
        return replace(permit, files=_files(request.seen))

    # -- finding out ---------------------------------------------------------------------------------------------------

    async def _decision(self, state: CallState, decider: Principal, approve: bool, reason: str, digest: str) -> Decide:
        situation = await self._situation(state, decider)
        return Decide(decider, await self._people.signed_in_at(decider), digest, approve, reason, situation)

    async def _situation(self, state: CallState, decider: Principal, changed: tuple[str, ...] = ()) -> Situation:
        people = self._people
        request = _request(state)
        names = {request.requester, *state.given, decider.username}
        still = [name for name in names if await people.may_approve(name)]
        return Situation(
            now=self._clock.now(),
            requester_active=await people.active(request.requester),
            approvers=frozenset(still),
            makers=await people.makers(*names),
            changed=changed,
            arguments_kept=self._parts.given(state) is not None,
        )

    async def _instruction(self, state: CallState, event: Decide, grant: GrantAsked | None) -> Instruction:
        """What the machine says; files and jobs are looked at again only where the call would run.

        Such a look takes its time, so that people are asked for anew after it.
        """
        instruction = handle(_case(state), event)
        if grant is not None and isinstance(instruction, Run | Give):
            try:
                grant_from(_request(state), grant, "", event.decider.username, event.situation.now)
            except InkError as error:
                return Refuse(error)
        if not isinstance(instruction, Run):
            return instruction
        changed = await self._changed(state)
        situation = await self._situation(state, event.decider, changed)
        signed_in_at = await self._people.signed_in_at(event.decider)
        return handle(_case(state), replace(event, signed_in_at=signed_in_at, situation=situation))

    async def _changed(self, state: CallState) -> tuple[str, ...]:
        before = {(one.kind, one.name): one.digest for one in _request(state).seen}
        if not before:
            return ()
        try:
            now = {(one.kind, one.name): one.digest for one in await self._parts.look(state)}
        except InkError as error:
            if error.retryable:
                raise  # nothing is decided: the same decision may count when it can be looked at again
            now = {}  # a job that has left the queue is not what was asked about, either
        return tuple(name for kind, name in before if now.get((kind, name)) != before[kind, name])

    # -- doing ---------------------------------------------------------------------------------------------------------

    async def _tell(self, call_id: str, event: Event) -> None:
        """Of several who end a waiting call at once (an approver, its session, the clock) only the first counts."""
        async with self._locks.holding(call_id):
            state = self._parts.book.get(call_id)
            if state.approval is not None:
                await self._execute(state, handle(_case(state), event), "", "", None, {})

    async def _execute(
        self,
        state: CallState,
        instruction: Instruction,
        by: str,
        reason: str,
        grant: GrantAsked | None,
        relies: Mapping[str, int],
    ) -> None:
        match instruction:
            case Ignore():
                pass
            case Refuse(error):
                await self._record_attempt(state, by, error)
                raise error
            case Give():
                await self._parts.append(state.chain, records.given_record(_request(state), by, reason))
            case Run(approvers):
                await self._run(state, approvers, reason, grant, relies)
            case Close():
                await self._close(state, instruction)

    async def _record_attempt(self, state: CallState, by: str, error: InkError) -> None:
        self._attempts[state.call_id] += 1
        if self._attempts[state.call_id] > RECORDED_ATTEMPTS:
            log.warning("approval_refused", call_id=state.call_id, by=by, code=error.code)
            return
        await self._parts.append(state.chain, records.attempt_record(_request(state), by, error))

    async def _run(
        self,
        state: CallState,
        approvers: tuple[str, ...],
        reason: str,
        asked: GrantAsked | None,
        relies: Mapping[str, int],
    ) -> None:
        request, operation_id = _request(state), operation_id_of(state.call_id)
        signature = self._key.sign(approval_statement(request.approval_id, request.digest, approvers, operation_id))
        user = acting_as(state.principal.username, approvers[-1], touches_others=request.touches_others)
        approval_id, arguments = request.approval_id, state.arguments
        intent = intent_record(
            state.call_id, operation_id, user, state.worker_id, arguments, approval_id=approval_id, relies=relies
        )
        given = [] if asked is None else [self._grants.new(request, asked, approvers[-1])]
        approved = records.approved_record(request, approvers, reason, signature)
        await self._parts.append(state.chain, approved, *given, intent)
        self._parts.start(self._parts.book.get(state.call_id))

    async def _close(self, state: CallState, close: Close) -> None:
        said = f"{close.verdict.value} by {close.by}"
        message = f"{said}: {close.reason}" if close.reason else said
        refused = refused_record(state.call_id, close.code, message)
        closed = records.closed_record(_request(state), close.verdict, close.by, close.reason)
        await self._parts.append(state.chain, closed, refused)
        self._parts.forget(self._parts.book.get(state.call_id))
        if close.error is not None:
            raise close.error


def _case(state: CallState) -> Case:
    closed_by = None
    if state.phase is not Phase.WAITING:
        closed_by = state.decided.by if state.decided else "the gate"
    return Case(_request(state), state.given, closed_by)


def _request(state: CallState) -> ApprovalRequest:
    assert state.approval is not None, "only a call that waits for approval is decided on"
    return state.approval


def _files(seen: tuple[Seen, ...]) -> tuple[FileAsSeen, ...]:
    return tuple(FileAsSeen(path=one.name, sha256=one.digest) for one in seen if one.kind != "job")
