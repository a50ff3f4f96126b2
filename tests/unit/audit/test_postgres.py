"""What only the ledger on PostgreSQL has: replicas, its lock, outages, lost answers, and what the database refuses."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import aclosing, asynccontextmanager
from itertools import pairwise
from pathlib import Path

import psycopg
import pytest

from audit.leases import Lease
from audit.ledger import Event, LedgerUnavailable, Record
from audit.postgres import PostgresLedger
from audit.postgres_connection import Server
from audit.postgres_schema import GRANTS
from bench.postgresql import Postgresql

PATIENCE_S = 60


def line(n: int) -> Record:
    return Record("test.line", {"n": n})


@asynccontextmanager
async def opened(url: str, *, shared: bool = False) -> AsyncIterator[PostgresLedger]:
    ledger = await PostgresLedger.open(Server(url), lease=None if shared else Lease("manager"))
    try:
        yield ledger
    finally:
        await ledger.close()


def assert_whole(events: tuple[Event, ...]) -> None:
    assert [event.seq for event in events] == list(range(1, len(events) + 1))
    assert all(later.prev == earlier.hash for earlier, later in pairwise(events))


async def test_a_reopened_ledger_continues_its_chains(postgresql_url: str) -> None:
    async with opened(postgresql_url) as ledger:
        await ledger.append("c", line(1))
    async with opened(postgresql_url) as ledger:
        await ledger.append("c", line(2))
        assert_whole(tuple(await ledger.read("c")))
        assert await ledger.chains() == ("c", "lease:manager")


async def test_a_second_manager_is_refused_while_the_first_lives(postgresql_url: str) -> None:
    async with opened(postgresql_url):
        with pytest.raises(LedgerUnavailable, match="another manager"):
            await PostgresLedger.open(Server(postgresql_url), lease=Lease("manager"))
    async with opened(postgresql_url) as next_one:
        await next_one.append("c", line(1))


async def cut_off(url: str) -> None:
    """End the connections of all who are there, as a network that fails does."""
    async with await psycopg.AsyncConnection.connect(url, autocommit=True) as owner:
        await owner.execute(
            b"SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity WHERE application_name = 'ink-ledger'"
            b" AND datname = current_database()"
        )


@pytest.mark.requirement("AGENT-LOOP-10")
@pytest.mark.parametrize("stays", [True, False], ids=["successor at work", "successor gone again"])
async def test_a_manager_that_was_cut_off_and_taken_over_from_writes_no_more(postgresql_url: str, stays: bool) -> None:
    said: list[str] = []
    lease = Lease("manager", superseded=lambda: said.append("superseded"))
    first = await PostgresLedger.open(Server(postgresql_url), lease=lease)
    try:
        await first.append("c", line(1))
        await cut_off(postgresql_url)
        async with opened(postgresql_url) as successor:
            await successor.append("d", line(2))
            if stays:
                with pytest.raises(LedgerUnavailable, match="another manager"):
                    await first.append("c", line(3))
        for _ in range(2):
            with pytest.raises(LedgerUnavailable, match="another manager"):
                await first.append("c", line(3))
        assert (len(await first.read("c")), said) == (1, ["superseded"])
    finally:
        await first.close()


async def test_a_manager_that_was_cut_off_goes_on_where_nobody_took_over(postgresql_url: str) -> None:
    async with opened(postgresql_url) as ledger:
        for number in range(3):
            await ledger.append("c", line(number), line(number))
            await cut_off(postgresql_url)
        await ledger.append("d", line(4))
        assert_whole(tuple(await ledger.read("c")))


async def test_replicas_on_one_chain_interleave_and_lose_nothing(postgresql_url: str) -> None:
    async with opened(postgresql_url, shared=True) as one, opened(postgresql_url, shared=True) as other:
        both = [(one, n) for n in range(40)] + [(other, n) for n in range(40, 80)]
        async with asyncio.timeout(PATIENCE_S):
            await asyncio.gather(*(ledger.append(f"c{n % 3}", line(n)) for ledger, n in both))
        chains = [tuple(await one.read(chain)) for chain in await other.chains()]
    assert sorted(int(str(event.body["n"])) for chain in chains for event in chain) == list(range(80))
    for chain in chains:
        assert_whole(chain)


async def test_a_replica_does_not_wait_for_one_that_writes_another_chain(postgresql_url: str) -> None:
    async with opened(postgresql_url, shared=True) as ledger:
        await ledger.append("busy", line(1))
        await ledger.append("free", line(1))
        async with await psycopg.AsyncConnection.connect(postgresql_url) as another:
            await another.execute("SELECT 1 FROM ink_ledger.heads WHERE chain = 'busy' FOR UPDATE")
            async with asyncio.timeout(PATIENCE_S):
                await ledger.append("free", line(2))
                waiting = asyncio.create_task(ledger.append("busy", line(2)))
                with pytest.raises(TimeoutError):
                    await asyncio.wait_for(asyncio.shield(waiting), 0.2)
            await another.rollback()
            async with asyncio.timeout(PATIENCE_S):
                await waiting


async def test_a_follower_hears_of_what_another_replica_writes(postgresql_url: str) -> None:
    async with (
        asyncio.timeout(PATIENCE_S),
        opened(postgresql_url, shared=True) as one,
        opened(postgresql_url, shared=True) as other,
        aclosing(one.follow("c")) as follower,  # type: ignore[type-var]
    ):
        for n in range(3):
            coming = asyncio.ensure_future(anext(follower))
            await other.append("c", line(n))
            assert (await coming).body == {"n": n}


async def test_during_an_outage_nothing_is_acknowledged_and_afterwards_all_goes_on(
    postgresql: Postgresql, postgresql_url: str
) -> None:
    async with opened(postgresql_url) as ledger:
        await ledger.append("c", line(1))
        following = asyncio.create_task(followed_until(ledger, 4))
        postgresql.stop()
        try:
            with pytest.raises(LedgerUnavailable, match="recorded"):
                await ledger.append("c", line(2))
            with pytest.raises(LedgerUnavailable, match="cannot be used"):
                await ledger.read("c")
        finally:
            postgresql.start()
        async with asyncio.timeout(PATIENCE_S):
            await appended_in_the_end(ledger, line(4))
            assert await following == [1, 4]


async def followed_until(ledger: PostgresLedger, last: int) -> list[int]:
    """What a follower sees that comes back after each outage."""
    seen: list[Event] = []
    while not seen or seen[-1].body["n"] != last:
        try:
            async with aclosing(ledger.follow("c", after=len(seen))) as follower:  # type: ignore[type-var]
                seen.append(await anext(follower))
        except LedgerUnavailable:
            await asyncio.sleep(0.05)
    return [int(str(event.body["n"])) for event in seen]


async def appended_in_the_end(ledger: PostgresLedger, record: Record) -> None:
    """A server that has just started may take longer to accept than one append waits."""
    while True:
        try:
            await ledger.append("c", record)
            return
        except LedgerUnavailable:
            continue


async def test_a_short_outage_is_waited_for_and_repeats_nothing(postgresql: Postgresql, postgresql_url: str) -> None:
    async with opened(postgresql_url) as ledger:
        written = [asyncio.create_task(ledger.append(f"c{n % 4}", line(n))) for n in range(200)]
        await written[0]
        postgresql.stop()
        postgresql.start()
        results = await asyncio.gather(*written, return_exceptions=True)
        acknowledged = {result[0].hash for result in results if isinstance(result, tuple)}
        kept = [tuple(await ledger.read(chain)) for chain in await ledger.chains("c")]
    for chain in kept:
        assert_whole(chain)
    hashes = [event.hash for chain in kept for event in chain]
    numbers = [event.body["n"] for chain in kept for event in chain]
    assert acknowledged <= set(hashes)
    assert len(set(map(str, numbers))) == len(numbers)


class Wire:
    """Between ledger and server. `cut` lets one append through and ends its connection instead of giving the answer."""

    def __init__(self, server: Path, here: Path) -> None:
        self._server, self._here = server / ".s.PGSQL.5432", here / ".s.PGSQL.5432"
        self._joined: set[asyncio.Task[None]] = set()
        self.cut = False
        self.cuts = 0

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        async with await asyncio.start_unix_server(self._accept, self._here):
            yield
            await asyncio.gather(*self._joined)

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._joined.add(asyncio.create_task(self._join(reader, writer)))

    async def _join(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        from_server, to_server = await asyncio.open_unix_connection(self._server)
        cut = asyncio.Event()
        forth = asyncio.create_task(self._forth(reader, to_server, cut))
        while (answer := await from_server.read(65536)) and not cut.is_set():
            writer.write(answer)
        writer.close()
        await forth
        await asyncio.gather(writer.wait_closed(), to_server.wait_closed(), return_exceptions=True)

    async def _forth(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, cut: asyncio.Event) -> None:
        while frame := await reader.read(65536):
            if self.cut and b"ink_ledger.append" in frame:
                self.cut, self.cuts = False, self.cuts + 1
                cut.set()
            writer.write(frame)
        writer.close()


async def test_an_answer_that_was_lost_is_looked_up_and_the_append_not_repeated(
    postgresql: Postgresql, postgresql_url: str, tmp_path: Path
) -> None:
    wire = Wire(postgresql.directory, tmp_path)
    url = postgresql_url.replace(str(postgresql.directory), str(tmp_path))
    async with asyncio.timeout(PATIENCE_S), wire.running(), opened(url) as ledger:
        await ledger.append("c", line(1))
        wire.cut = True
        (second,) = await ledger.append("c", line(2))
        (third,) = await ledger.append("c", line(3))
        events = tuple(await ledger.read("c"))
    assert_whole(events)
    assert [event.body["n"] for event in events] == [1, 2, 3]
    assert (second.seq, third.seq, wire.cuts) == (2, 3, 1)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE ink_ledger.events SET body = '{}'",
        "DELETE FROM ink_ledger.events",
        "TRUNCATE ink_ledger.events",
        "UPDATE ink_ledger.heads SET seq = 1",
        "DELETE FROM ink_ledger.heads",
        "TRUNCATE ink_ledger.heads",
    ],
)
async def test_the_database_refuses_to_change_what_is_written(postgresql_url: str, statement: str) -> None:
    async with opened(postgresql_url) as ledger:
        await ledger.append("c", line(1), line(2))
        async with await psycopg.AsyncConnection.connect(postgresql_url, autocommit=True) as owner:
            with pytest.raises(psycopg.errors.RaiseException, match="append-only"):
                await owner.execute(statement.encode())
        assert len(await ledger.read("c")) == 2


async def test_a_role_without_any_right_but_to_append_is_enough(postgresql_url: str) -> None:
    async with opened(postgresql_url):
        pass
    async with await psycopg.AsyncConnection.connect(postgresql_url, autocommit=True) as owner:
        await owner.execute("DROP ROLE IF EXISTS manager")
        await owner.execute("CREATE ROLE manager LOGIN")
        await owner.execute(GRANTS.format(role="manager").encode())
        url = postgresql_url.replace("//ink@", "//manager@")
        async with opened(url) as ledger:
            await ledger.append("c", line(1))
            async with await psycopg.AsyncConnection.connect(url, autocommit=True) as manager:
                for statement in ("INSERT INTO ink_ledger.heads VALUES ('d', 1, '')", "DROP SCHEMA ink_ledger CASCADE"):
                    with pytest.raises(psycopg.errors.InsufficientPrivilege):
                        await manager.execute(statement.encode())
        await owner.execute("DROP OWNED BY manager")


async def test_every_commit_is_flushed_to_the_disk(postgresql_url: str) -> None:
    async with await Server(postgresql_url).connect() as connection:
        answer = await connection.execute("SELECT current_setting('synchronous_commit'), current_setting('fsync')")
        assert await answer.fetchone() == ("on", "on")


async def test_an_address_that_is_none_and_a_server_that_is_not_there_are_said(tmp_path: Path) -> None:
    with pytest.raises(LedgerUnavailable, match=r"look at ledger\.url"):
        await PostgresLedger.open(Server("postgresql://[broken"))
    with pytest.raises(LedgerUnavailable, match="cannot be used"):
        await PostgresLedger.open(Server(f"postgresql://ink@/x?host={tmp_path}", password="hunter2"))
    assert "hunter2" not in repr(Server("postgresql://ink@/x", password="hunter2"))
