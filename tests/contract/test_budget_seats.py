"""What a database promises of the seat that budgets are decided at: who has lost it reserves nothing any more."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection, Iterator, Sequence
from contextlib import closing
from functools import partial
from itertools import combinations
from pathlib import Path

import pytest
from sqlalchemy import delete, select

from audit.leases import MANAGER, Lease
from audit.ledger import Event, LedgerHeld
from audit.memory import MemoryLedger
from ink_core.clock import ManualClock
from ink_core.db import Database
from manager.budgets.amounts import Amounts, Limits
from manager.budgets.desk import BudgetDesk, SiteLimits
from manager.budgets.reservations import reservations
from manager.budgets.seats import Seat, sit_down, sitting, take_seat
from manager.budgets.spender import Spender
from tests.doubles.empty_database import empty_database
from tests.unit.budgets.desks import stores_at

CLOCK, ALICE, ONE = ManualClock(), Spender("alice"), Amounts(calls=1)
LIMITS = SiteLimits(site=Limits(calls=10))
FORMER, LATER = "aaaa", "lbbbb"
"""Steps of one that has its lease, and of one that takes it from there (`l`): see `start`."""
Step = Callable[[], Awaitable[object]]


@pytest.fixture(params=["postgresql", "sqlite"])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    url = f"sqlite:///{tmp_path}/ink.db" if request.param == "sqlite" else request.getfixturevalue("postgresql_url")
    with closing(empty_database(url)) as made:
        yield made


def leased(beside: MemoryLedger | None = None) -> MemoryLedger:
    return MemoryLedger(CLOCK, Lease(MANAGER), beside)


def sits(database: Database, ledger: MemoryLedger) -> Step:
    return partial(take_seat, Seat(MANAGER, ledger.epoch), database, ledger)


def start(database: Database, ledger: MemoryLedger) -> Sequence[Step]:
    """A manager's, up to its first call: it sits down, holds what is open, gives back what is not, and reserves."""
    seat = Seat(MANAGER, ledger.epoch)
    desk = BudgetDesk(stores_at(seat, database, CLOCK, ledger), LIMITS, {}, CLOCK)
    return (
        sits(database, ledger),
        partial(desk.hold, ALICE, "open", ONE),
        desk.recovered,
        partial(desk.reserve, ALICE, "new", ONE),
    )


def reserved(database: Database) -> set[tuple[str, int]]:
    with database.read() as connection:
        rows = connection.execute(select(reservations.c.name, reservations.c.epoch)).all()
    return {(row.name, row.epoch) for row in rows}


def orders() -> Sequence[str]:
    """Each once, with `r` for the step of `a` that is refused, after which it makes none."""
    every = range(len(FORMER + LATER))
    mixed = [_mixed(set(places)) for places in combinations(every, len(FORMER))]
    return sorted(set(map(_ended, mixed)))


def _mixed(places_of_a: Collection[int]) -> str:
    former, later = iter(FORMER), iter(LATER)
    return "".join(next(former if place in places_of_a else later) for place in range(len(FORMER + LATER)))


def _ended(order: str) -> str:
    done = ""
    for who in order:
        if who != "a":
            done += who
        elif "r" not in done:
            done += "r" if _is_refused(done) else "a"
    return done


def _is_refused(done: str) -> bool:
    """Whether `a` finds that it was superseded after this: where `b` sits at the seat, or it is not seated itself."""
    before, taken, after = done.partition("l")
    return "b" in after or bool(taken and "a" not in before)


@pytest.mark.requirement("AGENT-BUDGET-01")
async def test_nobody_reserves_after_a_successor_sat_down(database: Database) -> None:
    """In all orders of their steps: what stays reserved is what the successor reserved, all of it."""
    for order in orders():
        with database.write() as connection:
            connection.execute(delete(reservations))
        lost = leased()
        for step in start(database, lost):
            await step()
        await both(database, order, leased(beside=lost))
        assert reserved(database) == {("open", 3), ("new", 3)}, order


async def both(database: Database, order: str, former: MemoryLedger) -> None:
    steps = {"a": iter(start(database, former))}
    for who in order:
        if who == "l":
            steps["b"] = iter(start(database, leased(beside=former)))
        elif who == "r":
            with pytest.raises(LedgerHeld):
                await next(steps["a"])()
        else:
            await next(steps[who])()


async def nothing() -> None: ...


class WhileLooking(MemoryLedger):
    """Somebody else does something whenever the lease is looked at."""

    meanwhile: Step = nothing

    async def read(self, chain: str, *, after: int = 0, limit: int | None = None) -> Sequence[Event]:
        found = await super().read(chain, after=after, limit=limit)
        meanwhile, self.meanwhile = self.meanwhile, nothing
        await meanwhile()
        return found


async def test_who_has_the_lease_sits_down_whoever_did_so_while_it_looked(database: Database) -> None:
    former = leased()
    later = WhileLooking(CLOCK, Lease(MANAGER), former)

    async def late() -> None:
        assert sit_down(database, Seat(MANAGER, former.epoch), None)

    later.meanwhile = late
    await sits(database, later)()
    assert sitting(database, MANAGER) == later.epoch


async def test_who_lost_the_lease_while_it_looked_does_not_sit_down(database: Database) -> None:
    former = WhileLooking(CLOCK, Lease(MANAGER))
    taken: list[MemoryLedger] = []

    async def taken_over() -> None:
        taken.append(leased(beside=former))
        await sits(database, taken[0])()

    former.meanwhile = taken_over
    with pytest.raises(LedgerHeld):
        await sits(database, former)()
    assert sitting(database, MANAGER) == taken[0].epoch


async def test_a_database_that_was_used_with_another_ledger_has_its_seat_taken(database: Database) -> None:
    """Its epochs say nothing of this one's."""
    assert sit_down(database, Seat(MANAGER, 50), None)
    ledger = leased()
    for step in start(database, ledger):
        await step()
    assert sitting(database, MANAGER) == ledger.epoch
    assert reserved(database) == {("open", 1), ("new", 1)}
