"""The gate: the only way to a tool.

`propose → validate → authorise → [approve] → record intent → dispatch → record outcome`. Each step is durable in the
ledger before the next begins; what the gate knows in memory is a fold of those records (`book.py`).
"""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import cast

import structlog
from pydantic import JsonValue

from audit.ledger import Event, Ledger, Record
from audit.redaction import redact
from ink_core.clock import Clock
from ink_core.errors import InkError, NotFound, Throttled
from ink_core.identity.principal import Principal
from manager.gate.admission import Admitted, Proposal, admit, refusal
from manager.gate.approvals import ApprovalClosed, ApprovalExpired, ApprovalRequest, Verdict, check_decision
from manager.gate.book import CallBook
from manager.gate.call import CallError, CallState, CallStatus, Phase, approval_record, proposed_record
from manager.gate.dispatch import Dispatcher, Outcome
from manager.gate.policy import Effect, Origin, Policy
from manager.gate.policy.rates import Rates
from manager.gate.policy.record import decided_body
from manager.gate.results import CallResults
from manager.gate.settling import settled
from manager.gate.unrecorded import Unrecorded
from mcp_tools.catalogue import Catalogue
from mcp_tools.context import Services
from mcp_tools.spec import Risk

log = structlog.get_logger()

MAX_OPEN_PER_USER = 200
_GONE = "its arguments held a secret, which is not recorded, and the service restarted; ask for it again"


class TooManyOpenCalls(Throttled):
    code = "too_many_open_calls"


@dataclass(frozen=True)
class GateLimits:
    approval_lifetime_s: float = 3600.0
    max_open_per_user: int = MAX_OPEN_PER_USER


