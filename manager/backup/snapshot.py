"""Copies of what a manager writes, each of one moment, made while it goes on writing. Blocking, but for PostgreSQL.

The database is copied before the ledger: what the manager does stands in the ledger first, so that a backup looks like
a manager that was killed in between, which every start recovers from.
"""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from ink_core.db import Database, database_file
from ink_core.settings import Settings
from ink_core.settings.secrets import database_password
from manager.backup.manifest import BackupUnusable
from manager.backup.tables import copy_tables
from manager.ledger import ledger_file


def copy_sqlite(source: Path, target: Path) -> None:
    """By SQLite's online backup (https://sqlite.org/backup.html): one moment's view, no writer waits for it.

    Raises `BackupUnusable`.
    """
    try:
        with (
            closing(sqlite3.connect(f"{source.absolute().as_uri()}?mode=ro", uri=True)) as reading,
            closing(sqlite3.connect(target)) as writing,
        ):
            reading.backup(writing)
            writing.execute("PRAGMA journal_mode=DELETE")
    except sqlite3.Error as error:
        raise BackupUnusable(f"{source} cannot be copied to {target.parent}: {error}") from None


def copy_database(settings: Settings, target: Path) -> None:
    """As an SQLite file, wherever it is kept."""
    if file := database_file(settings.database.url):
        copy_sqlite(file, target)
        return
    with (
        closing(Database(settings.database.url, database_password(settings.database))) as source,
        closing(Database(f"sqlite:///{target}")) as copy,
    ):
        copy_tables(source, copy)
    with closing(sqlite3.connect(target)) as connection:
        connection.execute("PRAGMA journal_mode=DELETE")


async def copy_ledger(settings: Settings, target: Path) -> None:
    """As a ledger file, wherever it is kept."""
    async with ledger_file(settings) as file:
        copy_sqlite(file, target)
