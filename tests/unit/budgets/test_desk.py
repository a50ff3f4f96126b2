"""What is used up and its price, with the real database: reserved, settled, summed up, raised."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from pydantic import JsonValue

from audit.chains import session_chain
from audit.ledger import Record
from audit.memory import MemoryLedger
from ink_core.clock import ManualClock
from ink_core.db import Database
from manager.budgets.accounts import BudgetExhausted
from manager.budgets.amounts import Amounts, Limits
from manager.budgets.desk import BudgetDesk, SiteLimits
from manager.budgets.prices import Price
from manager.budgets.spender import Lineages, Spender
from manager.budgets.usage import Of, UsageBook, Used
from tests.doubles.empty_database import empty_database
from tests.unit.budgets.desks import desk_on

NOW = datetime(2026, 11, 30, 23, 0, tzinfo=UTC)
NO_LIMITS = SiteLimits()
ALICE = Spender("alice", None, ("s1",))
OTHER = Spender("alice", None, ("s2",))


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    made = empty_database(f"sqlite:///{tmp_path}/ink.db")
    yield made
    made.close()


def desk(database: Database, limits: SiteLimits = NO_LIMITS, clock: ManualClock | None = None) -> BudgetDesk:
    return desk_on(database, limits, clock or ManualClock(NOW), {"big": Price(2.0, 10.0)})


def tokens(count: int) -> Amounts:
    return Amounts(tokens=count)


def reply(spender: Spender, number: int, prompt: int, completion: int = 0, at: datetime = NOW) -> Used:
    money = Price(2.0, 10.0).of(prompt, completion)
    return Used(
        id=f"{spender.agents[-1]}/{number}",
        at=at,
        spender=spender,
        model="big",
        replies=1,
        prompt_tokens=prompt,
        completion_tokens=completion,
        money=money,
    )


async def spend(at: BudgetDesk, spender: Spender, number: int, prompt: int, completion: int = 0) -> None:
    used = reply(spender, number, prompt, completion, at.now())
    await at.reserve(spender, used.id, used.amounts)
    await at.charge(used.id, used)


async def test_a_reply_is_settled_by_what_it_cost(database: Database) -> None:
    at = desk(database, SiteLimits(session=Limits(tokens=5000)))
    await at.reserve(ALICE, "s1/7", at.price("big").most(3000, 1000))
    await at.charge("s1/7", reply(ALICE, 7, 2500, 100))
    assert (await at.of_user("alice")).spent == Amounts(tokens=2600, money=6000)
    (line,) = UsageBook(database).lines("model", Of(since=NOW - timedelta(days=1)), limit=10)
    told = (line.name, line.replies, line.prompt_tokens, line.completion_tokens, line.money)
    assert told == ("big", 1, 2500, 100, 6000)
    await at.reserve(ALICE, "s1/8", tokens(2400))


@pytest.mark.parametrize(
    ("account", "limits"),
    [
        ("site", SiteLimits(site=Limits(tokens=3000))),
        ("user alice", SiteLimits(user=Limits(tokens=3000))),
        ("task t1", SiteLimits(task=Limits(tokens=3000))),
        ("session s1", SiteLimits(session=Limits(tokens=3000))),
    ],
)
async def test_what_does_not_fit_one_of_the_budgets_is_not_let_through(
    database: Database, account: str, limits: SiteLimits
) -> None:
    at, spender = desk(database, limits), Spender("alice", "t1", ("s1", "child"))
    await at.raise_session("alice", "child", Limits())
    with pytest.raises(BudgetExhausted, match=account):
        await at.reserve(spender, "r1", tokens(3500))
    await at.reserve(spender, "r1", tokens(3000))
    assert (await at.left(spender)).tokens == 0


async def test_what_is_reserved_and_not_answered_is_given_back(database: Database) -> None:
    at = desk(database, SiteLimits(user=Limits(money=10_000)))
    await at.reserve(ALICE, "r1", Amounts(money=10_000))
    with pytest.raises(BudgetExhausted, match="money"):
        await at.reserve(OTHER, "r2", Amounts(money=1))
    at.give_back("r1")
    await at.reserve(OTHER, "r2", Amounts(money=10_000))


async def test_a_restart_knows_what_was_spent_by_whom_in_which_task_and_by_which_agent(database: Database) -> None:
    child = Spender("alice", "t1", ("s1", "c1"))
    before = desk(database)
    await spend(before, child, 1, 600)
    await spend(before, Spender("bob", "t1", ("s9",)), 1, 300)
    limits = SiteLimits(user=Limits(tokens=1000), task=Limits(tokens=1200), session=Limits(tokens=950))
    after = desk(database, limits)
    for spender, left in (
        (child, 300),
        (Spender("alice", "t1", ("s1", "c2")), 300),
        (Spender("alice", None, ("s1",)), 350),
        (Spender("alice"), 400),
        (Spender("bob", "t1"), 300),
        (Spender("carol", "t2"), 1000),
    ):
        assert (await after.left(spender)).tokens == left
    agents = {line.name: line.prompt_tokens for line in UsageBook(database).lines("agent_id", Of(), limit=10)}
    sessions = {line.name: line.prompt_tokens for line in UsageBook(database).lines("session_id", Of(), limit=10)}
    assert (agents, sessions) == ({"c1": 600, "s9": 300}, {"s1": 600, "s9": 300})


async def test_a_new_month_is_a_new_budget_of_a_user_and_not_of_a_session(database: Database) -> None:
    clock = ManualClock(NOW)
    at = desk(database, SiteLimits(user=Limits(tokens=1000), session=Limits(tokens=1500)), clock)
    await spend(at, ALICE, 1, 1000)
    clock.advance(2 * 3600)
    with pytest.raises(BudgetExhausted, match="session s1"):
        await at.reserve(ALICE, "r1", tokens(501))
    await at.reserve(OTHER, "r1", tokens(1000))
    assert (await desk(database, SiteLimits(), clock).of_user("alice")).spent == Amounts()


async def test_limits_that_somebody_raised_outlive_a_restart(database: Database) -> None:
    at = desk(database, SiteLimits(user=Limits(tokens=10)))
    with pytest.raises(BudgetExhausted):
        await at.reserve(ALICE, "r1", tokens(100))
    more = Limits.given(tokens=1000, calls=5, wall_s=1.5, cpu_hours=0.5)
    await at.raise_user("alice", more, "admin")
    await at.reserve(ALICE, "r1", tokens(100))
    standing = await desk(database, SiteLimits(user=Limits(tokens=10))).of_user("alice")
    assert standing.limits == more == Limits(tokens=1000, calls=5, wall_ms=1500, cpu_s=1800)


async def test_the_agents_above_a_session_stand_in_its_first_record(database: Database) -> None:
    ledger = MemoryLedger()
    delegation: dict[str, JsonValue] = {"ancestors": ["s1", "c1"]}
    await ledger.append(session_chain("c2"), Record("session.opened", {"delegation": delegation}))
    lineages = Lineages(ledger)
    spender = Spender("bob", "t1", await lineages.agents(session_chain("c2")))
    assert spender.own == ("user bob", "session s1", "session c1", "session c2")
    assert await lineages.agents("portal:bob") == ()


def test_the_same_question_counts_once_and_old_rows_go(database: Database) -> None:
    book, used = UsageBook(database), reply(ALICE, 7, 10, 1, NOW - timedelta(days=900))
    book.add(used)
    book.add(used)
    assert book.spent(Of(agents=("s1",))) == Amounts(tokens=11, money=30)
    assert book.forget(NOW - timedelta(days=800)) == 1
    assert book.spent(Of(agents=("s1",))) == Amounts()


def test_what_costs_anything_is_never_counted_as_nothing() -> None:
    assert Price(0.25, 0).of(1, 0) == 1
    assert Price().of(10**9, 10**9) == 0
