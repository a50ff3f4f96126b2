"""Budgets at work: what fits is let through, and what it took is written down.

Accounts: the site › a user › a task › a session › its sub-agents. Those of the site and of users count a calendar month
(UTC), the others all their life. Those of a user and of his sessions are decided on here alone: what was spent, and
what is reserved for jobs, is read from the database when one is first needed; what is reserved for questions and calls
under way is in memory. Those of the site and of tasks are decided on by other desks as well (`shared`).
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog

from ink_core.clock import Clock
from ink_core.errors import InkError
from manager.budgets.accounts import Accounts, Balance, BudgetExhausted
from manager.budgets.amounts import NOTHING, UNLIMITED, Amounts, Limits
from manager.budgets.journal import EndedCall, UsageJournal
from manager.budgets.prices import Price
from manager.budgets.raised import RaisedBudgets
from manager.budgets.reservations import Reservations
from manager.budgets.shared import SharedAccounts, month_of
from manager.budgets.spender import Lineages, Spender, session_account, task_account, user_account
from manager.budgets.submissions import Submissions, Turned
from manager.budgets.usage import Of, UsageBook, Used

log = structlog.get_logger()

KEPT = timedelta(days=800)
MOST_OPEN = 10_000


@dataclass(frozen=True)
class SiteLimits:
    """Of all users together and of one user in a month; of one task and of one session."""

    site: Limits = UNLIMITED
    user: Limits = UNLIMITED
    task: Limits = UNLIMITED
    session: Limits = UNLIMITED


@dataclass(frozen=True)
class Stores:
    book: UsageBook
    submissions: Submissions
    raised: RaisedBudgets
    reservations: Reservations
    journal: UsageJournal
    lineages: Lineages


class BudgetDesk:
    """Uses the event loop's thread for accounts, others for the database."""

    def __init__(self, stores: Stores, limits: SiteLimits, prices: Mapping[str, Price], clock: Clock) -> None:
        self._stores = stores
        self._limits = limits
        self._prices = prices
        self._clock = clock
        self._accounts = Accounts()
        self._shared = SharedAccounts(stores.reservations, limits.site, limits.task, clock)
        self._month: datetime | None = None
        self._opening = asyncio.Lock()

    def now(self) -> datetime:
        return self._clock.now()

    def price(self, model: str) -> Price:
        return self._prices.get(model, Price())

    async def spender(self, username: str, task_id: str | None, chain: str) -> Spender:
        """Who uses up what is done on this chain of the ledger by this user's authority."""
        return Spender(username, task_id, await self._stores.lineages.agents(chain))

    # -- reserving and settling --------------------------------------------------------------------------------------

    async def reserve(self, spender: Spender, reservation: str, amounts: Amounts) -> None:
        """Raises `BudgetExhausted` when one of the spender's accounts has not enough left; nothing is reserved then."""
        await self._open(spender)
        self._accounts.reserve(spender.own, reservation, amounts)
        try:
            await self._reserve_shared(spender.task_id, reservation, amounts)
        except BaseException:
            self._accounts.settle(reservation, NOTHING)
            raise

    async def _reserve_shared(self, task_id: str | None, reservation: str, amounts: Amounts) -> None:
        try:
            await self._shared.reserve(task_id, reservation, amounts)
        except BudgetExhausted:
            if not self._shared.to_write():
                raise
            await self.keep_up()  # what is over here may be enough
            await self._shared.reserve(task_id, reservation, amounts)

    async def hold(self, spender: Spender, reservation: str, amounts: Amounts) -> None:
        """Reserve again what was let through before a restart."""
        await self._open(spender)
        self._accounts.hold(spender.own, reservation, amounts)
        await self._shared.hold(spender.task_id, reservation, amounts)

    async def recovered(self) -> None:
        """All that is open is held, and what has ended is settled: whatever else was reserved here before is over."""
        await self.keep_up()
        if lost := await self._shared.take_over():
            log.info("reservations_given_back", count=lost)

    async def charge(self, reservation: str, used: Used) -> None:
        """Settle a reservation; durable on return."""
        await asyncio.to_thread(self._stores.book.add, used)
        self._begin_month()
        self._settle(reservation, used.amounts)

    def give_back(self, reservation: str) -> None:
        """Nothing came of it. Does nothing once it is settled."""
        self._settle(reservation, NOTHING)

    def ended(self, call: EndedCall) -> None:
        """Settle the reservation of a call, except for its jobs; written down soon."""
        self._begin_month()
        used = Amounts(calls=1, wall_ms=call.wall_ms) if call.counts else NOTHING
        kept = Amounts(cpu_s=call.submitted.cpu_s) if call.submitted else NOTHING
        if call.counts or call.submitted:
            self._stores.journal.note(call)
        self._settle(call.call_id, used, kept)

    def _settle(self, reservation: str, used: Amounts, kept: Amounts = NOTHING) -> None:
        self._accounts.settle(reservation, used, kept)
        self._shared.over(reservation)

    async def keep_up(self) -> None:
        """Write down what was used since the last time, and then what is not reserved any more."""
        over = self._shared.to_write()
        self._turn(await self._stores.journal.flush())
        await self._shared.write(over)

    async def close(self) -> None:
        """What cannot be written any more is found in the ledger at the next start."""
        try:
            await self.keep_up()
        except InkError as error:
            log.warning("usage_not_written", code=error.code, reason=str(error))

    async def forget(self) -> None:
        """What is older than anybody asks for goes, and what is reserved for jobs that nobody has seen end."""
        await self.keep_up()
        self._turn(await self._stores.journal.give_up())
        await asyncio.to_thread(self._stores.book.forget, self._clock.now() - KEPT)

    # -- limits ------------------------------------------------------------------------------------------------------

    async def raise_session(self, by: str, session_id: str, limits: Limits) -> None:
        """For the rest of the session, which may be a sub-agent's."""
        await self._raise(session_account(session_id), limits, by)

    async def raise_task(self, task_id: str, limits: Limits, by: str) -> None:
        """For the rest of the task."""
        await self._put(task_account(task_id), limits, by)
        await self._shared.raised(task_id)

    async def raised_task(self, task_id: str) -> Limits | None:
        """What was given to the task; None where the settings say."""
        return await asyncio.to_thread(self._stores.raised.get, task_account(task_id))

    async def raise_user(self, username: str, limits: Limits, by: str) -> None:
        """From now on, for each month."""
        await self._raise(user_account(username), limits, by)

    async def left(self, spender: Spender) -> Limits:
        """What can still be reserved for it: the least of what its accounts have."""
        await self._open(spender)
        left = self._accounts.left(spender.own)
        for balance in await self._shared.limited(spender.task_id):
            left = left.within(balance.left)
        return left

    async def balances(self, spender: Spender) -> Sequence[Balance]:
        """How its accounts stand, from above: the site's where it has a limit, the user's, the task's, the agents'."""
        await self.keep_up()
        await self._open(spender)
        user, *agents = map(self._balance, spender.own)
        task = [await self._shared.of_task(spender.task_id)] if spender.task_id else []
        return [*await self._shared.limited(None), user, *task, *agents]

    async def of_user(self, username: str) -> Balance:
        """The month of a user."""
        await self.keep_up()
        await self._open(Spender(username))
        return self._balance(user_account(username))

    async def of_task(self, task_id: str) -> Balance:
        """What all members of a task together have used in it."""
        await self.keep_up()
        return await self._shared.of_task(task_id)

    def _balance(self, name: str) -> Balance:
        found = self._accounts.account(name)
        return Balance(found.name, found.limits, found.spent, found.reserved)

    async def _raise(self, account: str, limits: Limits, by: str) -> None:
        await self._put(account, limits, by)
        if account in self._accounts:
            self._accounts.open(account, limits)

    async def _put(self, account: str, limits: Limits, by: str) -> None:
        await asyncio.to_thread(self._stores.raised.put, account, limits, by, self._clock.now())

    # -- accounts from the database ----------------------------------------------------------------------------------

    def _turn(self, turned: Iterable[Turned]) -> None:
        self._begin_month()
        for each in turned:
            self._accounts.turn(each.spender.own, each.released, each.used)

    async def _open(self, spender: Spender) -> None:
        self._begin_month()
        if all(name in self._accounts for name in spender.own):
            return
        async with self._opening:
            self._accounts.close_idle(MOST_OPEN)
            await self.keep_up()
            for name, of, otherwise in self._accounts_of(spender):
                if name not in self._accounts:
                    await self._read(name, of, otherwise)

    def _begin_month(self) -> None:
        """Before anything is charged, so that it counts in the month that it is of."""
        month = month_of(self._clock.now())
        if self._month not in (None, month):
            for name in self._accounts.names():
                if name.startswith(user_account("")):
                    self._accounts.renew(name)
        self._month = month

    def _accounts_of(self, spender: Spender) -> Iterable[tuple[str, Of, Limits]]:
        """Names, which rows are theirs, and what limits them where nobody raised it."""
        yield user_account(spender.username), Of(since=self._month, username=spender.username), self._limits.user
        for depth, agent in enumerate(spender.agents, start=1):
            yield session_account(agent), Of(agents=spender.agents[:depth]), self._limits.session

    async def _read(self, name: str, of: Of, otherwise: Limits) -> None:
        limits = await asyncio.to_thread(self._stores.raised.get, name) or otherwise
        spent = await asyncio.to_thread(self._stores.book.spent, of)
        reserved = await asyncio.to_thread(self._stores.submissions.reserved, of)
        self._accounts.open(name, limits, spent, reserved)
