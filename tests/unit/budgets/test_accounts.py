"""Budgets as a hierarchy: what is reserved and settled below counts above, and nothing is overspent."""

from __future__ import annotations

import random

import pytest

from ink_core.errors import Conflict
from manager.budgets.accounts import MAX_DEPTH, Accounts, BudgetExhausted, BudgetTooDeep, UnknownAccount
from manager.budgets.amounts import NOTHING, Amounts, Limits

PATH = ("site", "alice", "session")


def accounts(**limits: int) -> Accounts:
    """`site` › `alice` › `session`; the limits are alice's."""
    made = Accounts()
    made.open("site")
    made.open("alice", Limits(**limits))
    made.open("session")
    return made


def test_what_is_settled_counts_in_every_account_above() -> None:
    made = accounts(tokens=1000)
    made.reserve(PATH, "r1", Amounts(tokens=600, calls=1))
    assert made.account("alice").reserved == Amounts(tokens=600, calls=1)
    made.settle("r1", Amounts(tokens=450, calls=1))
    for name in PATH:
        assert (made.account(name).spent, made.account(name).reserved) == (Amounts(tokens=450, calls=1), NOTHING)
    assert made.left(PATH).tokens == 550


def test_a_reservation_that_does_not_fit_above_reserves_nothing() -> None:
    made = accounts(tokens=1000)
    made.reserve(PATH, "r1", Amounts(tokens=600))
    with pytest.raises(BudgetExhausted, match="budget of alice has not enough tokens left") as refused:
        made.reserve(PATH, "r2", Amounts(tokens=401))
    assert (refused.value.account, refused.value.measures) == ("alice", ("tokens",))
    assert made.account("session").reserved == Amounts(tokens=600)
    made.reserve(PATH, "r2", Amounts(tokens=400))


def test_more_than_was_reserved_is_charged_and_ends_what_follows() -> None:
    made = accounts(tokens=1000)
    made.reserve(PATH, "r1", Amounts(tokens=900))
    made.settle("r1", Amounts(tokens=1100))
    assert made.account("alice").spent.tokens == 1100
    with pytest.raises(BudgetExhausted):
        made.reserve(PATH, "r2", Amounts(tokens=1))


def test_a_raised_limit_lets_the_work_go_on() -> None:
    made = accounts(calls=1)
    made.reserve(PATH, "r1", Amounts(calls=1))
    made.settle("r1", Amounts(calls=1))
    with pytest.raises(BudgetExhausted, match="tool calls"):
        made.reserve(PATH, "r2", Amounts(calls=1))
    made.open("alice", Limits(calls=2))
    made.reserve(PATH, "r2", Amounts(calls=1))


def test_what_was_let_through_is_held_whatever_the_limits_are_by_now() -> None:
    made = accounts(calls=0)
    made.hold(PATH, "r1", Amounts(calls=1))
    assert made.account("site").reserved == Amounts(calls=1)
    made.settle("r1", Amounts(calls=1))
    assert made.account("alice").spent == Amounts(calls=1)


def test_cpu_time_stays_reserved_until_its_jobs_have_ended() -> None:
    made = accounts(cpu_s=1000)
    made.reserve(PATH, "r1", Amounts(calls=1, cpu_s=1000))
    made.settle("r1", Amounts(calls=1), kept=Amounts(cpu_s=1000))
    with pytest.raises(BudgetExhausted, match="CPU-hours") as refused:
        made.reserve(PATH, "r2", Amounts(cpu_s=1))
    assert refused.value.measures == ("cpu_hours",)
    made.turn(PATH, released=Amounts(cpu_s=500), used=Amounts(cpu_s=100))
    made.reserve(PATH, "r2", Amounts(cpu_s=400))
    assert made.account("site").spent == Amounts(calls=1, cpu_s=100)


def test_a_reservation_is_made_once_and_settled_once() -> None:
    made = accounts()
    made.reserve(PATH, "r1", Amounts(calls=1))
    with pytest.raises(Conflict, match="made already"):
        made.reserve(PATH, "r1", Amounts(calls=1))
    made.settle("r1", Amounts(calls=1))
    made.settle("r1", Amounts(calls=1))
    assert made.account("site").spent == Amounts(calls=1)


