"""The ledger on PostgreSQL: group commit by expected head, so that replicas of the manager may share it.

All appends that wait at one moment share one statement, one transaction and one flush (`synchronous_commit` is on). The
statement names for each chain the head that it continues. When another writer was faster on one of them nothing is
written: the heads are read again and the same records are sealed behind what is there now. So writers of different
chains never wait for each other, and on one chain nothing is lost, overwritten or forked: appends interleave.

Limits: one event loop per instance. Who decides by what a chain holds must be the only one who does, so unless it is
`shared` an instance holds a lease and a second one is refused.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence

import psycopg

from audit.ledger import AUDIT_CHAIN, Event, LedgerUnavailable, Placed, Record, Targets, Where
from audit.news import News
from audit.postgres_connection import Readers, Server, prepare_schema, unavailable
from audit.postgres_news import Listener, tell
from audit.postgres_writer import Append, Sealed, Writer
from audit.sealing import Prepared, prepare, restore
from audit.sql_search import Dialect, newest
from ink_core.clock import Clock, SystemClock

MAX_WAITING = 4096
MAX_GROUP = 512
DEADLINE_S = 30.0
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
        self._waiting: asyncio.Queue[Append | None] = asyncio.Queue(MAX_WAITING)
        self._closed = False
        self._news = News()
        self._readers = Readers(server, READERS)
        self._listener = Listener(server, self._news)
        self._writing = asyncio.create_task(self._write_until_closed(), name="ledger-write")

    @classmethod
    async def open(cls, server: Server, clock: Clock | None = None, *, shared: bool = False) -> PostgresLedger:
        """Makes the tables where there are none. Raises `LedgerUnavailable`, also when another manager is at work."""
        await prepare_schema(server)
        writer = Writer(server, clock or SystemClock(), lease=not shared)
        try:
            await writer.connection()
        except (psycopg.Error, OSError) as error:
            raise unavailable(error) from error
        return cls(server, writer)

    async def append(self, chain: str, *records: Record) -> tuple[Event, ...]:
        return await self._write_durably(chain, prepare(chain, records))

    async def erase(self, targets: Targets, record: Record) -> Event:
        erases = tuple((chain, seq) for chain, numbers in targets.items() for seq in numbers)
        (event,) = await self._write_durably(AUDIT_CHAIN, prepare(AUDIT_CHAIN, [record]), erases)
        return event

    async def _write_durably(
        self, chain: str, prepared: tuple[Prepared, ...], erases: tuple[tuple[str, int], ...] = ()
    ) -> tuple[Event, ...]:
        if self._closed:
            raise LedgerUnavailable("the ledger is closed; nothing was recorded")
        request = Append(chain, prepared, asyncio.get_running_loop().create_future(), erases)
        try:
            self._waiting.put_nowait(request)
        except asyncio.QueueFull:
            raise LedgerUnavailable(
                f"{MAX_WAITING} appends wait for the database; nothing was recorded, try again"
            ) from None
        try:
            async with asyncio.timeout(DEADLINE_S):
                return await request.done
        except TimeoutError:
            raise LedgerUnavailable(
                f"the database took longer than {DEADLINE_S:.0f} s; it may or may not be recorded"
            ) from None

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
        """What is queued is still written; then the lease is given back."""
        if self._closed:
            return
        self._closed = True
        self._news.close()
        await self._waiting.put(None)
        await asyncio.gather(self._writing, self._listener.close())
        await self._readers.close()
        await self._writer.close()

    def _check_open(self) -> None:
        if self._closed:
            raise LedgerUnavailable("the ledger is closed")

    # -- the writing task ---------------------------------------------------------------------------------------------

    async def _write_until_closed(self) -> None:
        closing = False
        while not closing:
            group, closing = await self._next_group()
            if group:
                await self._write(group)

    async def _next_group(self) -> tuple[list[Append], bool]:
        """All that waits now, at most `MAX_GROUP`; true when the ledger closes after it."""
        group: list[Append] = []
        request = await self._waiting.get()
        while request is not None:
            group.append(request)
            if len(group) == MAX_GROUP or self._waiting.empty():
                return group, False
            request = self._waiting.get_nowait()
        return group, True

    async def _write(self, group: Sequence[Append]) -> None:
        try:
            sealed = await self._writer.write(group)
        except Exception as error:  # whatever it was: those who wait must hear it
            for request in group:
                if not request.done.done():
                    request.done.set_exception(LedgerUnavailable(str(error)))
        else:
            await self._announce(sealed)

    async def _announce(self, sealed: Sealed) -> None:
        for request, events in sealed.events.items():
            if not request.done.done():
                request.done.set_result(events)
        self._news.announce(sealed.after)
        try:
            await tell(await self._writer.connection(), list(sealed.after))
        except (psycopg.Error, OSError, LedgerUnavailable):
            await self._writer.close()  # other managers catch up by themselves
