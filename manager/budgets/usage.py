"""What was used of language models, reply by reply, in the platform's database; and the limits that people raised.

A row is written before its reply is recorded, under the number of the question: a question that a crash makes be asked
again costs again, and is counted again. Blocking: call it from a thread.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from sqlalchemy import BigInteger, Column, ColumnElement, Index, String, Table, delete, func, insert, select

from ink_core.db import Database, Utc, metadata
from manager.budgets.amounts import Amounts, Limits

By = Literal["username", "session_id", "model"]

model_usage = Table(
    "model_usage",
    metadata,
    Column("session_id", String(64), primary_key=True),
    Column("seq", BigInteger, primary_key=True),
    Column("at", Utc, nullable=False),
    Column("username", String(255), nullable=False),
    Column("model", String(255), nullable=False),
    Column("prompt_tokens", BigInteger, nullable=False),
    Column("completion_tokens", BigInteger, nullable=False),
    Column("money", BigInteger, nullable=False),
    Index("ix_model_usage_username_at", "username", "at"),
    Index("ix_model_usage_at", "at"),
)

raised_budgets = Table(
    "raised_budgets",
    metadata,
    Column("account", String(300), primary_key=True),
    Column("tokens", BigInteger, nullable=True),
    Column("money", BigInteger, nullable=True),
    Column("by", String(255), nullable=False),
    Column("at", Utc, nullable=False),
)


@dataclass(frozen=True)
class Used:
    """Of one reply. `seq` is that of the question in the session's chain; `money` in millionths."""

    session_id: str
    seq: int
    at: datetime
    username: str
    model: str
    prompt_tokens: int
    completion_tokens: int
    money: int


@dataclass(frozen=True)
class UsageLine:
    """Sums of one user, session or model, named `name`."""

    name: str
    replies: int
    prompt_tokens: int
    completion_tokens: int
    money: int


class UsageBook:
    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, used: Used) -> None:
        """Durable on return; the same question twice counts once."""
        same = (model_usage.c.session_id == used.session_id) & (model_usage.c.seq == used.seq)
        with self._database.write() as connection:
            if connection.execute(select(model_usage.c.seq).where(same)).first() is None:
                connection.execute(insert(model_usage), vars(used))

    def spent(
        self, *, since: datetime | None = None, username: str | None = None, session: str | None = None
    ) -> Amounts:
        """Sum over the rows that match all that is given."""
        tokens = model_usage.c.prompt_tokens + model_usage.c.completion_tokens
        wanted = select(func.sum(tokens), func.sum(model_usage.c.money)).where(*_matching(since, username, session))
        with self._database.read() as connection:
            row = connection.execute(wanted).one()
        return Amounts(tokens=int(row[0] or 0), money=int(row[1] or 0))

    def lines(self, by: By, *, since: datetime, username: str | None = None, limit: int) -> Sequence[UsageLine]:
        """Sums by user, session or model since then, of one user or of all, those with most tokens first."""
        name = model_usage.c[by]
        prompt, completion = func.sum(model_usage.c.prompt_tokens), func.sum(model_usage.c.completion_tokens)
        wanted = (
            select(name, func.count(), prompt, completion, func.sum(model_usage.c.money))
            .where(*_matching(since, username, None))
            .group_by(name)
            .order_by((prompt + completion).desc(), name)
            .limit(limit)
        )
        with self._database.read() as connection:
            return [UsageLine(str(row[0]), *(int(each) for each in row[1:])) for row in connection.execute(wanted)]

    def raise_limits(self, account: str, limits: Limits, by: str, at: datetime) -> None:
        """From now on these limits count for the account instead of those of the settings."""
        row = {"account": account, "tokens": limits.tokens, "money": limits.money, "by": by, "at": at}
        with self._database.write() as connection:
            connection.execute(delete(raised_budgets).where(raised_budgets.c.account == account))
            connection.execute(insert(raised_budgets), row)

    def raised(self, account: str) -> Limits | None:
        with self._database.read() as connection:
            row = connection.execute(select(raised_budgets).where(raised_budgets.c.account == account)).first()
        return Limits(tokens=row.tokens, money=row.money) if row else None

    def forget(self, before: datetime) -> int:
        """Rows of earlier times go; how many."""
        with self._database.write() as connection:
            return connection.execute(delete(model_usage).where(model_usage.c.at < before)).rowcount


def _matching(since: datetime | None, username: str | None, session: str | None) -> list[ColumnElement[bool]]:
    found = list[ColumnElement[bool]]()
    if since is not None:
        found.append(model_usage.c.at >= since)
    if username is not None:
        found.append(model_usage.c.username == username)
    if session is not None:
        found.append(model_usage.c.session_id == session)
    return found