def test_a_new_time_begins_with_what_is_still_reserved() -> None:
    made = accounts(tokens=100)
    made.reserve(PATH, "r1", Amounts(tokens=40))
    made.settle("r1", Amounts(tokens=40))
    made.reserve(PATH, "r2", Amounts(tokens=60))
    made.renew("alice")
    assert made.left(PATH).tokens == 40


def test_where_there_are_many_accounts_those_go_that_nothing_is_reserved_in() -> None:
    made = accounts()
    made.reserve(("site", "alice"), "r1", Amounts(calls=1))
    made.close_idle(most=3)
    assert made.names() == ("site", "alice")
    with pytest.raises(UnknownAccount, match="session"):
        made.reserve(PATH, "r3", NOTHING)


def test_budgets_are_bounded_in_depth() -> None:
    made = Accounts()
    path = tuple(f"a{depth}" for depth in range(MAX_DEPTH + 1))
    for name in path:
        made.open(name)
    made.reserve(path[:-1], "r1", NOTHING)
    with pytest.raises(BudgetTooDeep):
        made.reserve(path, "r2", NOTHING)


def test_an_amount_is_never_negative() -> None:
    with pytest.raises(ValueError, match="tokens"):
        Amounts(tokens=-1)


@pytest.mark.requirement("AGENT-BUDGET-01")
@pytest.mark.parametrize("seed", range(20))
def test_no_account_of_a_random_tree_is_overspent(seed: int) -> None:
    """500 trees for each seed, 10,000 in all: random limits of all five measures, most of them wider than those above;
    random work, jobs that stay behind their call, and raised limits.
    """
    dice = random.Random(seed)
    for _ in range(500):
        made, paths = _tree(dice)
        for step in range(8):
            _work(made, dice, path := dice.choice(paths), f"r{step}")
            _check_not_overspent(made, path)


def _check_not_overspent(made: Accounts, path: tuple[str, ...]) -> None:
    account = made.account(path[-1])
    for name in path:
        above = made.account(name)
        used = above.spent + above.reserved
        assert above.limits.exceeded_by(used) == ()
        assert used.less(account.spent + account.reserved) + account.spent + account.reserved == used, "counts above"


def _tree(dice: random.Random) -> tuple[Accounts, list[tuple[str, ...]]]:
    """Paths from the root; some agents are in a task as well, which is beside the user and not below."""
    made, paths = Accounts(), list[tuple[str, ...]]([("site",)])
    for name in ("site", "task"):
        made.open(name, _limits(dice, 1))
    for number in range(1, dice.randint(2, 10)):
        name, above = f"a{number}", dice.choice(paths)
        made.open(name, _limits(dice, 5))
        task = ("task",) if len(above) == 1 and dice.random() < 0.5 else ()
        paths.append((*above, *task, name))
    return made, paths


def _limits(dice: random.Random, wider: int) -> Limits:
    most = {"tokens": 1000, "money": 500, "calls": 10, "wall_ms": 9000, "cpu_s": 3000}
    return Limits(**{name: dice.choice((None, dice.randint(0, high * wider))) for name, high in most.items()})


def _work(made: Accounts, dice: random.Random, path: tuple[str, ...], reservation: str) -> None:
    wanted = Amounts(*(dice.randint(0, most) for most in (400, 200, 2, 2000, 900)))
    left = made.left(path)
    try:
        made.reserve(path, reservation, wanted)
    except BudgetExhausted:
        assert left.exceeded_by(wanted)
        return
    assert not left.exceeded_by(wanted)
    if dice.random() < 0.8:
        used = Amounts(*(dice.randint(0, value) for _, value in wanted.items()))
        jobs = Amounts(cpu_s=wanted.cpu_s - used.cpu_s)
        made.settle(reservation, used, kept=jobs)
        if dice.random() < 0.5:
            made.turn(path, released=jobs, used=Amounts(cpu_s=dice.randint(0, jobs.cpu_s)))
