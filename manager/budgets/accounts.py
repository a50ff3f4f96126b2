"""The hierarchy of budgets: site → user → task → session → agent → its sub-agents. Pure.

What is to be used is reserved in an account and in all above it, and settled by what was really used. A reservation
that does not fit into one of them is refused as a whole, so no account is ever overspent by what was reserved; where
more came than was reserved, that is charged and nothing more is let through. An account's children together cannot use
more than it has, whatever limits they were opened with.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from ink_core.errors import Conflict, NotFound
from manager.budgets.amounts import NOTHING, UNLIMITED, Amounts, Limits

MAX_DEPTH = 12


class BudgetExhausted(Conflict):
    """`account` has not enough left of `measures` for what was asked."""

    code = "budget_exhausted"

    def __init__(self, account: str, measures: tuple[str, ...], limits: Limits) -> None:
        named = ", ".join(measures)
        super().__init__(f"the budget of {account} has not enough {named} left; whoever gave it can raise it")
        self.account = account
        self.measures = measures
        self.limits = limits


class BudgetTooDeep(Conflict):
    code = "budget_too_deep"


class UnknownAccount(NotFound):
    code = "unknown_account"


@dataclass
class Account:
    """`spent` and `reserved` are those of the account and of all below it."""

    name: str
    parent: Account | None
    limits: Limits
    spent: Amounts = NOTHING
    reserved: Amounts = NOTHING
    depth: int = 0

    def and_above(self) -> Iterator[Account]:
        account: Account | None = self
        while account is not None:
            yield account
            account = account.parent


@dataclass
class Accounts:
    """Accounts and open reservations, each by a name that is its only one."""

    _accounts: dict[str, Account] = field(default_factory=dict[str, Account])
    _reservations: dict[str, tuple[Account, Amounts]] = field(default_factory=dict[str, tuple[Account, Amounts]])

    def open(self, name: str, parent: str | None, limits: Limits = UNLIMITED, spent: Amounts = NOTHING) -> Limits:
        """What the new account can use at most: its limits, within what is left above it.

        `spent` was used before, in this account; those above were opened with it in theirs. Opening one that is open
        changes its limits alone. Raises `UnknownAccount` for the parent, `BudgetTooDeep`.
        """
        above = self._known(parent) if parent is not None else None
        if (known := self._accounts.get(name)) is not None:
            known.limits = limits
            return self.left(name)
        depth = above.depth + 1 if above else 0
        if depth > MAX_DEPTH:
            raise BudgetTooDeep(f"budgets are at most {MAX_DEPTH} deep: {name} is one too many below {parent}")
        self._accounts[name] = Account(name, above, limits, spent, depth=depth)
        return self.left(name)

    def close(self, name: str) -> None:
        """Forget an account; what it spent stays with those above it. Its open reservations are given back."""
        account = self._known(name)
        for reservation in [key for key, (holder, _) in self._reservations.items() if holder is account]:
            self.settle(reservation, NOTHING)
        del self._accounts[name]

    def close_idle(self, most: int) -> None:
        """Where there are as many accounts as `most`, those go that nothing is below and nothing reserved in."""
        if len(self._accounts) < most:
            return
        parents = {id(each.parent) for each in self._accounts.values()}
        for name, account in list(self._accounts.items()):
            if account.reserved == NOTHING and id(account) not in parents:
                del self._accounts[name]

    def reserve(self, name: str, reservation: str, amounts: Amounts) -> None:
        """Raises `BudgetExhausted` and reserves nothing, `UnknownAccount`; a reservation is made once."""
        account = self._known(name)
        if reservation in self._reservations:
            raise Conflict(f"the reservation {reservation} is made already")
        for each in account.and_above():
            if measures := each.limits.exceeded_by(each.spent + each.reserved + amounts):
                raise BudgetExhausted(each.name, measures, each.limits)
        for each in account.and_above():
            each.reserved += amounts
        self._reservations[reservation] = (account, amounts)

    def settle(self, reservation: str, used: Amounts) -> None:
        """What was really used; an unknown reservation was settled before, and nothing happens."""
        if (found := self._reservations.pop(reservation, None)) is None:
            return
        account, amounts = found
        for each in account.and_above():
            each.reserved = each.reserved.less(amounts)
            each.spent += used

    def left(self, name: str) -> Limits:
        """What can still be reserved: the least of what the account and each above it has."""
        left = UNLIMITED
        for each in self._known(name).and_above():
            left = left.within(each.limits.left(each.spent + each.reserved))
        return left

    def account(self, name: str) -> Account:
        """Raises `UnknownAccount`."""
        return self._known(name)

    def __contains__(self, name: str) -> bool:
        return name in self._accounts

    def _known(self, name: str) -> Account:
        if name not in self._accounts:
            raise UnknownAccount(f"there is no budget {name[:100]!r}")
        return self._accounts[name]
