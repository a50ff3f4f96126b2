"""The gate: the only way to a tool.

`propose → validate → authorise → [approve] → record intent → dispatch → record outcome`. Each step is durable in the
ledger before the next begins; what the gate knows in memory is a fold of those records (`book.py`).
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace

import structlog

from audit.ledger import ChainMoved, Event, Ledger, Record, Where
from ink_core.clock import Clock
from ink_core.errors import InkError, UnknownTool
from manager.budgets.accounts import BudgetExhausted
from manager.gate.admission import Admitted, LookFailed, Proposal, admit, refusal
from manager.gate.approvals import Grant
from manager.gate.approvals.desk import ApprovalDesk, DeskParts
from manager.gate.approvals.records import requested_record
from manager.gate.approvals.standing_grants import StandingGrants
from manager.gate.asking import Binder, later_call, request_for
from manager.gate.authority import Authority
from manager.gate.book import KEPT_ENDED, CallBook
from manager.gate.call import CallState, Phase, acting_as, operation_id_of
from manager.gate.call_records import intent_record, refused_record
from manager.gate.carrier import Carrier
from manager.gate.chain_calls import ChainCalls
from manager.gate.decided_on import DECIDED_AGAIN, DecidedOn, NothingElse
from manager.gate.dispatch import Dispatcher
from manager.gate.edit_review import EditReviews
from manager.gate.keyed_locks import KeyedLocks
from manager.gate.open_calls import MOST_BYTES, MOST_CALLS, OpenCalls
from manager.gate.plan_mode import PlanModeOn, PlanModes
from manager.gate.policy import Effect, Origin, Policy
from manager.gate.policy.rates import Rates
from manager.gate.proposal_records import ProposalRecords
from manager.gate.provenances import Provenances
from manager.gate.refusals import LIMIT
from manager.gate.results import CallResults
from manager.gate.settling import settled
from manager.gate.spending import NoBudgets, Spending
from manager.gate.unrecorded import Unrecorded
from mcp_tools.catalogue import Catalogue
from mcp_tools.context import Services
from mcp_tools.spec import Binding

log = structlog.get_logger()

EVENTS_OF_A_CALL = 100
"""More than the ledger has of one."""


@dataclass(frozen=True)
class GateLimits:
    """`max_refusals` of one user are recorded within ten minutes (`refusals.py`), `kept_ended` calls stay in memory."""

    approval_lifetime_s: float = 3600.0
    max_open_per_user: int = MOST_CALLS
    max_open_bytes_per_user: int = MOST_BYTES
    max_refusals: int = LIMIT
    kept_ended: int = KEPT_ENDED


class Gate:
    def __init__(
        self,
        ledger: Ledger,
        catalogue: Catalogue,
        policy: Callable[[], Policy],
        services: Services,
        clock: Clock,
        limits: GateLimits,
        authority: Authority | None = None,
        spending: Spending | None = None,
        decided_on: DecidedOn | None = None,
    ) -> None:
        self._ledger = ledger
        self._catalogue = catalogue
        self._policy = policy
        self._services = services
        self._clock = clock
        self._limits = limits
        self.provenances = Provenances(ledger, catalogue)
        self.book = CallBook(limits.kept_ended)
        self._rates = Rates()
        self._spending = spending or NoBudgets()
        self._decided_on = decided_on or NothingElse()
        self._unrecorded = Unrecorded()
        self._plan_modes = PlanModes(ledger)
        self._edit_reviews = EditReviews(ledger)
        self._records = ProposalRecords(catalogue, clock, self._append, limits.max_refusals)
        self._open_calls = OpenCalls(limits.max_open_per_user, limits.max_open_bytes_per_user)
        self.results = CallResults(self.book, self._unrecorded, catalogue)
        self._locks = KeyedLocks()
        self._authority = authority or Authority.alone(clock)
        self.lockout = self._authority.lockout
        self._binder = Binder(catalogue, services)
        self.grants = StandingGrants(self._authority, clock, self._append)
        dispatcher = Dispatcher(catalogue, services, self.results, self._plan_modes)
        self._carrier = Carrier(
            dispatcher, self._authority, self._unrecorded, lambda state: self.desk.approved(state), self._settle, clock
        )
        self.desk = ApprovalDesk(self._desk_parts(), self._authority, self.grants, clock)
        self.chains = ChainCalls(self.book, self.desk, self.grants, self._carrier, ledger, services.agents)

    def _desk_parts(self) -> DeskParts:
        return DeskParts(
            book=self.book,
            append=self._append,
            decided_on=self._decided_on,
            start=self._carrier.start,
            given=self._unrecorded.runnable,
            forget=lambda state: self._unrecorded.ended(state, None),
            look=lambda state: self._binder.look(self._unrecorded.runnable(state) or state),
        )

    async def _settle(self, chain: str, outcome: Record) -> CallState:
        self._fold(await settled(self._ledger, chain, outcome))
        return self.book.get(str(outcome.body["call_id"]))

    # -- proposing ---------------------------------------------------------------------------------------------------

    async def propose(self, proposal: Proposal) -> CallState:
        """Take one call in. Returns when it is refused, waits for approval or is being dispatched.

        A call id that is known returns that call unchanged, so proposing again after a crash has no effect. Raises
        `BudgetExhausted` for a call of the model, and the call is not known: its user can raise the budget.
        """
        async with self._locks.holding(proposal.call_id):
            if await self.recalled(proposal.principal.username, proposal.call_id, proposal.chain) is None:
                try:
                    async with self.provenances.labelled(proposal) as labelled:
                        await self._admit(labelled)
                finally:
                    if not self.book.knows(proposal.call_id):
                        self._spending.give_back(proposal.call_id)
        return self.book.get(proposal.call_id)

    async def wants_plan(self, chain: str, tool: str, readers: frozenset[str]) -> bool:
        """Whether a plan could make a difference to a call of the model; to one that is refused anyway, it cannot."""
        try:
            await self._plan_modes.check_call(Origin.MODEL, chain, self._catalogue.get(tool))
        except (PlanModeOn, UnknownTool):
            return False
        return await self.provenances.wants_plan(chain, tool, readers)

    async def recalled(self, username: str, call_id: str, chain: str) -> CallState | None:
        """A call that is known, if only to the ledger; None for one that there never was."""
        if self.book.may_have_left(username, call_id):
            found = await self._ledger.newest(Where(chain=chain, call_id=call_id), limit=EVENTS_OF_A_CALL)
            self.book.fold(placed.event for placed in reversed(found))
        return self.book.get(call_id) if self.book.knows(call_id) else None

    async def refuse(self, proposal: Proposal, code: str, message: str) -> CallState:
        """Record a call that cannot even be put to the gate (the model wrote no readable arguments)."""
        if not self.book.knows(proposal.call_id):
            await self._append(
                proposal.chain, self._records.proposed(proposal), refused_record(proposal.call_id, code, message)
            )
        return self.book.get(proposal.call_id)

    async def _admit(self, proposal: Proposal) -> None:
        """Decide, and again where a lock was set or the policy changed before the decision was durable."""
        for attempt in range(DECIDED_AGAIN + 1):
            with suppress(ChainMoved):
                await self._decide(proposal, again=attempt > 0)
                return
            self._spending.give_back(proposal.call_id)
            await self._decided_on.keep_up()
        await self._records.refuse(proposal, ChainMoved("locks or policy changed whenever it was decided; try again"))

    async def _decide(self, proposal: Proposal, *, again: bool) -> None:
        """What cannot be let through is recorded with the reason; a budget of the model's is for its user to raise."""
        try:
            if proposal.origin is Origin.MODEL:
                proposal = replace(proposal, principal=await self._authority.present(proposal.principal))
            admitted, binding = await self._looked_at(proposal, again)
        except BudgetExhausted as error:
            if proposal.origin is Origin.MODEL:
                raise
            await self._records.refuse(proposal, error)
        except LookFailed as failed:
            await self._records.look_failed(proposal, failed)
        except InkError as error:
            await self._records.refuse(proposal, error)
        except Exception:
            log.exception("admission_broke", tool=proposal.tool, call_id=proposal.call_id)
            broken = InkError(f"{proposal.tool} could not be looked at; the server's log has the details")
            await self._records.refuse(proposal, broken)
        else:
            await self._go_on(proposal, admitted, binding)

    async def _looked_at(self, proposal: Proposal, again: bool) -> tuple[Admitted, Binding]:
        """What the policy says of the call, what an approval of it is bound to; and what it may use up is reserved."""
        relies = self._decided_on.relies()
        self.lockout.check_call(proposal.principal.username, proposal.worker_id, proposal.chain)
        await self._plan_modes.check_call(proposal.origin, proposal.chain, self._catalogue.get(proposal.tool))
        self._open_calls.check(self.book, proposal.principal.username)
        policy = self._policy()
        usage = self._rates.under(policy)
        admitted = await admit(proposal, self._catalogue, policy, self._services, self.results, usage, self._clock)
        admitted = replace(await self._edit_reviews.applied(proposal, admitted), relies=relies)
        binding = await self._bind(proposal, admitted)
        await self._spend(proposal, admitted, again)
        return admitted, binding

    async def _go_on(self, proposal: Proposal, admitted: Admitted, binding: Binding) -> None:
        if admitted.decision.effect in (Effect.DENY, Effect.THROTTLE):
            await self._records.refuse(proposal, refusal(admitted.decision), admitted)
            return
        proposed = self._records.proposed(proposal, admitted)
        if admitted.decision.effect is Effect.ASK:
            await self._ask(proposal, admitted, proposed, binding)
        else:
            await self._let_through(proposal, admitted, proposed)

    async def _let_through(
        self, proposal: Proposal, admitted: Admitted, proposed: Record, grant: Grant | None = None
    ) -> None:
        self._rates.take(proposal.call_id, admitted.facts)
        username = proposal.principal.username
        intent = intent_record(
            proposal.call_id,
            operation_id_of(proposal.call_id),
            acting_as(username, grant.approver if grant else username, touches_others=admitted.facts.touches_others),
            proposal.worker_id,
            admitted.arguments,
            grant_id=grant.grant_id if grant else None,
            relies=admitted.relies,
        )
        await self._append(proposal.chain, proposed, intent)
        self._unrecorded.keep_arguments(self.book.get(proposal.call_id), admitted.arguments)
        self._carrier.start(self.book.get(proposal.call_id))

    async def _spend(self, proposal: Proposal, admitted: Admitted, again: bool) -> None:
        """Reserve what the call may use up; then jobs of a token that was made for a number of them, which are counted
        when asked for, whatever comes of it.
        """
        if admitted.decision.effect not in (Effect.ALLOW, Effect.ASK):
            return
        await self._spending.reserve(proposal, admitted)
        if admitted.facts.jobs and not again:
            await self._authority.people.spend_jobs(proposal.principal, admitted.facts.jobs)

    async def _bind(self, proposal: Proposal, admitted: Admitted) -> Binding:
        if admitted.decision.effect is not Effect.ASK:
            return Binding()
        try:
            return await self._binder.bind(proposal, admitted)
        except InkError as error:
            raise LookFailed(error, admitted.label) from error

    async def _ask(self, proposal: Proposal, admitted: Admitted, proposed: Record, binding: Binding) -> None:
        """Wait for approval, unless a grant that was given with an earlier one lets the call through."""
        async with self.grants.letting_through(later_call(proposal, admitted), binding) as grant:
            if grant is not None:
                await self._let_through(proposal, admitted, proposed, grant)
                return
        request = request_for(proposal, admitted, binding, self._clock.now(), self._limits.approval_lifetime_s)
        await self._append(proposal.chain, proposed, requested_record(request))
        self._unrecorded.keep_arguments(self.book.get(proposal.call_id), admitted.arguments)

    # -- ending ------------------------------------------------------------------------------------------------------

    async def withdraw(self, call_id: str, by: str) -> None:
        """Take back a call that still waits for approval; any other call is left alone."""
        await self.desk.end(call_id, by, "withdrawn", "approval_withdrawn")

    async def stop(self, call_id: str, by: str) -> None:
        """Take back a call that waits, end one that runs; whichever way it ends is recorded as ever."""
        state = self.book.get(call_id)
        if state.phase is Phase.WAITING:
            await self.withdraw(call_id, by)
        elif state.phase is Phase.INTENDED:
            await self._carrier.stop(state)

    def is_open(self, call_id: str) -> bool:
        """Whether this call was taken in and has not ended."""
        return self.book.knows(call_id) and self.book.get(call_id).phase is not Phase.ENDED

    # -- the ledger again ----------------------------------------------------------------------------------------------

    async def recover(self) -> int:
        """Fold the whole ledger and take up every call that was under way; returns how many."""
        for chain in await self._ledger.chains():
            self._fold(await self._ledger.read(chain))
            await self._spending.keep_up()
        for state in self.book.open_calls():
            await self._spending.resume(state)
        await self._spending.recovered()
        intended = [state for state in self.book.open_calls() if state.phase is Phase.INTENDED]
        for state in intended:
            self._carrier.start(state, recovering=True)
        return len(intended)

    async def read_again(self, chain: str) -> None:
        """Know of the ended calls of a chain what the ledger holds now, and no more: content of it was erased."""
        events = await self._ledger.read(chain)
        erased = {str(event.body["call_id"]) for event in events if event.erased and "call_id" in event.body}
        self._unrecorded.forget(erased)
        self.book.fold(event for event in events if event.body.get("call_id") in erased)
        self.grants.book.read_again(events)

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

    async def close(self) -> None:
        """Stop watching running calls; a restart resolves them from the ledger."""
        await self._carrier.close()

    async def _append(self, chain: str, *records: Record) -> None:
        self._fold(await self._ledger.append(chain, *records))

    def _fold(self, events: Sequence[Event]) -> None:
        for ended in self.book.fold(events):
            self._spending.settle(ended)
        self._rates.fold(events)
        for event in events:
            self.grants.book.fold(event)
