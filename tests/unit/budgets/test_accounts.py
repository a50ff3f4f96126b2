"""Budgets as a hierarchy: what is reserved and settled below counts above, and nothing is overspent."""

from __future__ import annotations

import random

import pytest

from ink_core.errors import Conflict
from manager.budgets.accounts import MAX_DEPTH, Accounts, BudgetExhausted, BudgetTooDeep, UnknownAccount
from manager.budgets.amounts import NOTHING, Amounts, Limits


def accounts(**limits: int) -> Accounts:
    """`site` › `alice` › `session`; the limits are alice's."""
    made = Accounts()
    made.open("site", None)
    made.open("alice", "site", Limits(**limits))
    made.open("session", "alice")
    return made


def test_what_is_settled_counts_in_every_account_above() -> None:
    made = accounts(tokens=1000)
    made.reserve("session", "r1", Amounts(tokens=600, calls=1))
    assert made.account("alice").reserved == Amounts(tokens=600, calls=1)
    made.settle("r1", Amounts(tokens=450, calls=1))
    for name in ("session", "alice", "site"):
        assert (made.account(name).spent, made.account(name).reserved) == (Amounts(tokens=450, calls=1), NOTHING)
    assert made.left("session").tokens == 550


def test_a_reservation_that_does_not_fit_above_reserves_nothing() -> None:
    made = accounts(tokens=1000)
    made.reserve("session", "r1", Amounts(tokens=600))
    with pytest.raises(BudgetExhausted, match="budget of alice has not enough tokens left") as refused:
        made.reserve("session", "r2", Amounts(tokens=401))
    assert (refused.value.account, refused.value.measures) == ("alice", ("tokens",))
    assert made.account("session").reserved == Amounts(tokens=600)
    made.reserve("session", "r2", Amounts(tokens=400))


def test_more_than_was_reserved_is_charged_and_ends_what_follows() -> None:
    made = accounts(tokens=1000)
    made.reserve("session", "r1", Amounts(tokens=900))
    made.settle("r1", Amounts(tokens=1100))
    assert made.account("alice").spent.tokens == 1100
    with pytest.raises(BudgetExhausted):
        made.reserve("session", "r2", Amounts(tokens=1))


def test_a_raised_limit_lets_the_work_go_on() -> None:
    made = accounts(calls=1)
    made.reserve("session", "r1", Amounts(calls=1))
    made.settle("r1", Amounts(calls=1))
    with pytest.raises(BudgetExhausted):
        made.reserve("session", "r2", Amounts(calls=1))
    made.open("alice", "site", Limits(calls=2))
    made.reserve("session", "r2", Amounts(calls=1))


def test_a_reservation_is_made_once_and_settled_once() -> None:
    made = accounts()
    made.reserve("session", "r1", Amounts(calls=1))
    with pytest.raises(Conflict, match="made already"):
        made.reserve("session", "r1", Amounts(calls=1))
    made.settle("r1", Amounts(calls=1))
    made.settle("r1", Amounts(calls=1))
    assert made.account("site").spent == Amounts(calls=1)


def test_a_closed_account_gives_its_reservations_back_and_leaves_what_it_spent() -> None:
    made = accounts(tokens=100)
    made.reserve("session", "r1", Amounts(tokens=10))
    made.settle("r1", Amounts(tokens=10))
    made.reserve("session", "r2", Amounts(tokens=90))
    made.close("session")
    assert (made.account("alice").spent.tokens, made.account("alice").reserved) == (10, NOTHING)
    with pytest.raises(UnknownAccount, match="session"):
        made.reserve("session", "r3", NOTHING)


def test_budgets_are_bounded_in_depth() -> None:
    made = Accounts()
    made.open("0", None)
    for depth in range(1, MAX_DEPTH + 1):
        made.open(str(depth), str(depth - 1))
    with pytest.raises(BudgetTooDeep):
        made.open("one more", str(MAX_DEPTH))


def test_an_amount_is_never_negative() -> None:
    with pytest.raises(ValueError, match="tokens"):
        Amounts(tokens=-1)


@pytest.mark.parametrize("seed", range(20))
def test_no_account_of_a_random_tree_is_overspent(seed: int) -> None:
    """500 trees for each seed, 10,000 in all: random limits, most of them wider than the parent's; random work."""
    dice = random.Random(seed)
    for _ in range(500):
        made, names = _tree(dice)
        for step in range(15):
            _work(made, dice, dice.choice(names), f"r{step}")
        for name in names:
            account = made.account(name)
            assert account.limits.exceeded_by(account.spent + account.reserved) == ()
            above = account.parent
            assert above is None or above.limits.exceeded_by(account.spent) == ()


def _tree(dice: random.Random) -> tuple[Accounts, list[str]]:
    made, names = Accounts(), ["a0"]
    made.open("a0", None, Limits(tokens=dice.randint(0, 1000), calls=dice.randint(0, 10)))
    for number in range(1, dice.randint(2, 10)):
        name, parent = f"a{number}", dice.choice(names)
        given = made.open(name, parent, Limits(tokens=dice.randint(0, 5000), calls=dice.choice((None, 3, 50))))
        left = made.left(parent)
        assert given.tokens is not None and left.tokens is not None and given.tokens <= left.tokens
        names.append(name)
    return made, names


def _work(made: Accounts, dice: random.Random, name: str, reservation: str) -> None:
    wanted = Amounts(tokens=dice.randint(0, 400), calls=1)
    try:
        made.reserve(name, reservation, wanted)
    except BudgetExhausted:
        return
    if dice.random() < 0.8:
        made.settle(reservation, Amounts(tokens=dice.randint(0, wanted.tokens), calls=1))
