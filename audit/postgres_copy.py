"""Copies the ledger out of PostgreSQL into a ledger file, for the stand-alone verifier and for keeping.

One moment's view, row by row as it is stored; nothing is hashed or repaired on the way, so that a fault in the database
is a fault in the copy.
"""

from __future__ import annotations

import asyncio
import sqlite3
from contextlib import closing
from pathlib import Path

from psycopg import AsyncServerCursor, IsolationLevel

from audit.postgres_connection import Connection, Server, connected
from audit.sqlite_file import open_for_writing

PAGE = 1000
_EVENTS = (
    (
        b"SELECT position, chain, seq, kind, time, body, seal, salt, private, prev, hash FROM ink_ledger.events "
        b"ORDER BY position"
    ),
    (
        "INSERT INTO events (position, chain, seq, kind, time, body, seal, salt, private, prev, hash) "
        "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
    ),
)
_HEADS = (
    b"SELECT chain, seq, hash FROM ink_ledger.heads ORDER BY chain",
    "INSERT INTO heads (chain, seq, hash) VALUES (?, ?, ?)",
)
_LEAVES = (
    b"SELECT leaf, chain, seq, hash FROM ink_ledger.leaves ORDER BY leaf",
    "INSERT INTO leaves (leaf, chain, seq, hash) VALUES (?, ?, ?, ?)",
)
_CHECKPOINTS = (
    b"SELECT size, note FROM ink_ledger.checkpoints ORDER BY size",
    "INSERT INTO checkpoints (size, note) VALUES (?, ?)",
)
_COSIGNATURES = (
    b"SELECT size, witness, key, line FROM ink_ledger.cosignatures ORDER BY size, key",
    "INSERT INTO cosignatures (size, witness, key, line) VALUES (?, ?, ?, ?)",
)


async def copy_to_file(server: Server, file: Path) -> None:
    """Write a new ledger file. Raises `LedgerUnavailable`."""
    async with connected(server) as connection:
        await connection.set_isolation_level(IsolationLevel.REPEATABLE_READ)
        with closing(await asyncio.to_thread(open_for_writing, file)) as copy:
            copy.execute("BEGIN")
            async with connection.transaction():
                for select, insert in (_EVENTS, _HEADS, _LEAVES, _CHECKPOINTS, _COSIGNATURES):
                    await _copy(connection, copy, select, insert)
            copy.execute("COMMIT")


async def _copy(connection: Connection, copy: sqlite3.Connection, select: bytes, insert: str) -> None:
    async with AsyncServerCursor(connection, "copy") as cursor:
        await cursor.execute(select)
        while rows := await cursor.fetchmany(PAGE):
            await asyncio.to_thread(copy.executemany, insert, rows)
