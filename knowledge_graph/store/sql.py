"""The model in the platform's database: two tables, whose rows are entries of the log and parts of snapshots.

A snapshot's part 0 is written last and says that it is finished; there is at most one that is.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from sqlalchemy import BigInteger, Column, Connection, Integer, LargeBinary, Select, Table, delete, func, insert, select

from ink_core.db import Database, metadata
from knowledge_graph.changes import Change, Said
from knowledge_graph.facts import Fact
from knowledge_graph.store.codec import decode, encode

log_entries = Table(
    "knowledge_log",
    metadata,
    Column("number", BigInteger, primary_key=True, autoincrement=False),
    Column("body", LargeBinary, nullable=False),
)
snapshot_parts = Table(
    "knowledge_snapshot",
    metadata,
    Column("snapshot", BigInteger, primary_key=True, autoincrement=False),
    Column("part", Integer, primary_key=True, autoincrement=False),
    Column("body", LargeBinary, nullable=False),
)
FINISHED = 0


class SqlKnowledgeStore:
    """Implements `KnowledgeStore`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def append(self, changes: Sequence[Change]) -> None:
        body = encode(changes)
        with self._database.write() as connection:
            last = connection.execute(_last_entry()).scalar_one()
            connection.execute(insert(log_entries).values(number=last + 1, body=body))

    def begin_snapshot(self) -> SqlSnapshot:
        parts = snapshot_parts.c
        with self._database.write() as connection:
            connection.execute(delete(snapshot_parts).where(parts.snapshot.not_in(_finished())))
            number = connection.execute(select(func.coalesce(func.max(parts.snapshot), 0) + 1)).scalar_one()
            return SqlSnapshot(self._database, number, covered=connection.execute(_last_entry()).scalar_one())

    def recover(self) -> Iterator[Sequence[Change]]:
        parts = snapshot_parts.c
        of_snapshot = select(parts.body).where(parts.part != FINISHED, parts.snapshot.in_(_finished()))
        bodies = (of_snapshot.order_by(parts.part), select(log_entries.c.body).order_by(log_entries.c.number))
        with self._database.read() as connection:
            for wanted in bodies:
                for body in connection.execute(wanted.execution_options(yield_per=10)).scalars():
                    yield decode(body)


class SqlSnapshot:
    """Implements `SnapshotWriter`. `covered` is the last entry of the log that it takes the place of."""

    def __init__(self, database: Database, number: int, covered: int) -> None:
        self._database = database
        self._number = number
        self._covered = covered
        self._part = FINISHED

    def add(self, facts: Sequence[Fact]) -> None:
        self._part += 1
        body = encode(map(Said, facts))
        with self._database.write() as connection:
            self._insert(connection, self._part, body)

    def finish(self) -> None:
        with self._database.write() as connection:
            self._insert(connection, FINISHED, b"")
            connection.execute(delete(snapshot_parts).where(snapshot_parts.c.snapshot != self._number))
            connection.execute(delete(log_entries).where(log_entries.c.number <= self._covered))

    def _insert(self, connection: Connection, part: int, body: bytes) -> None:
        connection.execute(insert(snapshot_parts).values(snapshot=self._number, part=part, body=body))


def _finished() -> Select[int]:
    return select(snapshot_parts.c.snapshot).where(snapshot_parts.c.part == FINISHED)


def _last_entry() -> Select[int]:
    return select(func.coalesce(func.max(log_entries.c.number), 0))
