"""The ledger of an installation, by its address: a SQLite file, or PostgreSQL."""

from __future__ import annotations

import os
import signal
import tempfile
from collections.abc import AsyncGenerator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

import structlog

from audit.leases import MANAGER, Lease
from audit.ledger import Ledger
from audit.log_store import LogStore
from audit.sqlite import SqliteLedger
from audit.sqlite_log import SqliteLogStore
from ink_core.clock import Clock
from ink_core.errors import CannotServe
from ink_core.settings import Settings
from ink_core.settings.secrets import database_password

if TYPE_CHECKING:
    from audit.postgres_connection import Server

log = structlog.get_logger()

SQLITE = "sqlite:///"
POSTGRESQL = ("postgresql://", "postgres://", "postgresql+psycopg://")

OpenLedger = Callable[[Settings, Clock], AbstractAsyncContextManager[Ledger]]


@asynccontextmanager
async def open_ledger(settings: Settings, clock: Clock) -> AsyncGenerator[Ledger]:
    """For the one manager that writes it: with the lease for all chains.

    Raises `LedgerUnavailable`, or `CannotServe` for an address of neither.
    """
    lease = Lease(MANAGER, superseded=_leave)
    if file := _file(settings):
        ledger = SqliteLedger(file, clock, lease)
    else:
        from audit.postgres import PostgresLedger  # the driver is an extra

        ledger = await PostgresLedger.open(_server(settings), clock, lease)
    try:
        yield ledger
    finally:
        await ledger.close()


def _leave() -> None:
    """Another manager has taken over: what this one knows is not all any more, so it ends as if it was told to."""
    log.error("superseded", reason="another manager has taken over the ledger; this one ends")
    os.kill(os.getpid(), signal.SIGTERM)


def open_log_store(settings: Settings) -> LogStore:
    """Where the log of heads is kept: beside the ledger's events, which must be open already."""
    if file := _file(settings):
        return SqliteLogStore(file)
    from audit.postgres_log import PostgresLogStore

    return PostgresLogStore(_server(settings))


def ledger_path(settings: Settings) -> Path | None:
    """The ledger's file; None for one that is a server's."""
    return _file(settings)


async def fill_ledger(settings: Settings, file: Path) -> None:
    """Put a ledger file into PostgreSQL, where there is none yet. Raises `LedgerUnavailable`."""
    from audit.postgres_fill import fill_from_file

    await fill_from_file(file, _server(settings))


def sqlite_ledger(settings: Settings) -> Path:
    """For what only a file can have done to it. Raises `CannotServe` where the ledger is none."""
    if file := _file(settings):
        return file
    raise CannotServe("this is for a ledger in a SQLite file only; the ledger of this installation is on PostgreSQL")


@asynccontextmanager
async def ledger_file(settings: Settings) -> AsyncGenerator[Path]:
    """The ledger as the file that the stand-alone verifier reads: its own, or a copy that is gone afterwards."""
    if file := _file(settings):
        yield file
        return
    from audit.postgres_copy import copy_to_file

    with tempfile.TemporaryDirectory(prefix="ledger-", dir=settings.data_dir) as folder:
        copy = Path(folder) / "ledger.db"
        await copy_to_file(_server(settings), copy)
        yield copy


def _file(settings: Settings) -> Path | None:
    url = settings.ledger.url
    return Path(url.removeprefix(SQLITE)) if url.startswith(SQLITE) and len(url) > len(SQLITE) else None


def _server(settings: Settings) -> Server:
    url = settings.ledger.url
    if not url.startswith(POSTGRESQL):
        raise CannotServe("ledger.url names no ledger; write sqlite:///PATH or postgresql://USER@HOST/NAME")
    if find_spec("psycopg") is None:
        raise CannotServe("a ledger on PostgreSQL needs its driver: install ink-harness with the extra `postgres`")
    from audit.postgres_connection import Server

    return Server("postgresql://" + url.partition("://")[2], database_password(settings.ledger))
