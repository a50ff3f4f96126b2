"""What desks on one database promise of the budgets they share: what all let through together never exceeds a limit."""

from __future__ import annotations

import asyncio
import random
import threading
from collections.abc import Iterator
from contextlib import closing, suppress
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path

import pytest
from sqlalchemy import select

from ink_core.clock import ManualClock
from ink_core.db import Database
from manager.budgets.accounts import BudgetExhausted
from manager.budgets.amounts import NOTHING, UNLIMITED, Amounts, Limits
from manager.budgets.desk import BudgetDesk, SiteLimits
from manager.budgets.journal import EndedCall, Submitted
from manager.budgets.raised import RaisedBudgets
from manager.budgets.reservations import Reservations, SharedAccount
from manager.budgets.seats import Seat, sit_down
from manager.budgets.shared import SharedAccounts
from manager.budgets.spender import Spender, task_account
from manager.budgets.totals import site_total, spent_totals
from manager.budgets.usage import BUDGETS
from tests.unit.budgets.desks import desk_on

SITE_MOST, TASK_MOST = Limits(tokens=3000, calls=12, cpu_s=6000), Limits(calls=7, wall_ms=40_000)
BOTH = SiteLimits(site=SITE_MOST, task=TASK_MOST)
CALLS_3 = SiteLimits(site=Limits(calls=3))
ONE = Amounts(calls=1)


