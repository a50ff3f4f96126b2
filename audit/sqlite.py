"""The real ledger on SQLite: one writer thread with group commit, reads on other connections.

All appends that wait at one moment share one transaction and one fsync. One event loop per instance. Limits: local file
system; one writing process, by a lock on a file beside it and, with a lease, by what is recorded; after a failed fsync
the instance refuses every append, because nobody knows any more what the disk holds.
"""

from __future__ import annotations

import asyncio
import os
import queue
import sqlite3
import threading
from collections.abc import AsyncIterator, Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TypeVar

from audit import sqlite_file
from audit.appends import Append, Appends, Sealed, fail, seal_group
from audit.leases import Lease
from audit.ledger import Event, LedgerHeld, LedgerUnavailable, Placed, Record, Targets, Where
from audit.news import News
from ink_core.clock import Clock, SystemClock

T = TypeVar("T")

READERS = 4


class SqliteLedger:
    def __init__(self, path: Path, clock: Clock | None = None, lease: Lease | None = None) -> None:
        """Opens or creates the file, and takes the lease.

        Raises `LedgerUnavailable` when it cannot be written or another process does.
        """
        self._path, self._clock, self._lease = path, clock or SystemClock(), lease
        self._lock = sqlite_file.take_lock(path)
        try:
            self._connection = sqlite_file.open_for_writing(path)
            if lease:  # before the heads are read: nobody else moves them from then on
                sqlite_file.take(self._connection, lease, self._clock.now())
            self._heads = sqlite_file.load_heads(self._connection)
            self.epoch = self._heads[lease.chain].seq if lease else 0
            self._archived = sqlite_file.empty_chains(self._connection)
        except sqlite3.Error as error:
            os.close(self._lock)
            raise LedgerUnavailable(f"the ledger {path} cannot be opened: {error}") from error
        except BaseException:
            os.close(self._lock)
            raise
        self._waiting: queue.SimpleQueue[Append | None] = queue.SimpleQueue()
        self._appends = Appends(self._waiting, "disk")
        self._broken = self._superseded = False
        self._news = News()
        self._local = threading.local()
        self._reading: list[sqlite3.Connection] = []
        self._readers = ThreadPoolExecutor(READERS, thread_name_prefix="ledger-read")
        self._writer = threading.Thread(target=self._write_until_closed, name="ledger-write", daemon=True)
        self._writer.start()

    async def append(self, chain: str, *records: Record) -> tuple[Event, ...]:
        return await self._appends.append(chain, records)

    async def erase(self, targets: Targets, record: Record) -> Event:
        return await self._appends.erase(targets, record)

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
        """What is queued is still written; then the lock is given back."""
        if self._appends.closed:
            return
        self._appends.close()
        self._news.close()
        await asyncio.to_thread(self._close)

    def _close(self) -> None:
        self._writer.join()
        self._readers.shutdown()
        for connection in [*self._reading, self._connection]:
            connection.close()
        os.close(self._lock)

    # -- readers ------------------------------------------------------------------------------------------------------

    async def _on_reader(self, work: Callable[[sqlite3.Connection], T]) -> T:
        if self._appends.closed:
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
            group, closing = self._appends.group(self._waiting.get())
            if group:
                self._write(group)

    def _write(self, group: Sequence[Append]) -> None:
        try:
            sealed = seal_group(group, self._heads, self._clock.now())
            self._commit(sealed)
        except LedgerHeld as error:
            reason = str(error)
            self._tell(group, lambda: self._give_way(group, reason))
        except Exception as error:  # whatever it was: nothing is recorded, and those who wait must hear it
            reason = f"nothing was recorded: {error}; look at the ledger's disk"
            self._tell(group, lambda: fail(group, reason))
        else:
            self._heads.update(sealed.after)
            self._tell(group, lambda: self._succeed(sealed))

    def _commit(self, sealed: Sealed) -> None:
        if self._broken:
            raise LedgerUnavailable("an fsync failed earlier; restart the service on a sound disk")
        try:
            if not sealed.events:
                return
            relied = (self._lease.chain, self._heads[self._lease.chain]) if self._lease else None
            sqlite_file.write(self._connection, sealed.rows, sealed.after.items(), sealed.erases, relied=relied)
            if sealed.erases:
                sqlite_file.settle(self._connection)
        except sqlite3.Error as error:
            self._broken = getattr(error, "sqlite_errorcode", None) == sqlite3.SQLITE_IOERR_FSYNC
            raise

    def _succeed(self, sealed: Sealed) -> None:
        sealed.tell()
        self._news.announce(tuple(sealed.after))

    def _give_way(self, group: Sequence[Append], reason: str) -> None:
        fail(group, reason)
        if self._lease and not self._superseded:
            self._superseded = True
            self._lease.superseded()

    def _tell(self, group: Sequence[Append], callback: Callable[[], None]) -> None:
        try:
            group[0].done.get_loop().call_soon_threadsafe(callback)
        except RuntimeError:  # the event loop is gone, and with it everybody who waited
            return
