"""Copies the tables of one database into another, which is empty, between SQLite and PostgreSQL, too.

The target gets the source's schema by the same migrations, so that what differs between the two kinds is theirs to
know. Limits: tables of the platform only; a source that is newer than this release is refused.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, MetaData, Table, select, text

from ink_core.db import Database
from ink_core.migrations import VERSION_TABLE, migrate, revision
from manager.backup.manifest import BackupUnusable

ROWS = 500


def copy_tables(source: Database, target: Database) -> None:
    """One transaction on either side. Raises `BackupUnusable` for a target that holds anything, or an empty source."""
    with source.snapshot() as reading, target.write() as writing:
        if (known := revision(reading)) is None:
            raise BackupUnusable("the database has no tables of the platform: nothing was ever kept there")
        if revision(writing) is not None:
            raise BackupUnusable("the database is not empty: empty it first, or name another one in database.url")
        migrate(writing, to=known)
        if writing.dialect.name == "sqlite":
            writing.execute(text("PRAGMA defer_foreign_keys=ON"))
        _copy(reading, writing)


def _copy(reading: Connection, writing: Connection) -> None:
    there, here = MetaData(), MetaData()
    here.reflect(writing)
    tables = [table for table in here.sorted_tables if table.name != VERSION_TABLE]
    there.reflect(reading, only=[table.name for table in tables])
    for table in reversed(tables):
        writing.execute(table.delete())  # what a migration has put there
    for table in tables:
        _copy_rows(reading, there.tables[table.name], writing, table)


def _copy_rows(reading: Connection, source: Table, writing: Connection, target: Table) -> None:
    found = reading.execution_options(yield_per=ROWS).execute(select(source)).mappings()
    for rows in found.partitions(ROWS):
        writing.execute(target.insert(), [_as_kept(row, writing.dialect.name) for row in rows])


def _as_kept(row: Mapping[Any, Any], kind: str) -> dict[str, Any]:
    return {name: _moment(value, kind) if isinstance(value, datetime) else value for name, value in row.items()}


def _moment(value: datetime, kind: str) -> datetime:
    """SQLite keeps no zone, and all moments are in UTC there."""
    aware = value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)
    return aware.replace(tzinfo=None) if kind == "sqlite" else aware
