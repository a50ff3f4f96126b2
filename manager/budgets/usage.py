"""What was used, one row for each reply of a model, call of a tool and ended job, in the platform's database.

Each row has an id of its own (the number of the question, the id of the call, the job), so that what is written again
after a crash counts once. Blocking: call it from a thread.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import BigInteger, Column, ColumnElement, Connection, Index, String, Table, delete, func, insert, select

from ink_core.db import Database, Utc, metadata
from manager.budgets.amounts import NOTHING, Amounts
from manager.budgets.spender import Spender, path_of
from manager.budgets.totals import add_to_totals, totals_of

BUDGETS = 0x494E4B42
"""Lock of all transactions that write what budgets are decided by ("INKB")."""
By = Literal["username", "task_id", "session_id", "agent_id", "model"]
BATCH = 200


def spender_columns() -> Sequence[Column[Any]]:
    """Of a table whose rows are somebody's: `agents` is the path of those at work, the two before it are its ends."""
    return (
        Column("username", String(255), nullable=False),
        Column("task_id", String(64), nullable=True),
        Column("session_id", String(64), nullable=True),
        Column("agent_id", String(64), nullable=True),
        Column("agents", String(1000), nullable=False),
    )


usage = Table(
    "usage",
    metadata,
    Column("id", String(400), primary_key=True),
    Column("at", Utc, nullable=False),
    *spender_columns(),
    Column("model", String(255), nullable=True),
    Column("replies", BigInteger, nullable=False),
    Column("prompt_tokens", BigInteger, nullable=False),
    Column("completion_tokens", BigInteger, nullable=False),
    Column("money", BigInteger, nullable=False),
    Column("calls", BigInteger, nullable=False),
    Column("wall_ms", BigInteger, nullable=False),
    Column("cpu_s", BigInteger, nullable=False),
    Index("ix_usage_username_at", "username", "at"),
    Index("ix_usage_at", "at"),
    Index("ix_usage_session_id", "session_id"),
    Index("ix_usage_task_id", "task_id"),
)
_SUMS = ("replies", "prompt_tokens", "completion_tokens", "money", "calls", "wall_ms", "cpu_s")


@dataclass(frozen=True, kw_only=True)
class Used:
    """By whom, when and of what; `money` in millionths. `model` is the one that replied, None for what no model did."""

    id: str
    at: datetime
    spender: Spender
    model: str | None = None
    replies: int = 0
    prompt_tokens: int = 0
    completion_tokens: int = 0
    money: int = 0
    calls: int = 0
    wall_ms: int = 0
    cpu_s: int = 0

    @property
    def amounts(self) -> Amounts:
        tokens = self.prompt_tokens + self.completion_tokens
        return Amounts(tokens, self.money, self.calls, self.wall_ms, self.cpu_s)


@dataclass(frozen=True)
class UsageLine:
    """Sums of one user, task, session, agent or model, named `name`."""

    name: str
    replies: int
    prompt_tokens: int
    completion_tokens: int
    money: int
    calls: int
    wall_ms: int
    cpu_s: int


@dataclass(frozen=True, kw_only=True)
class Of:
    """Which rows: those that match all that is given. `agents` are those of a session or sub-agent and below it."""

    since: datetime | None = None
    username: str | None = None
    task_id: str | None = None
    agents: tuple[str, ...] = ()

    def conditions(self, table: Table) -> Iterable[ColumnElement[bool]]:
        if self.since is not None:
            yield table.c.at >= self.since
        if self.username is not None:
            yield table.c.username == self.username
        if self.task_id is not None:
            yield table.c.task_id == self.task_id
        if self.agents:
            yield table.c.session_id == self.agents[0]
        if len(self.agents) > 1:
            yield table.c.agents.startswith(path_of(self.agents), autoescape=True)


class UsageBook:
    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, *used: Used) -> None:
        """Durable on return; what is there already is left as it is."""
        for start in range(0, len(used), BATCH):
            with self._database.write_alone(BUDGETS) as connection:
                add_rows(connection, used[start : start + BATCH])

    def spent(self, of: Of) -> Amounts:
        with self._database.read() as connection:
            return spent(connection, of)

    def lines(self, by: By, of: Of, *, limit: int) -> Sequence[UsageLine]:
        """Sums by user, task, session, agent or model, those with most tokens first; what has none is left out."""
        name, tokens = usage.c[by], func.sum(usage.c.prompt_tokens + usage.c.completion_tokens)
        wanted = (
            select(name, *(func.sum(usage.c[column]) for column in _SUMS))
            .where(name.is_not(None), *of.conditions(usage))
            .group_by(name)
            .order_by(tokens.desc(), func.sum(usage.c.calls).desc(), name)
            .limit(limit)
        )
        with self._database.read() as connection:
            return [UsageLine(str(row[0]), *(int(each) for each in row[1:])) for row in connection.execute(wanted)]

    def forget(self, before: datetime) -> int:
        """Rows of earlier times go; how many."""
        with self._database.write() as connection:
            return connection.execute(delete(usage).where(usage.c.at < before)).rowcount


def spent(connection: Connection, of: Of) -> Amounts:
    tokens = usage.c.prompt_tokens + usage.c.completion_tokens
    summed = (tokens, usage.c.money, usage.c.calls, usage.c.wall_ms, usage.c.cpu_s)
    row = connection.execute(select(*map(func.sum, summed)).where(*of.conditions(usage))).one()
    return Amounts(*(int(value or 0) for value in row))


def add_rows(connection: Connection, used: Sequence[Used]) -> int:
    """At most a few hundred, each id once, under the lock of budgets; how many were not there."""
    ids = [each.id for each in used]
    known = set(connection.execute(select(usage.c.id).where(usage.c.id.in_(ids))).scalars())
    if new := [each for each in used if each.id not in known]:
        connection.execute(insert(usage), [_row(each) for each in new])
        add_to_totals(connection, _by_total(new))
    return len(new)


def _by_total(used: Iterable[Used]) -> Mapping[str, Amounts]:
    sums = dict[str, Amounts]()
    for each in used:
        for total in totals_of(each.spender.task_id, each.at):
            sums[total] = sums.get(total, NOTHING) + each.amounts
    return sums


def spender_row(spender: Spender) -> dict[str, Any]:
    return {
        "username": spender.username,
        "task_id": spender.task_id,
        "session_id": spender.agents[0] if spender.agents else None,
        "agent_id": spender.agents[-1] if spender.agents else None,
        "agents": path_of(spender.agents),
    }


def spender_of(row: Any) -> Spender:
    """From columns of a row."""
    return Spender(row.username, row.task_id, tuple(row.agents.split("/")[:-1]))


def _row(used: Used) -> dict[str, Any]:
    columns = {name: value for name, value in vars(used).items() if name != "spender"}
    return {**columns, **spender_row(used.spender)}
