"""Questions to models and their price, with the real database: reserved, settled, summed up, raised."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from ink_core.clock import ManualClock
from ink_core.db import Database
from manager.budgets.accounts import BudgetExhausted
from manager.budgets.amounts import Amounts, Limits
from manager.budgets.desk import BudgetDesk, Price, Question, SiteLimits
from manager.budgets.usage import UsageBook, Used

NOW = datetime(2026, 11, 30, 23, 0, tzinfo=UTC)
NO_LIMITS = SiteLimits()
FIRST = Question("alice", "s1", 7, "big")


@pytest.fixture
def book(tmp_path: Path) -> Iterator[UsageBook]:
    database = Database(f"sqlite:///{tmp_path}/ink.db")
    database.migrate()
    yield UsageBook(database)
    database.close()


def desk(book: UsageBook, limits: SiteLimits = NO_LIMITS, clock: ManualClock | None = None) -> BudgetDesk:
    return BudgetDesk(book, limits, {"big": Price(2.0, 10.0)}, clock or ManualClock(NOW))


async def test_a_reply_is_settled_by_what_it_cost(book: UsageBook) -> None:
    at = desk(book, SiteLimits(session=Limits(tokens=5000)))
    await at.reserve(FIRST, 3000, 1000)
    await at.settle(FIRST, "big", 2500, 100)
    assert await at.spent_by("alice") == Amounts(tokens=2600, money=6000)
    (line,) = book.lines("model", since=NOW - timedelta(days=1), limit=10)
    assert (line.name, line.replies, line.prompt_tokens, line.completion_tokens, line.money) == (
        "big",
        1,
        2500,
        100,
        6000,
    )
    await at.reserve(Question("alice", "s1", 8, "big"), 2000, 400)


@pytest.mark.parametrize(
    ("account", "limits"),
    [
        ("site", SiteLimits(site=Limits(tokens=3000))),
        ("user", SiteLimits(user=Limits(tokens=3000))),
        ("session", SiteLimits(session=Limits(tokens=3000))),
    ],
)
async def test_a_question_that_does_not_fit_one_of_the_three_budgets_is_not_let_through(
    book: UsageBook, account: str, limits: SiteLimits
) -> None:
    at = desk(book, limits)
    with pytest.raises(BudgetExhausted, match=account):
        await at.reserve(FIRST, 2500, 1000)
    await at.reserve(FIRST, 2000, 1000)


async def test_what_is_reserved_and_not_answered_is_given_back(book: UsageBook) -> None:
    at = desk(book, SiteLimits(user=Limits(money=10_000)))
    await at.reserve(FIRST, 5000, 0)
    with pytest.raises(BudgetExhausted, match="money"):
        await at.reserve(Question("alice", "s2", 1, "big"), 1, 0)
    at.give_back(FIRST)
    await at.reserve(Question("alice", "s2", 1, "big"), 5000, 0)


async def test_a_restart_knows_what_was_spent(book: UsageBook) -> None:
    before = desk(book)
    await before.reserve(FIRST, 900, 0)
    await before.settle(FIRST, "big", 900, 0)
    after = desk(book, SiteLimits(user=Limits(tokens=1000), session=Limits(tokens=950)))
    with pytest.raises(BudgetExhausted, match="session s1"):
        await after.reserve(Question("alice", "s1", 9, "big"), 60, 0)
    with pytest.raises(BudgetExhausted, match="user alice"):
        await after.reserve(Question("alice", "s2", 1, "big"), 101, 0)
    await after.reserve(Question("bob", "s3", 1, "big"), 900, 0)


async def test_a_new_month_is_a_new_budget_of_a_user_and_not_of_a_session(book: UsageBook) -> None:
    clock = ManualClock(NOW)
    at = desk(book, SiteLimits(user=Limits(tokens=1000), session=Limits(tokens=1500)), clock)
    await at.reserve(FIRST, 1000, 0)
    await at.settle(FIRST, "big", 1000, 0)
    clock.advance(2 * 3600)
    with pytest.raises(BudgetExhausted, match="session s1"):
        await at.reserve(Question("alice", "s1", 9, "big"), 501, 0)
    await at.reserve(Question("alice", "s2", 1, "big"), 1000, 0)


async def test_limits_that_somebody_raised_outlive_a_restart(book: UsageBook) -> None:
    at = desk(book, SiteLimits(user=Limits(tokens=10)))
    with pytest.raises(BudgetExhausted):
        await at.reserve(FIRST, 100, 0)
    await at.raise_user("alice", Limits(tokens=1000), "admin")
    await at.reserve(FIRST, 100, 0)
    assert await desk(book, SiteLimits(user=Limits(tokens=10))).limits_of("alice") == Limits(tokens=1000)


def test_the_same_question_counts_once_and_old_rows_go(book: UsageBook) -> None:
    used = Used("s1", 7, NOW - timedelta(days=900), "alice", "big", 10, 1, 30)
    book.add(used)
    book.add(used)
    assert book.spent(session="s1") == Amounts(tokens=11, money=30)
    assert book.forget(NOW - timedelta(days=800)) == 1
    assert book.spent(session="s1") == Amounts()


def test_what_costs_anything_is_never_counted_as_nothing() -> None:
    assert Price(0.25, 0).of(1, 0) == 1
    assert Price().of(10**9, 10**9) == 0
