"""The hierarchy of budgets: site › user › task › session › its sub-agents. Pure.

What is to be used is reserved in every account of a path, and settled by what was really used. A reservation that does
not fit into one of them is refused as a whole, so no account is ever overspent by what was reserved; where more came
than was reserved, that is charged and nothing more is let through. The path of a sub-agent holds that of the agent
above it, so all sub-agents together cannot use more than it has, whatever limits they were given.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from ink_core.errors import Conflict, NotFound
from manager.budgets.amounts import NOTHING, SHOWN_AS, TITLES, UNLIMITED, Amounts, Limits

MAX_DEPTH = 12
Path = Sequence[str]
"""Names of accounts, the site's first."""


class BudgetExhausted(Conflict):
    """`account` has not enough left of `measures` for what was asked."""

    code = "budget_exhausted"

    def __init__(self, account: str, measures: tuple[str, ...], limits: Limits) -> None:
        named = ", ".join(TITLES[measure] for measure in measures)
        super().__init__(f"the budget of {account} has not enough {named} left; whoever gave it can raise it")
        self.account = account
        self.measures = tuple(SHOWN_AS.get(measure, measure) for measure in measures)
        self.limits = limits


class BudgetTooDeep(Conflict):
    code = "budget_too_deep"


class UnknownAccount(NotFound):
    code = "unknown_account"


@dataclass
class Account:
    """`spent` and `reserved` are those of the account and of all below it."""

    name: str
    limits: Limits
    spent: Amounts = NOTHING
    reserved: Amounts = NOTHING


@dataclass(frozen=True)
class Balance:
    """How an account stands."""

    account: str
    limits: Limits
    spent: Amounts
    reserved: Amounts

    @property
    def left(self) -> Limits:
        return self.limits.left(self.spent + self.reserved)


@dataclass
class Accounts:
    """Accounts and open reservations, each by a name that is its only one."""

    _accounts: dict[str, Account] = field(default_factory=dict[str, Account])
    _reservations: dict[str, tuple[tuple[Account, ...], Amounts]] = field(
        default_factory=dict[str, tuple[tuple[Account, ...], Amounts]]
    )

    def open(
        self, name: str, limits: Limits = UNLIMITED, spent: Amounts = NOTHING, reserved: Amounts = NOTHING
    ) -> None:
        """`spent` and `reserved` are from before. Opening one that is open changes its limits alone."""
        if (known := self._accounts.get(name)) is not None:
            known.limits = limits
        else:
            self._accounts[name] = Account(name, limits, spent, reserved)

    def close_idle(self, most: int) -> None:
        """Where there are as many accounts as `most`, those go in which nothing is reserved."""
        if len(self._accounts) >= most:
            self._accounts = {name: each for name, each in self._accounts.items() if each.reserved != NOTHING}

    def reserve(self, path: Path, reservation: str, amounts: Amounts) -> None:
        """Raises `BudgetExhausted` and reserves nothing, `UnknownAccount`, `BudgetTooDeep`; made once."""
        for each in reversed(self._known(path)):
            if measures := each.limits.exceeded_by(each.spent + each.reserved + amounts):
                raise BudgetExhausted(each.name, measures, each.limits)
        self.hold(path, reservation, amounts)

    def hold(self, path: Path, reservation: str, amounts: Amounts) -> None:
        """Reserve what was let through before, whatever the limits are by now."""
        accounts = self._known(path)
        if reservation in self._reservations:
            raise Conflict(f"the reservation {reservation} is made already")
        for each in accounts:
            each.reserved += amounts
        self._reservations[reservation] = (accounts, amounts)

    def settle(self, reservation: str, used: Amounts, kept: Amounts = NOTHING) -> None:
        """What was really used; `kept` stays reserved until `turn`.

        An unknown reservation was settled before, and nothing happens.
        """
        if (found := self._reservations.pop(reservation, None)) is None:
            return
        accounts, amounts = found
        for each in accounts:
            each.reserved = each.reserved.less(amounts) + kept
            each.spent += used

    def turn(self, path: Path, released: Amounts, used: Amounts) -> None:
        """Of what stayed reserved `released` is no more, and `used` was used; in those accounts that are open."""
        for each in (self._accounts[name] for name in path if name in self._accounts):
            each.reserved = each.reserved.less(released)
            each.spent += used

    def renew(self, name: str, spent: Amounts = NOTHING) -> None:
        """A new time begins for the account, with all that is still reserved."""
        self.account(name).spent = spent

    def left(self, path: Path) -> Limits:
        """What can still be reserved: the least of what each of the accounts has."""
        left = UNLIMITED
        for each in self._known(path):
            left = left.within(each.limits.left(each.spent + each.reserved))
        return left

    def account(self, name: str) -> Account:
        """Raises `UnknownAccount`."""
        (account,) = self._known((name,))
        return account

    def names(self) -> Sequence[str]:
        return tuple(self._accounts)

    def __contains__(self, name: str) -> bool:
        return name in self._accounts

    def _known(self, path: Path) -> tuple[Account, ...]:
        if len(path) > MAX_DEPTH:
            raise BudgetTooDeep(f"budgets are at most {MAX_DEPTH} deep: {path[-1]} is too far down")
        if unknown := [name for name in path if name not in self._accounts]:
            raise UnknownAccount(f"there is no budget {unknown[0][:100]!r}")
        return tuple(self._accounts[name] for name in path)
