"""Puts a ledger file into PostgreSQL, where nothing is recorded yet: the way back from `audit/postgres_copy.py`."""

from __future__ import annotations

import asyncio
import sqlite3
from contextlib import closing
from pathlib import Path

from psycopg import sql

from audit.ledger import LedgerUnavailable
from audit.postgres_connection import Connection, Server, connected, prepare_schema
from audit.sqlite_file import open_for_reading

PAGE = 1000
_COLUMNS = {
    "events": "position, chain, seq, kind, time, body, seal, salt, private, prev, hash",
    "heads": "chain, seq, hash",
    "leaves": "leaf, chain, seq, hash",
    "checkpoints": "size, note",
    "cosignatures": "size, witness, key, line",
}


async def fill_from_file(file: Path, server: Server) -> None:
    """Row by row as it is stored, in one transaction. Raises `LedgerUnavailable`, also where something is recorded."""
    await prepare_schema(server)
    async with connected(server) as connection, connection.transaction():
        await connection.execute("LOCK TABLE ink_ledger.events, ink_ledger.heads IN ACCESS EXCLUSIVE MODE")
        await connection.execute("SET LOCAL statement_timeout = 0")
        found = await (await connection.execute("SELECT EXISTS (SELECT FROM ink_ledger.heads)")).fetchone()
        if found != (False,):
            raise LedgerUnavailable("the ledger on PostgreSQL is not empty: a backup replaces none")
        with closing(await asyncio.to_thread(open_for_reading, file)) as source:
            for table, columns in _COLUMNS.items():
                await _fill(connection, source, table, columns)
        await connection.execute(
            "SELECT setval(pg_get_serial_sequence('ink_ledger.events', 'position'), max(position)) "
            "FROM ink_ledger.events"
        )


async def _fill(connection: Connection, source: sqlite3.Connection, table: str, columns: str) -> None:
    names = columns.split(", ")
    statement = sql.SQL("COPY ink_ledger.{} ({}) FROM STDIN").format(
        sql.Identifier(table), sql.SQL(", ").join(map(sql.Identifier, names))
    )
    rows = source.execute(f"SELECT {columns} FROM {table}")  # noqa: S608 - constants of this file
    async with connection.cursor() as cursor, cursor.copy(statement) as copy:
        while page := await asyncio.to_thread(rows.fetchmany, PAGE):
            for row in page:
                await copy.write_row(row)
