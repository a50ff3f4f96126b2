"""Accounts that several desks decide on, in the platform's database: what of them is reserved by calls under way.

A reservation is made in a transaction that sums what is spent and reserved there, and no two of these run at one time,
so that desks that decide at one moment never let through more than there is. What was used is written before its
reservation goes, so it may count twice for a moment, and never not at all. Blocking: call it from a thread.

A reservation has the seat and the epoch of who made it, and is made while that one sits there (`seats`). Who takes the
seat gives back what was reserved there before, once what is still open is reserved again: so a crash can spend too
little for a while, and never too much.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import BigInteger, Column, Connection, Select, String, Table, bindparam, delete, insert, select, true

from audit.leases import TAKEN_OVER
from audit.ledger import LedgerHeld
from ink_core.db import Database, Utc, metadata
from manager.budgets.accounts import Balance, BudgetExhausted
from manager.budgets.amounts import Amounts, Limits
from manager.budgets.raised import raised_budgets, raised_limits
from manager.budgets.seats import Seat, budget_seats, must_sit
from manager.budgets.submissions import reserved_for_jobs, submissions
from manager.budgets.totals import MEASURES, measure_columns, open_total, spent_totals, summed
from manager.budgets.usage import BATCH, BUDGETS, Of, spent

reservations = Table(
    "reservations",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("seat", String(300), nullable=False),
    Column("epoch", BigInteger, nullable=False),
    Column("name", String(400), nullable=False),
    Column("task_id", String(64), nullable=True),
    Column("at", Utc, nullable=False),
    *measure_columns(),
)
_SPENT = [spent_totals.c[name] for name in MEASURES]
_RAISED = [raised_budgets.c.account, *(raised_budgets.c[name] for name in MEASURES)]
MANY = len(MEASURES)
_GIVEN = [column for column in reservations.c if column.name not in ("seat", "epoch")]
_INSERT = (
    insert(reservations)
    .from_select(
        ["seat", "epoch", *(column.name for column in _GIVEN)],
        select(
            budget_seats.c.name,
            budget_seats.c.epoch,
            *(bindparam(f"of_{column.name}", type_=column.type) for column in _GIVEN),
        ).where(budget_seats.c.name == bindparam("of_seat"), budget_seats.c.epoch == bindparam("of_epoch")),
    )
    .execution_options(preserve_rowcount=True)
)
"""A row where the one of this epoch sits at the seat, and none otherwise; one statement for both."""


@dataclass(frozen=True)
class Reservation:
    """`id` is of this one alone: what is reserved again under the same `name` (a call, a question) has another."""

    id: str
    name: str
    task_id: str | None
    at: datetime
    amounts: Amounts


@dataclass(frozen=True)
class SharedAccount:
    """That of the site in one month, or of a task: `total` is what it has spent, `limits` are those of the settings."""

    name: str
    total: str
    of: Of
    limits: Limits


class Reservations:
    def __init__(self, database: Database, seat: Seat) -> None:
        self._database = database
        self._seat = seat

    def make(self, made: Reservation, accounts: Iterable[SharedAccount]) -> None:
        """Durable on return. Raises `BudgetExhausted`, or `LedgerHeld` where another one sits here by now.

        Nothing is reserved then.
        """
        with self._database.write_alone(BUDGETS) as connection:
            refused = next(filter(None, (_refusal(connection, each, made.amounts) for each in accounts)), None)
            if refused is None:
                self._insert(connection, [made])
        if refused:  # after the end: rows are summed once for a total, also by who is refused
            raise refused

    def hold(self, several: Sequence[Reservation]) -> None:
        """What was let through before, whatever the limits are by now. Raises `LedgerHeld`."""
        if not several:
            return
        with self._database.write_alone(BUDGETS) as connection:
            self._insert(connection, several)

    def give_back(self, ids: Sequence[str]) -> None:
        """Those of these that there are."""
        for start in range(0, len(ids), BATCH):
            with self._database.write_alone(BUDGETS) as connection:
                connection.execute(delete(reservations).where(reservations.c.id.in_(ids[start : start + BATCH])))

    def give_back_former(self) -> int:
        """What was reserved at this seat by who had it before; how many reservations. Raises `LedgerHeld`."""
        former = (reservations.c.seat == self._seat.name) & (reservations.c.epoch != self._seat.epoch)
        with self._database.write_alone(BUDGETS) as connection:
            must_sit(connection, self._seat)
            return connection.execute(delete(reservations).where(former)).rowcount

    def balance(self, account: SharedAccount) -> Balance:
        """By what has been written, with what others have reserved."""
        with self._database.snapshot() as connection:
            return _standing(connection, account)[0]

    def limits(self, account: SharedAccount) -> Limits:
        with self._database.read() as connection:
            return raised_limits(connection, account.name) or account.limits

    def _insert(self, connection: Connection, several: Sequence[Reservation]) -> None:
        seat = {"of_seat": self._seat.name, "of_epoch": self._seat.epoch}
        for each in several:
            if connection.execute(_INSERT, {**seat, **_row(each)}).rowcount == 0:
                raise LedgerHeld(TAKEN_OVER)


def _refusal(connection: Connection, account: SharedAccount, amounts: Amounts) -> BudgetExhausted | None:
    """Why so much more is not let through. Opens the account's total where it is not open."""
    balance, is_open = _standing(connection, account)
    if not is_open:
        open_total(connection, account.total, balance.spent)
    measures = balance.limits.exceeded_by(balance.spent + balance.reserved + amounts)
    return BudgetExhausted(account.name, measures, balance.limits) if measures else None


def _standing(connection: Connection, account: SharedAccount) -> tuple[Balance, bool]:
    """By one statement; and whether its total is open. If not, rows are summed."""
    task_id = account.of.task_id
    given = {"total": account.total, "name": account.name}
    wanted = _standing_of(of_task=task_id is not None)
    row = connection.execute(wanted, given if task_id is None else {**given, "task_id": task_id}).one()
    total, (raised, *limits), (*reserved, cpu_s) = row[:MANY], row[MANY : 2 * MANY + 1], row[2 * MANY + 1 :]
    is_open = total[0] is not None
    used = _amounts(total) if is_open else spent(connection, account.of)
    most = account.limits if raised is None else Limits(*limits)
    return Balance(account.name, most, used, _amounts(reserved) + Amounts(cpu_s=int(cpu_s or 0))), is_open


@cache
def _standing_of(*, of_task: bool) -> Select[Any]:
    """Made once, since that takes longer than to execute it."""
    task_id = bindparam("task_id", type_=String)
    held = summed(reservations, *((reservations.c.task_id == task_id,) if of_task else ())).subquery()
    jobs = reserved_for_jobs(*((submissions.c.task_id == task_id,) if of_task else ())).subquery()
    return (
        select(*_SPENT, *_RAISED, *held.c, *jobs.c)
        .select_from(held.join(jobs, true()))
        .outerjoin(spent_totals, spent_totals.c.account == bindparam("total"))
        .outerjoin(raised_budgets, raised_budgets.c.account == bindparam("name"))
    )


def _amounts(values: Iterable[Any]) -> Amounts:
    """Sums of no rows are none."""
    return Amounts(*(int(value or 0) for value in values))


def _row(made: Reservation) -> dict[str, Any]:
    columns = {name: value for name, value in vars(made).items() if name != "amounts"}
    return {f"of_{name}": value for name, value in (*columns.items(), *made.amounts.items())}
