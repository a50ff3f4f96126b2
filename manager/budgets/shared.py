"""Accounts that more than one desk decides on: the site's, and those of tasks, whose members may be with several.

One that has a limit is decided on in the database (`reservations`), which costs a transaction for each reservation. One
that has none costs nothing: there is nothing to decide, and what it has spent is summed when somebody asks.

Limits: that another desk gave a task its first limit is heard within `HEARD_S`.
"""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from ink_core.clock import Clock
from manager.budgets.accounts import Balance, BudgetExhausted
from manager.budgets.amounts import NOTHING, UNLIMITED, Amounts, Limits
from manager.budgets.reservations import Reservation, Reservations, SharedAccount
from manager.budgets.spender import SITE, task_account
from manager.budgets.totals import site_total
from manager.budgets.usage import Of
from manager.gate.keyed_locks import KeyedLocks

HEARD_S = 10
MOST_TASKS = 10_000


@dataclass
class UnderWay:
    """What is reserved here. `id` is that of the reservation in the database, None where nothing had a limit."""

    task_id: str | None
    amounts: Amounts
    id: str | None


class SharedAccounts:
    """Uses the event loop's thread for what is under way, others for the database."""

    def __init__(self, reservations: Reservations, site: Limits, task: Limits, clock: Clock) -> None:
        self._reservations = reservations
        self._site, self._task = site, task
        self._clock = clock
        self._tasks: dict[str, tuple[Limits, datetime]] = {}
        self._learning = KeyedLocks()
        self._under_way: dict[str, UnderWay] = {}
        self._over: set[str] = set()
        self._writing = asyncio.Lock()

    # -- reserving ---------------------------------------------------------------------------------------------------

    async def reserve(self, task_id: str | None, name: str, amounts: Amounts) -> None:
        """Raises `BudgetExhausted`, and nothing is reserved then."""
        limited = await self._limited(task_id)
        await self._take(task_id, name, amounts, lambda made: self._reservations.make(made, limited), bool(limited))

    async def hold(self, task_id: str | None, name: str, amounts: Amounts) -> None:
        """Reserve again what was let through before a restart, whatever the limits are by now."""
        limited = await self._limited(task_id)
        await self._take(task_id, name, amounts, lambda made: self._reservations.hold([made]), bool(limited))

    def over(self, name: str) -> None:
        """Nothing of it is reserved any more, once that is written (`write`). Does nothing where it is over already."""
        found = self._under_way.pop(name, None)
        if found and found.id:
            self._over.add(found.id)

    def to_write(self) -> Collection[str]:
        """What is over by now; for `write`, after what was used of it is written."""
        return tuple(self._over)

    async def write(self, over: Collection[str]) -> None:
        if over:
            async with self._writing:
                await asyncio.to_thread(self._reservations.give_back, tuple(over))
                self._over.difference_update(over)

    async def take_over(self) -> int:
        """Give back what was reserved by who had this seat before, once all that is open is held; how many."""
        return await asyncio.to_thread(self._reservations.give_back_former)

    async def _take(
        self, task_id: str | None, name: str, amounts: Amounts, write: Callable[[Reservation], None], limited: bool
    ) -> None:
        made = self._reservation(name, task_id, amounts) if limited else None
        if made:
            await self._written(made, write)
        self._under_way[name] = UnderWay(task_id, amounts, made.id if made else None)

    async def _written(self, made: Reservation, write: Callable[[Reservation], None]) -> None:
        """Who is cancelled meanwhile, or does not hear how it ended, reserves nothing: it goes after it was written."""
        writing = asyncio.ensure_future(asyncio.to_thread(write, made))
        try:
            await asyncio.shield(writing)
        except BudgetExhausted:
            raise
        except BaseException:
            writing.add_done_callback(lambda done: self._abandoned(done, made.id))
            raise

    def _abandoned(self, done: asyncio.Future[None], id: str) -> None:
        if not done.cancelled():
            done.exception()
        self._over.add(id)

    def _reservation(self, name: str, task_id: str | None, amounts: Amounts) -> Reservation:
        return Reservation(secrets.token_hex(16), name, task_id, self._clock.now(), amounts)

    # -- how they stand ----------------------------------------------------------------------------------------------

    async def limited(self, task_id: str | None) -> Sequence[Balance]:
        """How those of them stand that have a limit: the task's, if there is one, and the site's."""
        return [await self._balance(account) for account in await self._limited(task_id)]

    async def of_task(self, task_id: str) -> Balance:
        return await self._balance(self._account(task_id))

    async def _balance(self, account: SharedAccount) -> Balance:
        """What is over and not written yet is reserved as long; what no limit made this desk write is added."""
        found = await asyncio.to_thread(self._reservations.balance, account)
        unwritten = (each for each in self._under_way.values() if each.id is None)
        here = sum((each.amounts for each in unwritten if _of(account, each)), NOTHING)
        return Balance(found.account, found.limits, found.spent, found.reserved + here)

    # -- limits ------------------------------------------------------------------------------------------------------

    async def raised(self, task_id: str) -> None:
        """Somebody gave the task other limits."""
        async with self._learning.holding(task_id):
            await self._learn(task_id)

    async def _limited(self, task_id: str | None) -> Sequence[SharedAccount]:
        """The task's first: who is refused hears of the nearest."""
        accounts = list[SharedAccount]()
        if task_id and await self._limits(task_id) != UNLIMITED:
            accounts.append(self._account(task_id))
        if self._site != UNLIMITED:
            accounts.append(self._account(None))
        return accounts

    async def _limits(self, task_id: str) -> Limits:
        async with self._learning.holding(task_id):
            known = self._tasks.get(task_id)
            if known is None or known[1] < self._clock.now() - timedelta(seconds=HEARD_S):
                return await self._learn(task_id)
            return known[0]

    async def _learn(self, task_id: str) -> Limits:
        """What is under way of a task that had no limit before counts from its first one on.

        One at a time for each task: what was read before is not taken for newer, and nobody decides by a limit before
        what is under way counts in it.
        """
        limits = await asyncio.to_thread(self._reservations.limits, self._account(task_id))
        if len(self._tasks) >= MOST_TASKS:
            self._tasks.clear()
        self._tasks[task_id] = limits, self._clock.now()
        if limits != UNLIMITED:
            try:
                await self._write_unwritten(task_id)
            except BaseException:
                self._tasks.pop(task_id, None)  # asked again, and written then
                raise
        return limits

    async def _write_unwritten(self, task_id: str) -> None:
        async with self._writing:
            of_task = [(name, each) for name, each in self._under_way.items() if each.task_id == task_id]
            several = [
                (each, self._reservation(name, task_id, each.amounts)) for name, each in of_task if each.id is None
            ]
            for each, made in several:
                each.id = made.id
            try:
                await asyncio.to_thread(self._reservations.hold, [made for _, made in several])
            except BaseException:
                for each, _ in several:
                    each.id = None
                raise

    def _account(self, task_id: str | None) -> SharedAccount:
        if task_id:
            name = task_account(task_id)
            return SharedAccount(name, name, Of(task_id=task_id), self._task)
        now = self._clock.now()
        return SharedAccount(SITE, site_total(now), Of(since=month_of(now)), self._site)


def _of(account: SharedAccount, each: UnderWay) -> bool:
    return account.of.task_id in (None, each.task_id)


def month_of(now: datetime) -> datetime:
    """When the calendar month began."""
    return now.replace(day=1, hour=0, minute=0, second=0, microsecond=0)