@pytest.fixture(params=["postgresql", "sqlite"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    found = f"sqlite:///{tmp_path}/ink.db" if request.param == "sqlite" else request.getfixturevalue("postgresql_url")
    with closing(Database(found)) as database:
        database.migrate()
    return found


@pytest.fixture
def databases(url: str) -> Iterator[tuple[Database, Database]]:
    """Two pools of connections, as two processes have."""
    with closing(Database(url)) as one, closing(Database(url)) as other:
        yield one, other


def two_desks(databases: tuple[Database, Database], limits: SiteLimits, clock: ManualClock) -> list[BudgetDesk]:
    return [
        desk_on(database, limits, clock, seat=seat) for database, seat in zip(databases, ("one", "other"), strict=True)
    ]


@dataclass
class Books:
    """What was let through, counted apart from all desks: still open, kept for jobs, and spent; by its task."""

    open: dict[str, tuple[str | None, Amounts]] = field(default_factory=dict[str, tuple[str | None, Amounts]])
    refused: int = 0
    settled: list[tuple[str | None, Amounts]] = field(default_factory=list[tuple[str | None, Amounts]])

    def used(self, task_id: str | None) -> Amounts:
        """By all, or in one task."""
        of = [each for each in (*self.open.values(), *self.settled) if task_id in (None, each[0])]
        return sum((amounts for _, amounts in of), NOTHING)


class Work:
    """One desk at work by dice: reserves, settles, gives back, ends twice, and writes it down now and then."""

    def __init__(self, desk: BudgetDesk, books: Books, dice: random.Random, name: str, clock: ManualClock) -> None:
        self._desk, self._books, self._dice, self._name, self._clock = desk, books, dice, name, clock
        self._numbers = count()

    async def step(self) -> None:
        task_id = self._dice.choice((None, "t1", "t2"))
        call_id = f"{self._name}-{next(self._numbers)}"
        wanted = Amounts(*(self._dice.randint(0, most) for most in (400, 0, 1, 9000, 900)))
        try:
            await self._desk.reserve(Spender("alice", task_id), call_id, wanted)
        except BudgetExhausted:
            self._books.refused += 1
        else:
            self._books.open[call_id] = task_id, wanted
            self._check()
        for known in [each for each in self._books.open if each.startswith(self._name)]:
            if self._dice.random() < 0.4:
                self._end(known)
        if self._dice.random() < 0.3:
            await self._desk.keep_up()

    def _end(self, call_id: str) -> None:
        """What was done took less than was reserved, and its jobs are still there; or nothing came of it."""
        task_id, reserved = self._books.open.pop(call_id)
        if self._dice.random() < 0.3:
            self._desk.give_back(call_id)
            return
        took_ms = self._dice.randint(0, reserved.wall_ms)
        jobs = Submitted(f"op-{call_id}", "pool", 1, reserved.cpu_s) if reserved.cpu_s and reserved.calls else None
        call = EndedCall(
            call_id, "portal:alice", "alice", task_id, self._clock.now(), reserved.calls == 1, took_ms, jobs
        )
        used = Amounts(calls=1, wall_ms=took_ms) if reserved.calls else NOTHING
        self._books.settled.append((task_id, used + Amounts(cpu_s=jobs.cpu_s if jobs else 0)))
        for _ in range(self._dice.randint(1, 2)):
            self._desk.ended(call)

    def _check(self) -> None:
        assert SITE_MOST.exceeded_by(self._books.used(None)) == ()
        for task_id in ("t1", "t2"):
            assert TASK_MOST.exceeded_by(self._books.used(task_id)) == ()


@pytest.mark.requirement("AGENT-BUDGET-01")
@pytest.mark.parametrize("seed", range(2))
async def test_two_desks_that_decide_at_one_moment_never_overspend(
    databases: tuple[Database, Database], seed: int
) -> None:
    """Random work at both at once; and at the end the database holds exactly what was let through."""
    clock, books, dice = ManualClock(), Books(), random.Random(seed)
    desks = two_desks(databases, BOTH, clock)
    works = [Work(desk, books, dice, name, clock) for desk, name in zip(desks, ("one", "other"), strict=True)]
    for step in range(200):  # who comes first, and so what is refused, is not the dice's alone
        await asyncio.gather(*(work.step() for work in works))
        if step >= 20 and books.refused:
            break
    assert books.refused
    assert books.settled
    for desk in desks:
        await desk.keep_up()
    for desk in desks:
        for task_id in ("t1", "t2"):
            balance = await desk.of_task(task_id)
            assert balance.spent + balance.reserved == books.used(task_id)
        site, *_ = await desk.balances(Spender("alice"))
        assert (site.account, site.spent + site.reserved) == ("site", books.used(None))


@pytest.mark.parametrize("limits", [CALLS_3, SiteLimits(task=Limits(calls=3))], ids=["site", "task"])
async def test_of_many_at_one_moment_as_many_are_let_through_as_fit(
    databases: tuple[Database, Database], limits: SiteLimits
) -> None:
    desks = two_desks(databases, limits, ManualClock())
    wanted = [(desk, f"c-{number}") for number in range(4) for desk in desks]
    names = [f"{index}{name}" for index, (_, name) in enumerate(wanted)]
    tries = [desk.reserve(Spender("alice", "t1"), name, ONE) for (desk, _), name in zip(wanted, names, strict=True)]
    ends = await asyncio.gather(*tries, return_exceptions=True)
    assert sum(end is None for end in ends) == 3
    assert all(end is None or isinstance(end, BudgetExhausted) for end in ends)


async def test_what_one_gives_back_the_other_can_use(databases: tuple[Database, Database]) -> None:
    one, other = two_desks(databases, CALLS_3, ManualClock())
    await one.reserve(Spender("alice"), "c-1", Amounts(calls=3))
    with pytest.raises(BudgetExhausted, match="site"):
        await other.reserve(Spender("bob"), "c-2", ONE)
    one.give_back("c-1")
    one.give_back("c-1")
    await one.reserve(Spender("alice"), "c-3", ONE)
    await other.reserve(Spender("bob"), "c-4", Amounts(calls=2))
    assert (await other.left(Spender("bob"))).calls == 0


async def test_what_was_reserved_and_is_open_no_more_is_given_back_by_who_takes_the_seat(url: str) -> None:
    """And only that: what is held again stays, what another seat reserved too, and one that was taken over from
    cannot give back what its successor holds.
    """
    clock = ManualClock()
    with closing(Database(url)) as database:
        before, beside = desk_on(database, CALLS_3, clock, seat="one"), desk_on(database, CALLS_3, clock, seat="other")
        for desk, name in ((before, "lost"), (before, "open"), (beside, "beside")):
            await desk.reserve(Spender("alice"), name, ONE)
        after = desk_on(database, CALLS_3, clock, seat="one")
        with pytest.raises(BudgetExhausted):
            await after.reserve(Spender("alice"), "new", ONE)
        await after.hold(Spender("alice"), "open", ONE)
        await after.recovered()
        before.give_back("open")
        await before.keep_up()
        assert (await after.left(Spender("alice"))).calls == 1
        await after.reserve(Spender("alice"), "new", ONE)
        with pytest.raises(BudgetExhausted):
            await beside.reserve(Spender("alice"), "more", ONE)


async def test_a_first_limit_of_a_task_counts_what_is_under_way_and_is_heard_by_the_other(
    databases: tuple[Database, Database],
) -> None:
    clock = ManualClock()
    one, other = two_desks(databases, SiteLimits(), clock)
    for desk, name in ((one, "c-1"), (other, "c-2")):
        await desk.reserve(Spender("alice", "t1"), name, ONE)
    await one.raise_task("t1", Limits(calls=3), "alice")
    clock.advance(11)
    await other.reserve(Spender("alice", "t1"), "c-3", ONE)
    for desk in (one, other):
        with pytest.raises(BudgetExhausted, match="task t1"):
            await desk.reserve(Spender("alice", "t1"), "c-4", ONE)
    await one.raise_task("t1", Limits(calls=4), "alice")
    await other.reserve(Spender("alice", "t1"), "c-4", ONE)


class LateAnswer(Reservations):
    """The first who asks for a task's limits is answered late, with what was true when it asked."""

    def __init__(self, database: Database) -> None:
        super().__init__(database, Seat("one", 1))
        self.asked, self.answers = threading.Event(), threading.Event()

    def limits(self, account: SharedAccount) -> Limits:
        found = super().limits(account)
        if not self.asked.is_set():
            self.asked.set()
            self.answers.wait(20)
        return found


async def test_limits_that_were_given_while_older_ones_were_read_count(databases: tuple[Database, Database]) -> None:
    clock, late = ManualClock(), LateAnswer(databases[0])
    assert sit_down(databases[0], Seat("one", 1), None)
    shared = SharedAccounts(late, UNLIMITED, UNLIMITED, clock)
    first = asyncio.create_task(shared.reserve("t1", "c-1", ONE))
    assert await asyncio.to_thread(late.asked.wait, 20)
    RaisedBudgets(databases[1]).put(task_account("t1"), Limits(calls=1), "alice", clock.now())
    raised = asyncio.create_task(shared.raised("t1"))
    await asyncio.wait([raised], timeout=0.1)
    late.answers.set()
    await asyncio.gather(first, raised)
    with pytest.raises(BudgetExhausted):
        await shared.reserve("t1", "c-2", ONE)


async def test_a_month_begins_with_nothing_spent_and_with_what_is_still_reserved(
    databases: tuple[Database, Database],
) -> None:
    clock = ManualClock()
    one, other = two_desks(databases, CALLS_3, clock)
    for name in ("c-1", "c-2"):
        await one.reserve(Spender("alice"), name, ONE)
    one.ended(EndedCall("c-1", "portal:alice", "alice", None, clock.now(), True, 0))
    await one.keep_up()
    clock.advance(32 * 86_400)
    await other.reserve(Spender("alice"), "c-3", Amounts(calls=2))
    with pytest.raises(BudgetExhausted):
        await one.reserve(Spender("alice"), "c-4", ONE)
    one.give_back("c-2")
    await one.reserve(Spender("alice"), "c-4", ONE)


async def test_who_is_cancelled_while_it_is_written_has_reserved_nothing(databases: tuple[Database, Database]) -> None:
    one, other = two_desks(databases, CALLS_3, ManualClock())
    with databases[1].write_alone(BUDGETS):
        waits = asyncio.create_task(one.reserve(Spender("alice"), "c-1", Amounts(calls=3)))
        await asyncio.sleep(0.05)
        waits.cancel()
        with suppress(asyncio.CancelledError):
            await waits
    async with asyncio.timeout(20):
        while True:
            with suppress(BudgetExhausted):
                await other.reserve(Spender("alice"), "c-2", Amounts(calls=3))
                break
            await one.keep_up()
    await other.keep_up()


async def test_the_sum_of_all_rows_is_made_once_also_for_who_is_refused(databases: tuple[Database, Database]) -> None:
    clock = ManualClock()
    one, _ = two_desks(databases, CALLS_3, clock)
    with pytest.raises(BudgetExhausted):
        await one.reserve(Spender("alice"), "c-1", Amounts(calls=4))
    with databases[1].read() as connection:
        assert connection.execute(select(spent_totals.c.account)).scalars().all() == [site_total(clock.now())]


async def test_where_nothing_is_limited_nothing_is_written(databases: tuple[Database, Database]) -> None:
    one, other = two_desks(databases, SiteLimits(user=Limits(calls=9)), ManualClock())
    await one.reserve(Spender("alice", "t1"), "c-1", ONE)
    assert (await other.of_task("t1")).reserved == NOTHING
    assert (await one.of_task("t1")).reserved == ONE