class Gate:
    def __init__(
        self,
        ledger: Ledger,
        catalogue: Catalogue,
        policy: Callable[[], Policy],
        services: Services,
        clock: Clock,
        limits: GateLimits,
    ) -> None:
        self._ledger = ledger
        self._catalogue = catalogue
        self._policy = policy
        self._services = services
        self._clock = clock
        self._limits = limits
        self.book = CallBook()
        self._rates = Rates()
        self._unrecorded = Unrecorded()
        self.results = CallResults(self.book, self._unrecorded, catalogue)
        self._dispatcher = Dispatcher(catalogue, services, self.results)
        self._locks: dict[str, asyncio.Lock] = {}
        self._tasks: set[asyncio.Task[None]] = set()

    # -- proposing ---------------------------------------------------------------------------------------------------

    async def propose(self, proposal: Proposal) -> CallState:
        """Take one call in. Returns when it is refused, waits for approval or is being dispatched.

        A call id that is known returns that call unchanged, so proposing again after a crash has no effect.
        """
        lock = self._locks.setdefault(proposal.call_id, asyncio.Lock())
        async with lock:
            if not self.book.knows(proposal.call_id):
                await self._admit(proposal)
        self._locks.pop(proposal.call_id, None)
        return self.book.get(proposal.call_id)

    async def refuse(self, proposal: Proposal, code: str, message: str) -> CallState:
        """Record a call that cannot even be put to the gate (the model wrote no readable arguments)."""
        if not self.book.knows(proposal.call_id):
            refusal = Record("call.refused", {"call_id": proposal.call_id, "code": code, "message": message})
            await self._append(proposal.chain, self._proposed(proposal), refusal)
        return self.book.get(proposal.call_id)

    async def _admit(self, proposal: Proposal) -> None:
        try:
            self._check_load(proposal.principal.username)
            policy = self._policy()
            usage = self._rates.under(policy)
            admitted = await admit(proposal, self._catalogue, policy, self._services, usage, self._clock)
        except InkError as error:
            await self._append(proposal.chain, self._proposed(proposal), _refused(proposal.call_id, error))
            return
        except Exception:
            log.exception("admission_broke", tool=proposal.tool, call_id=proposal.call_id)
            broken = InkError(f"{proposal.tool} could not be looked at; the server's log has the details")
            await self._append(proposal.chain, self._proposed(proposal), _refused(proposal.call_id, broken))
            return
        proposed = self._proposed(proposal, admitted)
        if admitted.decision.effect in (Effect.DENY, Effect.THROTTLE):
            await self._append(proposal.chain, proposed, _refused(proposal.call_id, refusal(admitted.decision)))
            return
        if admitted.decision.effect is Effect.ASK:
            request = self._request(proposal, admitted)
            await self._append(proposal.chain, proposed, approval_record(request))
            self._unrecorded.keep_arguments(self.book.get(proposal.call_id), admitted.arguments)
            return
        self._rates.take(proposal.call_id, admitted.facts)
        operation_id = _operation_id()
        intent = _intent(
            proposal.call_id, operation_id, proposal.principal.username, proposal.worker_id, admitted.arguments
        )
        await self._append(proposal.chain, proposed, intent)
        self._unrecorded.keep_arguments(self.book.get(proposal.call_id), admitted.arguments)
        self._start(self.book.get(proposal.call_id))

    def _check_load(self, username: str) -> None:
        mine = sum(1 for state in self.book.open_calls() if state.principal.username == username)
        if mine >= self._limits.max_open_per_user:
            raise TooManyOpenCalls(f"{mine} calls of {username} are open; wait for some of them to end")

    def _proposed(self, proposal: Proposal, admitted: Admitted | None = None) -> Record:
        return proposed_record(
            proposal.call_id,
            proposal.tool,
            proposal.arguments,
            proposal.principal,
            proposal.origin,
            proposal.worker_id,
            self._risk(proposal.tool),
            proposal.model_call_id,
            decided_body(admitted.decision, admitted.facts, proposal.arguments) if admitted else None,
        )

    def _risk(self, tool: str) -> Risk | None:
        try:
            return self._catalogue.get(tool).risk
        except NotFound:
            return None

    def _request(self, proposal: Proposal, admitted: Admitted) -> ApprovalRequest:
        now = self._clock.now()
        decision = admitted.decision
        return ApprovalRequest(
            approval_id=f"a-{secrets.token_hex(8)}",
            call_id=proposal.call_id,
            chain=proposal.chain,
            tool=proposal.tool,
            arguments=cast("dict[str, JsonValue]", redact(dict(admitted.arguments))),
            requester=proposal.principal.username,
            worker_id=proposal.worker_id,
            risk=decision.risk,
            rule=decision.rule,
            reason=decision.reason,
            policy_version=decision.policy_version,
            preview=admitted.preview.model_dump(mode="json"),
            requested_at=now,
            expires_at=now + timedelta(seconds=self._limits.approval_lifetime_s),
        )

    # -- approvals ---------------------------------------------------------------------------------------------------

    async def decide(self, approval_id: str, decider: Principal, approve: bool, reason: str, digest: str) -> CallState:
        """Take an approver's decision. Raises a typed error for every decision that must not count."""
        call_id = self.book.by_approval(approval_id).call_id
        async with self._locks.setdefault(f"decide {call_id}", asyncio.Lock()):
            state = self._waiting(call_id)
            assert state.approval is not None
            try:
                check_decision(state.approval, decider, digest, approve, self._clock.now())
            except ApprovalExpired:
                await self._close(state, Verdict.EXPIRED, "the clock", "nobody decided in time", "approval_expired")
                raise
            if approve:
                await self._approve(state, decider.username, reason)
            else:
                await self._close(state, Verdict.REJECTED, decider.username, reason, "approval_rejected")
        self._locks.pop(f"decide {call_id}", None)
        return self.book.get(call_id)

    async def withdraw(self, call_id: str, by: str) -> None:
        """Take back a call that still waits for approval; any other call is left alone."""
        await self._close_waiting(call_id, Verdict.REJECTED, by, "withdrawn", "approval_withdrawn")

    async def interrupt(self, chain: str) -> None:
        """End what the model's calls of this chain have running in a worker; how each ended is recorded as ever."""
        running = (
            state
            for state in self.book.open_calls()
            if state.chain == chain and state.phase is Phase.INTENDED and state.origin is Origin.MODEL
        )
        await asyncio.gather(*(self._dispatcher.interrupt(state) for state in running))

    def waits(self, chain: str) -> bool:
        """Whether a call of the model on this chain waits for an approver."""
        return any(
            state.chain == chain and state.phase is Phase.WAITING and state.origin is Origin.MODEL
            for state in self.book.open_calls()
        )

    async def expire(self) -> None:
        """Close every approval whose time is over."""
        now = self._clock.now()
        for state in self.book.open_calls():
            if state.phase is Phase.WAITING and state.approval and now >= state.approval.expires_at:
                await self._close_waiting(
                    state.call_id, Verdict.EXPIRED, "the clock", "nobody decided in time", "approval_expired"
                )

    async def _close_waiting(self, call_id: str, verdict: Verdict, by: str, reason: str, code: str) -> None:
        """Of several who end a waiting call at once (an approver, its session, the clock) only the first counts."""
        async with self._locks.setdefault(f"decide {call_id}", asyncio.Lock()):
            state = self.book.get(call_id)
            if state.phase is Phase.WAITING:
                await self._close(state, verdict, by, reason, code)
        self._locks.pop(f"decide {call_id}", None)

    def _waiting(self, call_id: str) -> CallState:
        state = self.book.get(call_id)
        if state.phase is Phase.WAITING:
            return state
        decided = f" by {state.decided.by}" if state.decided else ""
        raise ApprovalClosed(f"this request was already decided{decided}; nothing was changed")

    async def _approve(self, state: CallState, by: str, reason: str) -> None:
        assert state.approval is not None
        if self._unrecorded.runnable(state) is None:
            await self._close(state, Verdict.REJECTED, "the gate", _GONE, "arguments_not_recorded")
            return
        acting_as = by if _touches_others(state.approval) else state.principal.username
        intent = _intent(
            state.call_id, _operation_id(), acting_as, state.worker_id, state.arguments, state.approval.approval_id
        )
        await self._append(state.chain, _decided(state, Verdict.APPROVED, by, reason), intent)
        self._start(self.book.get(state.call_id))

    async def _close(self, state: CallState, verdict: Verdict, by: str, reason: str, code: str) -> None:
        message = f"{verdict.value} by {by}: {reason}" if reason else f"{verdict.value} by {by}"
        refused = Record("call.refused", {"call_id": state.call_id, "code": code, "message": message})
        await self._append(state.chain, _decided(state, verdict, by, reason), refused)
        self._unrecorded.ended(self.book.get(state.call_id), None)

    # -- dispatch ----------------------------------------------------------------------------------------------------

    def _start(self, state: CallState, *, recovering: bool = False) -> None:
        task = asyncio.create_task(self._run(state, recovering), name=f"call {state.call_id}")
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _run(self, state: CallState, recovering: bool) -> None:
        given = self._unrecorded.runnable(state)
        if given is None:
            outcome = Outcome(CallStatus.INDETERMINATE, error=CallError("arguments_not_recorded", _GONE))
        else:
            outcome = await (self._dispatcher.recover(given) if recovering else self._dispatcher.dispatch(given))
        await self._settle(state, outcome)

    async def _settle(self, state: CallState, outcome: Outcome) -> None:
        assert state.intended_at is not None, "only an intended call is carried out"
        took = self._clock.now() - state.intended_at
        duration_ms = max(0, round(took.total_seconds() * 1000))
        body: dict[str, JsonValue] = {"call_id": state.call_id, **outcome.to_json(duration_ms)}
        try:
            self._fold(await settled(self._ledger, state.chain, Record("call.outcome", body)))
        except InkError as error:
            # The intent is durable, so a restart resolves this call again; nothing is claimed that is not recorded.
            log.error("outcome_not_recorded", call_id=state.call_id, code=error.code)
        else:
            self._unrecorded.ended(self.book.get(state.call_id), outcome.result)

    async def recover(self) -> int:
        """Fold the whole ledger and take up every call that was under way; returns how many."""
        for chain in await self._ledger.chains():
            self._fold(await self._ledger.read(chain))
        intended = [state for state in self.book.open_calls() if state.phase is Phase.INTENDED]
        for state in intended:
            self._start(state, recovering=True)
        return len(intended)

    # -- watching ----------------------------------------------------------------------------------------------------

    async def wait(self, call_id: str, timeout_s: float) -> CallState:
        """The call once it ended or waits for approval, or as it is after `timeout_s`."""
        try:
            async with asyncio.timeout(timeout_s):
                while (state := self.book.get(call_id)).phase in (Phase.PROPOSED, Phase.APPROVED, Phase.INTENDED):
                    await self.book.changed(call_id)
                return self._unrecorded.whole(state)
        except TimeoutError:
            return self.book.get(call_id)

    def approvals(self) -> Sequence[CallState]:
        return self.book.with_approvals()

    async def close(self) -> None:
        """Stop watching running calls; a restart resolves them from the ledger."""
        for task in tuple(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _append(self, chain: str, *records: Record) -> None:
        self._fold(await self._ledger.append(chain, *records))

    def _fold(self, events: Sequence[Event]) -> None:
        self.book.fold(events)
        self._rates.fold(events)


def _operation_id() -> str:
    return f"op-{secrets.token_hex(12)}"


def _touches_others(request: ApprovalRequest) -> bool:
    owners = request.preview.get("owners")
    return isinstance(owners, list) and any(owner != request.requester for owner in owners)


def _refused(call_id: str, error: InkError) -> Record:
    return Record("call.refused", {"call_id": call_id, "code": error.code, "message": str(error)})


def _decided(state: CallState, verdict: Verdict, by: str, reason: str) -> Record:
    assert state.approval is not None
    body: dict[str, JsonValue] = {
        "call_id": state.call_id,
        "approval_id": state.approval.approval_id,
        "verdict": verdict.value,
        "by": by,
        "reason": reason,
    }
    return Record("approval.decided", body)


def _intent(
    call_id: str,
    operation_id: str,
    acting_as: str,
    worker_id: str | None,
    arguments: Mapping[str, JsonValue],
    approval_id: str | None = None,
) -> Record:
    body: dict[str, JsonValue] = {
        "call_id": call_id,
        "operation_id": operation_id,
        "acting_as": acting_as,
        "worker_id": worker_id,
        "arguments": dict(arguments),
        "approval_id": approval_id,
    }
    return Record("call.intent", body)
