"""Brings what a former release has kept up to this one: a backup first, then all migrations in one transaction.

A start of the manager does the same without the backup. Limits: forwards only. The way back is the backup, with the
release that made it.
"""

from __future__ import annotations

import asyncio
from collections.abc import Generator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from ink_core.clock import SystemClock
from ink_core.db import Database, database_file
from ink_core.errors import InkError
from ink_core.migrations import HEAD, Step, revision, steps
from ink_core.settings import Settings
from ink_core.settings.secrets import database_password
from manager.backup.create import create
from manager.identity import NoInstallation
from manager.ledger import open_ledger


class UpgradeFailed(InkError):
    """A migration could not be done; the database is as it was before."""

    code = "upgrade_failed"


@dataclass(frozen=True)
class Plan:
    """From which revision to which, by which steps; none of them where nothing is to be done."""

    present: str | None
    target: str
    steps: Sequence[Step]


def plan(settings: Settings) -> Plan:
    """Blocking. Raises `NoInstallation`, `SchemaTooNew` and what opening the database raises."""
    with _database(settings) as database, database.read() as connection:
        return Plan(revision(connection), HEAD, steps(connection))


async def upgrade(settings: Settings, backup: Path | None) -> Plan:
    """Raises `UpgradeFailed` or what is in the way; the old state is whole then.

    `backup` is the archive to make before, None makes none. No manager may be at work: the ledger is held meanwhile,
    which also tells whether this release knows its format.
    """
    planned = await asyncio.to_thread(plan, settings)
    async with open_ledger(settings, SystemClock()):
        if planned.steps and backup:
            await create(settings, backup)
        await asyncio.to_thread(_migrate, settings)
    return planned


def _migrate(settings: Settings) -> None:
    try:
        with _database(settings) as database:
            database.migrate()
    except Exception as error:  # whatever a migration meets
        raise UpgradeFailed(f"the database was not upgraded, and nothing in it was changed: {error}") from error


@contextmanager
def _database(settings: Settings) -> Generator[Database]:
    file = database_file(settings.database.url)
    if file is not None and not file.is_file():
        raise NoInstallation(f"there is no database at {file}: set INK_DATA_DIR (or --config) as for the manager")
    with closing(Database(settings.database.url, database_password(settings.database))) as database:
        yield database
