"""Limits that people gave to an account instead of those of the settings, in the platform's database. Blocking."""

from __future__ import annotations

from dataclasses import fields
from datetime import datetime

from sqlalchemy import BigInteger, Column, Connection, String, Table, delete, insert, select

from ink_core.db import Database, Utc, metadata
from manager.budgets.amounts import Limits

raised_budgets = Table(
    "raised_budgets",
    metadata,
    Column("account", String(300), primary_key=True),
    Column("tokens", BigInteger, nullable=True),
    Column("money", BigInteger, nullable=True),
    Column("calls", BigInteger, nullable=True),
    Column("wall_ms", BigInteger, nullable=True),
    Column("cpu_s", BigInteger, nullable=True),
    Column("by", String(255), nullable=False),
    Column("at", Utc, nullable=False),
)


class RaisedBudgets:
    def __init__(self, database: Database) -> None:
        self._database = database

    def put(self, account: str, limits: Limits, by: str, at: datetime) -> None:
        """From now on."""
        row = {"account": account, **dict(limits.items()), "by": by, "at": at}
        with self._database.write() as connection:
            connection.execute(delete(raised_budgets).where(raised_budgets.c.account == account))
            connection.execute(insert(raised_budgets), row)

    def get(self, account: str) -> Limits | None:
        with self._database.read() as connection:
            return raised_limits(connection, account)


def raised_limits(connection: Connection, account: str) -> Limits | None:
    row = connection.execute(select(raised_budgets).where(raised_budgets.c.account == account)).first()
    return Limits(*(getattr(row, field.name) for field in fields(Limits))) if row else None
