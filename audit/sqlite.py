"""The real ledger on SQLite: one writer thread with group commit, reads on other connections.

All appends that wait at one moment share one transaction and one fsync. One event loop per instance. Limits: local file
system; one writing process; after a failed fsync the instance refuses every append, because nobody knows any more what
the disk holds.
"""

from __future__ import annotations

import asyncio
import os
import queue
import sqlite3
import threading
from collections.abc import AsyncIterator, Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from audit import sqlite_file
from audit.ledger import AUDIT_CHAIN, Event, LedgerUnavailable, Placed, Record, Targets, Where
from audit.news import News
from audit.sealing import Head, Prepared, prepare, seal
from ink_core.clock import Clock, SystemClock

T = TypeVar("T")

MAX_WAITING = 4096
MAX_GROUP = 512
DEADLINE_S = 30.0
READERS = 4


@dataclass(frozen=True, eq=False)
class _Append:
    chain: str
    records: tuple[Prepared, ...]
    loop: asyncio.AbstractEventLoop
    done: asyncio.Future[tuple[Event, ...]]
    erases: tuple[tuple[str, int], ...] = ()


class SqliteLedger:
    def __init__(self, path: Path, clock: Clock | None = None) -> None:
        """Opens or creates the file; raises `LedgerUnavailable` when it cannot be written or another process does."""
        self._path, self._clock = path, clock or SystemClock()
        self._lease = sqlite_file.take_lease(path)
        try:
            self._connection = sqlite_file.open_for_writing(path)
            self._heads = sqlite_file.load_heads(self._connection)
            self._archived = sqlite_file.empty_chains(self._connection)
        except sqlite3.Error as error:
            os.close(self._lease)
            raise LedgerUnavailable(f"the ledger {path} cannot be opened: {error}") from error
        except BaseException:
            os.close(self._lease)
            raise
        self._waiting: queue.SimpleQueue[_Append | None] = queue.SimpleQueue()
        self._closed = self._broken = False
        self._news = News()
        self._local = threading.local()
        self._reading: list[sqlite3.Connection] = []
        self._readers = ThreadPoolExecutor(READERS, thread_name_prefix="ledger-read")
        self._writer = threading.Thread(target=self._write_until_closed, name="ledger-write", daemon=True)
        self._writer.start()

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
        if self._waiting.qsize() >= MAX_WAITING:
            raise LedgerUnavailable(f"{MAX_WAITING} appends wait for the disk; nothing was recorded, try again")
        loop = asyncio.get_running_loop()
        request = _Append(chain, prepared, loop, loop.create_future(), erases)
        self._waiting.put(request)
        try:
            async with asyncio.timeout(DEADLINE_S):
                return await request.done
        except TimeoutError:
            raise LedgerUnavailable(
                f"the disk took longer than {DEADLINE_S:.0f} s; it may or may not be recorded"
            ) from None

    async def read(self, chain: str, *, after: int = 0, limit: int | None = None) -> Sequence[Event]:
        return await self._on_reader(lambda connection: sqlite_file.select(connection, chain, after, limit))

    async def newest(self, where: Where, *, before: int | None = None, limit: int) -> Sequence[Placed]:
        return await self._on_reader(lambda connection: sqlite_file.search(connection, where, before, limit))

    async def chains(self, prefix: str = "") -> Sequence[str]:
        heads, gone = list(self._heads.items()), self._archived
        return tuple(sorted(each for each, head in heads if each.startswith(prefix) and head.seq > gone.get(each, 0)))

    def follow(self, chain: str, *, after: int = 0) -> AsyncIterator[Event]:
        return self._news.follow(chain, after, lambda start, limit: self.read(chain, after=start, limit=limit))

    async def close(self) -> None:
        """What is queued is still written; then the lease is given back."""
        if self._closed:
            return
        self._closed = True
        self._news.close()
        await asyncio.to_thread(self._close)

    def _close(self) -> None:
        self._waiting.put(None)
        self._writer.join()
        self._readers.shutdown()
        for connection in [*self._reading, self._connection]:
            connection.close()
        os.close(self._lease)

    # -- readers ------------------------------------------------------------------------------------------------------

    async def _on_reader(self, work: Callable[[sqlite3.Connection], T]) -> T:
        if self._closed:
            raise LedgerUnavailable("the ledger is closed")
        try:
            return await asyncio.get_running_loop().run_in_executor(self._readers, self._read, work)
        except sqlite3.Error as error:
            raise LedgerUnavailable(f"the ledger cannot be read: {error}") from error

    def _read(self, work: Callable[[sqlite3.Connection], T]) -> T:
        if not hasattr(self._local, "connection"):
            self._local.connection = sqlite_file.open_for_reading(self._path)
            self._reading.append(self._local.connection)
        return work(self._local.connection)

    # -- the writer thread --------------------------------------------------------------------------------------------

    def _write_until_closed(self) -> None:
        closing = False
        while not closing:
            group, closing = self._next_group()
            if group:
                self._write(group)

    def _next_group(self) -> tuple[list[_Append], bool]:
        """All that waits now, at most `MAX_GROUP`; true when the ledger closes after it."""
        group: list[_Append] = []
        request = self._waiting.get()
        while request is not None:
            group.append(request)
            if len(group) == MAX_GROUP:
                return group, False
            try:
                request = self._waiting.get_nowait()
            except queue.Empty:
                return group, False
        return group, True

    def _write(self, group: Sequence[_Append]) -> None:
        try:
            outcomes, heads = self._seal(group)
            rows = [row for request in group for row in zip(outcomes[request], request.records, strict=True)]
            self._commit(rows, heads, [event for request in group for event in request.erases])
        except Exception as error:  # whatever it was: nothing is recorded, and those who wait must hear it
            reason = str(error)
            self._tell(group, lambda: self._fail(group, reason))
        else:
            self._heads.update(heads)
            self._tell(group, lambda: self._succeed(outcomes, tuple(heads)))

    def _seal(self, group: Sequence[_Append]) -> tuple[dict[_Append, tuple[Event, ...]], dict[str, Head]]:
        now, heads = self._clock.now(), dict[str, Head]()
        outcomes: dict[_Append, tuple[Event, ...]] = {}
        for request in group:
            head = heads.get(request.chain) or self._heads.get(request.chain, Head())
            events = outcomes[request] = seal(request.chain, request.records, head, now)
            heads[request.chain] = Head(events[-1].seq, events[-1].hash)
        return outcomes, heads

    def _commit(
        self, rows: Sequence[tuple[Event, Prepared]], heads: dict[str, Head], erased: Sequence[tuple[str, int]]
    ) -> None:
        if self._broken:
            raise LedgerUnavailable("an fsync failed earlier; restart the service on a sound disk")
        try:
            sqlite_file.write(self._connection, rows, heads.items(), erased)
            if erased:
                sqlite_file.settle(self._connection)
        except sqlite3.Error as error:
            self._broken = getattr(error, "sqlite_errorcode", None) == sqlite3.SQLITE_IOERR_FSYNC
            raise

    def _succeed(self, outcomes: dict[_Append, tuple[Event, ...]], chains: Sequence[str]) -> None:
        for request, events in outcomes.items():
            if not request.done.done():
                request.done.set_result(events)
        self._news.announce(chains)

    def _fail(self, group: Sequence[_Append], reason: str) -> None:
        for request in group:
            if not request.done.done():
                request.done.set_exception(
                    LedgerUnavailable(f"nothing was recorded: {reason}; look at the ledger's disk")
                )

    def _tell(self, group: Sequence[_Append], callback: Callable[[], None]) -> None:
        try:
            group[0].loop.call_soon_threadsafe(callback)
        except RuntimeError:  # the event loop is gone, and with it everybody who waited
            return
