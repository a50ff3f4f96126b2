"""The one function that writes PostgreSQL's ledger: what it holds still for a writer, and how it is brought up."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from itertools import permutations
from pathlib import Path

import psycopg
import pytest

from audit.leases import Lease
from audit.ledger import ChainMoved, LedgerUnavailable, Record
from audit.postgres import PostgresLedger
from audit.postgres_connection import Server
from audit.postgres_schema import CHAIN_MOVED, GRANTS

PATIENCE_S = 60
FORMER_APPEND = Path(__file__).with_name("append_of_format_2.sql")
"""What wrote before a lease was relied on."""


def line(n: int) -> Record:
    return Record("test.line", {"n": n})


@asynccontextmanager
async def opened(url: str, lease: Lease | None = None) -> AsyncIterator[PostgresLedger]:
    ledger = await PostgresLedger.open(Server(url), lease=lease)
    try:
        yield ledger
    finally:
        await ledger.close()


class Transaction:
    """One that is played step by step: each waits for its `turn`, and perhaps for a lock that another one has."""

    def __init__(self, connection: psycopg.AsyncConnection, statement: str) -> None:
        self._connection, self._statement = connection, statement
        self._turns: asyncio.Queue[None] = asyncio.Queue()
        self._idle = asyncio.Event()
        self._over = False

    def turn(self) -> None:
        if not self._over:
            self._idle.clear()
            self._turns.put_nowait(None)

    async def played(self, committed: list[str]) -> None:
        try:
            await self._turn()
            await self._connection.execute(self._statement.encode())
            await self._turn()
            await self._connection.commit()
            committed.append(self._statement)
        except psycopg.Error as error:
            assert error.sqlstate == CHAIN_MOVED
        finally:
            self._over = True
            self._idle.set()

    async def _turn(self) -> None:
        if self._turns.empty():
            self._idle.set()
        await self._turns.get()

    async def idle_or_waiting(self, observer: psycopg.AsyncConnection) -> None:
        """Until it has done what it may do, or waits for the other one."""
        blocking = b"SELECT cardinality(pg_blocking_pids(%b)) > 0"
        while not self._idle.is_set():
            found = await (await observer.execute(blocking, (self._connection.info.backend_pid,))).fetchone()
            if found == (True,):
                return


def appending(chain: str, seq: int, before: str, after: str, relied: tuple[str, str] | None = None) -> str:
    """The statement of an append of one event, whose hash is `after`, while another chain ends with a hash."""
    heads = [f"'{chain}'", f"'{before}'", str(seq), f"'{after}'"]
    if relied is not None:
        other = (f"'{relied[0]}'", f"'{relied[1]}'", "NULL", "NULL")
        heads = [", ".join(both) for both in zip(heads, other, strict=True)]
    event = ", ".join(
        f"ARRAY[{value}]" for value in (f"'{chain}'", seq, "'k'", "'2026-01-01T00:00:00.000000Z'", "'{}'", "''")
    )
    more = f"ARRAY[NULL]::bytea[], ARRAY[NULL], ARRAY['{before}'], ARRAY['{after}'], ARRAY[]::text[], ARRAY[]::bigint[]"
    return f"SELECT ink_ledger.append({', '.join(f'ARRAY[{each}]' for each in heads)}, {event}, {more})"


@pytest.mark.parametrize("begun", [True, False], ids=["as a lease's", "that has not begun"])
@pytest.mark.parametrize("relies", [True, False], ids=["relied on", "not relied on"])
async def test_no_order_of_steps_in_the_database_lets_an_append_pass_what_it_relies_on(
    postgresql_url: str, relies: bool, begun: bool
) -> None:
    """Where nothing is relied on some do, so these orders would show it."""
    passed = 0
    async with opened(postgresql_url) as ledger:
        for number, order in enumerate(sorted(set(permutations("aabb")))):
            other = f"other{number}"
            head = (await ledger.append(other, line(0)))[0].hash if begun else ""
            append = appending(f"c{number}", 1, "", f"a{number}", (other, head) if relies else None)
            grow = appending(other, 2 if begun else 1, head, f"b{number}")
            committed = await played(postgresql_url, {"a": append, "b": grow}, order)
            assert grow in committed, "an append keeps nobody from taking over"
            passed += committed[-1] == append
    assert passed == 0 if relies else passed > 0


async def played(url: str, statements: dict[str, str], order: Sequence[str]) -> list[str]:
    """What was committed, in that order, when the transactions made their steps in this one."""
    committed: list[str] = []
    async with AsyncExitStack() as exits, asyncio.timeout(PATIENCE_S):
        opening = {name: psycopg.AsyncConnection.connect(url) for name in statements}
        connections = {name: await exits.enter_async_context(await made) for name, made in opening.items()}
        observer = await exits.enter_async_context(await psycopg.AsyncConnection.connect(url, autocommit=True))
        parts = {name: Transaction(connections[name], statement) for name, statement in statements.items()}
        playing = [asyncio.create_task(part.played(committed)) for part in parts.values()]
        for name in order:
            parts[name].turn()
            await parts[name].idle_or_waiting(observer)
        await asyncio.gather(*playing)
    return committed


async def test_what_another_replica_wrote_is_relied_on_by_whoever_has_read_it(postgresql_url: str) -> None:
    async with opened(postgresql_url) as one, opened(postgresql_url) as other:
        await one.append("locks", line(1))
        await one.append("c", Record("test.decided", {}, {"locks": 1}))
        await other.append("locks", line(2))
        with pytest.raises(ChainMoved):
            await one.append("c", Record("test.decided", {}, {"locks": 1}))
        await other.append("locks", line(3))
        await one.append("c", Record("test.decided", {}, {"locks": 3}))
        assert len(await other.read("c")) == 2


async def test_a_schema_of_the_release_before_is_brought_up_by_its_owner_and_the_role_keeps_its_rights(
    postgresql_url: str,
) -> None:
    async with opened(postgresql_url, Lease("manager")) as ledger:
        await ledger.append("c", line(1))
    async with await psycopg.AsyncConnection.connect(postgresql_url, autocommit=True) as owner:
        await owner.execute(FORMER_APPEND.read_bytes())
        await owner.execute("DROP ROLE IF EXISTS manager")
        await owner.execute("CREATE ROLE manager LOGIN")
        await owner.execute(GRANTS.format(role="manager").encode())
        as_manager = postgresql_url.replace("//ink@", "//manager@")
        with pytest.raises(LedgerUnavailable, match="start once as the role that made the schema"):
            await PostgresLedger.open(Server(as_manager))
        async with opened(postgresql_url, Lease("manager")):
            pass
        async with opened(as_manager, Lease("manager")) as ledger:
            await ledger.append("c", line(2))
            assert [event.seq for event in await ledger.read("c")] == [1, 2]
        await owner.execute("DROP OWNED BY manager")
