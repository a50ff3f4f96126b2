"""What accounts that several desks decide on have spent: running sums, since `usage` has too many rows to be summed.

A total is opened by a sum of the rows that there are, when its account is first decided on; from then on each row
counts in it by the transaction that adds it (`usage.add_rows`). Who writes them holds the lock of all budgets.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import fields
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    Column,
    ColumnElement,
    Connection,
    Select,
    String,
    Table,
    func,
    insert,
    select,
    update,
)

from ink_core.db import metadata
from manager.budgets.amounts import Amounts
from manager.budgets.spender import SITE, task_account

MEASURES = tuple(field.name for field in fields(Amounts))


def measure_columns() -> Sequence[Column[Any]]:
    return [Column(name, BigInteger, nullable=False) for name in MEASURES]


spent_totals = Table("spent_totals", metadata, Column("account", String(300), primary_key=True), *measure_columns())


def site_total(at: datetime) -> str:
    """Of the month (UTC) that this is in."""
    return f"{SITE} {at.astimezone(UTC):%Y-%m}"


def totals_of(task_id: str | None, at: datetime) -> Sequence[str]:
    """In which of them something counts that was used at this time, if there are any."""
    return (site_total(at), task_account(task_id)) if task_id else (site_total(at),)


def open_total(connection: Connection, account: str, spent: Amounts) -> None:
    connection.execute(insert(spent_totals), {"account": account, **dict(spent.items())})


def add_to_totals(connection: Connection, spent: Mapping[str, Amounts]) -> None:
    """Those that there are."""
    account = spent_totals.c.account
    for (name,) in connection.execute(select(account).where(account.in_(spent))).all():
        more = {measure: spent_totals.c[measure] + value for measure, value in spent[name].items() if value}
        if more:
            connection.execute(update(spent_totals).where(account == name).values(more))


def summed(table: Table, *conditions: ColumnElement[bool]) -> Select[Any]:
    """A query of the sums of all measures in a table that has their columns."""
    return select(*(func.sum(table.c[name]) for name in MEASURES)).where(*conditions)
