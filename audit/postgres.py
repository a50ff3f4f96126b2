"""The ledger on PostgreSQL: group commit by expected head, so that replicas of the manager may share it.

All appends that wait at one moment share one statement, one transaction and one flush (`synchronous_commit` is on). The
statement names for each chain the head that it continues. When another writer was faster on one of them nothing is
written: the heads are read again and the same records are sealed behind what is there now. So writers of different
chains never wait for each other, and on one chain nothing is lost, overwritten or forked: appends interleave.

Limits: one event loop per instance. Who decides by what a chain holds must be the only one who does, and opens it with
a lease: a second one is refused while the first is connected. One that was cut off and taken over from writes no more.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence

import psycopg

from audit.appends import Append, Appends, fail
from audit.leases import Lease
from audit.ledger import Event, LedgerUnavailable, Placed, Record, Targets, Where
from audit.news import News
from audit.postgres_connection import Readers, Server, prepare_schema, unavailable
from audit.postgres_news import Listener, tell
from audit.postgres_writer import Writer
from audit.sealing import restore
from audit.sql_search import Dialect, newest
from ink_core.clock import Clock, SystemClock

READERS = 4
DIALECT = Dialect("ink_ledger.events", "%b", "strpos")

_CHAINS = b"SELECT chain FROM ink_ledger.heads WHERE starts_with(chain, %b) ORDER BY chain"
_READ = (
    b"SELECT chain, seq, kind, time, body, seal, private, prev, hash FROM ink_ledger.events "
    b"WHERE chain = %b AND seq > %b ORDER BY seq LIMIT %b"
)


class PostgresLedger:
    def __init__(self, server: Server, writer: Writer) -> None:
        """Use `open`."""
        self._writer = writer
        self._waiting: asyncio.Queue[Append | None] = asyncio.Queue()
        self._appends = Appends(self._waiting, "database")
        self._news = News()
        self._readers = Readers(server, READERS)
        self._listener = Listener(server, self._news)
        self._writing = asyncio.create_task(self._write_until_closed(), name="ledger-write")

    @classmethod
    async def open(cls, server: Server, clock: Clock | None = None, lease: Lease | None = None) -> PostgresLedger:
        """Makes the tables where there are none, and takes the lease.

        Raises `LedgerHeld` when another manager is at work, and `LedgerUnavailable`.
        """
        await prepare_schema(server)
        writer = Writer(server, clock or SystemClock(), lease)
        try:
            await writer.connection()
        except (psycopg.Error, OSError) as error:
            raise unavailable(error) from error
        return cls(server, writer)

    @property
    def epoch(self) -> int:
        return self._writer.epoch

    async def append(self, chain: str, *records: Record) -> tuple[Event, ...]:
        return await self._appends.append(chain, records)

    async def erase(self, targets: Targets, record: Record) -> Event:
        return await self._appends.erase(targets, record)

    async def read(self, chain: str, *, after: int = 0, limit: int | None = None) -> Sequence[Event]:
        self._check_open()
        rows = await self._readers.fetch(_READ, (chain, after, limit))
        return tuple(restore(*row) for row in rows)

    async def newest(self, where: Where, *, before: int | None = None, limit: int) -> Sequence[Placed]:
        self._check_open()
        statement, values = newest(DIALECT, where, before, limit)
        rows = await self._readers.fetch(statement.encode(), values)
        return tuple(Placed(position, restore(*row)) for position, *row in rows)

    async def chains(self, prefix: str = "") -> Sequence[str]:
        self._check_open()
        return tuple(chain for (chain,) in await self._readers.fetch(_CHAINS, (prefix,)))

    def follow(self, chain: str, *, after: int = 0) -> AsyncIterator[Event]:
        return self._news.follow(chain, after, lambda start, limit: self.read(chain, after=start, limit=limit))

    async def close(self) -> None:
        """What is queued is still written; then the lock is given back."""
        if self._appends.closed:
            return
        self._appends.close()
        self._news.close()
        await asyncio.gather(self._writing, self._listener.close())
        await self._readers.close()
        await self._writer.close()

    def _check_open(self) -> None:
        if self._appends.closed:
            raise LedgerUnavailable("the ledger is closed")

    # -- the writing task ---------------------------------------------------------------------------------------------

    async def _write_until_closed(self) -> None:
        closing = False
        while not closing:
            group, closing = self._appends.group(await self._waiting.get())
            if group:
                await self._write(group)

    async def _write(self, group: Sequence[Append]) -> None:
        try:
            sealed = await self._writer.write(group)
        except Exception as error:  # whatever it was: those who wait must hear it
            fail(group, str(error))
        else:
            sealed.tell()
            await self._announce(list(sealed.after))

    async def _announce(self, chains: Sequence[str]) -> None:
        self._news.announce(chains)
        try:
            await tell(await self._writer.connection(), chains)
        except (psycopg.Error, OSError, LedgerUnavailable):
            await self._writer.close()  # other managers catch up by themselves
