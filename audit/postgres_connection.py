"""Connections of the ledger to PostgreSQL: how they are opened, what bounds them, and a small pool for readers.

Every connection has deadlines on both sides: the server ends a statement that takes too long, the client one whose
answer does not come. Errors of the driver come out as `LedgerUnavailable`; its texts never hold the password.
"""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from typing import Any

import psycopg
from psycopg import AsyncConnection
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from audit.ledger import LedgerHeld, LedgerUnavailable
from audit.postgres_schema import APPEND, FORMAT, FORMER_BODIES, SCHEMA

CONNECT_S = 5
STATEMENT_S = 15.0
LOCK_S = 5.0
LOCK_KEY = 0x494E4B  # "INK"; one advisory lock in the ledger's own database
# The keepalives: a manager whose host is gone holds no lock for longer than about 11 s.
_SERVER_SIDE = (
    f"-c statement_timeout={STATEMENT_S:.0f}s -c synchronous_commit=on -c idle_in_transaction_session_timeout=60s "
    "-c tcp_keepalives_idle=5 -c tcp_keepalives_interval=2 -c tcp_keepalives_count=3"
)
_BOUNDS = {
    "application_name": "ink-ledger",
    "connect_timeout": CONNECT_S,
    "keepalives_idle": 10,
    "tcp_user_timeout": 10_000,
}

Connection = AsyncConnection[tuple[object, ...]]


@dataclass(frozen=True)
class Server:
    """Where the ledger is: `url` without a password, which stands apart so that it is in no log."""

    url: str
    password: str | None = field(default=None, repr=False)

    async def connect(self) -> Connection:
        """Raises `psycopg.Error`; `LedgerUnavailable` for a URL that cannot be one."""
        return await AsyncConnection.connect(self.conninfo(), autocommit=True)

    def conninfo(self) -> str:
        """With deadlines on both sides. Raises `LedgerUnavailable` for a URL that cannot be one."""
        try:
            given = str(conninfo_to_dict(self.url).get("options") or "")
            return make_conninfo(self.url, **_BOUNDS, options=f"{given} {_SERVER_SIDE}", password=self.password)
        except psycopg.ProgrammingError:
            raise LedgerUnavailable("the ledger's address is no postgresql:// URL; look at ledger.url") from None


async def prepare_schema(server: Server) -> None:
    """Make the ledger's tables where there are none. Raises `LedgerUnavailable` for what cannot be written to."""
    async with connected(server) as connection:
        (fsync,) = await _one(connection, "SELECT current_setting('fsync')")
        if fsync != "on":
            raise LedgerUnavailable("the ledger's server has fsync off, so no record would be durable; turn it on")
        async with connection.transaction():
            # Two that start at once make it once; the lock is let go with the transaction.
            await connection.execute("SELECT pg_advisory_xact_lock(%s)", (LOCK_KEY + 1,))
            (there,) = await _one(connection, "SELECT to_regclass('ink_ledger.format')")
            if there is None:
                await connection.execute(SCHEMA)
            (found,) = await _one(connection, "SELECT version FROM ink_ledger.format")
            if found != FORMAT:
                raise LedgerUnavailable(f"the ledger has format {found}, this version knows {FORMAT}; use its own one")
            await _bring_up(connection)


async def _bring_up(connection: Connection) -> None:
    """Replace the function that writes, where it is of an earlier release; its owner alone may."""
    (body,) = await _one(connection, "SELECT prosrc FROM pg_proc WHERE oid = to_regproc('ink_ledger.append')")
    if hashlib.sha256(str(body).encode()).hexdigest() not in FORMER_BODIES:
        return
    try:
        await connection.execute(APPEND)
    except psycopg.errors.InsufficientPrivilege:
        raise LedgerUnavailable(
            "the ledger's function `append` is of an earlier release, and this role may not replace it: start once "
            "as the role that made the schema"
        ) from None


async def take_lock(connection: Connection) -> None:
    """Keeps any other manager from taking over, as long as this connection lives.

    A manager that was killed a moment ago may still be in the server's books, so it is given a few seconds. Raises
    `LedgerHeld`.
    """
    try:
        async with asyncio.timeout(LOCK_S):
            # Not the waiting form of the lock: it would hang on a connection that may break meanwhile.
            while (await _one(connection, f"SELECT pg_try_advisory_lock({LOCK_KEY})"))[0] is not True:  # noqa: ASYNC110
                await asyncio.sleep(0.1)
    except TimeoutError:
        raise LedgerHeld("another manager writes this ledger; stop it first") from None


@asynccontextmanager
async def connected(server: Server) -> AsyncGenerator[Connection]:
    """A connection of its own; the driver's errors as `LedgerUnavailable`."""
    try:
        connection = await server.connect()
        try:
            yield connection
        finally:
            await connection.close()
    except (psycopg.Error, OSError, TimeoutError) as error:
        raise unavailable(error) from error


def unavailable(error: BaseException) -> LedgerUnavailable:
    said = " ".join(str(error).split()) or "it does not answer in time"
    return LedgerUnavailable(f"the ledger's database cannot be used: {said}")


async def _one(connection: Connection, statement: str) -> tuple[object, ...]:
    row = await (await connection.execute(statement.encode())).fetchone()
    assert row is not None, "these statements always have a row"
    return row


class Readers:
    """At most `size` connections for reading, opened when needed; one that failed is not used again."""

    def __init__(self, server: Server, size: int) -> None:
        self._server = server
        self._idle: list[Connection] = []
        self._size, self._room = size, asyncio.Semaphore(size)

    async def fetch(self, statement: bytes, values: Sequence[object]) -> list[tuple[Any, ...]]:
        """All rows. Raises `LedgerUnavailable` when the server is away or takes too long."""
        try:
            async with asyncio.timeout(STATEMENT_S), self._room:
                while self._idle:  # the server may have ended what lay idle, for instance when it was restarted
                    with suppress(psycopg.OperationalError):
                        return await self._fetch(self._idle.pop(), statement, values)
                return await self._fetch(await self._server.connect(), statement, values)
        except (psycopg.Error, OSError, TimeoutError) as error:
            raise unavailable(error) from error

    async def _fetch(self, connection: Connection, statement: bytes, values: Sequence[object]) -> list[tuple[Any, ...]]:
        try:
            rows = await (await connection.execute(statement, values)).fetchall()
        except BaseException:
            await connection.close()
            raise
        self._idle.append(connection)
        return rows

    async def close(self) -> None:
        """Waits for those who still read; each has its deadline. Nobody reads afterwards."""
        for _ in range(self._size):
            await self._room.acquire()
        while self._idle:
            await self._idle.pop().close()
