"""The writing side of the PostgreSQL ledger: one connection, groups of appends sealed behind the heads they expect.

A group is one statement and one transaction. Whatever happens to its answer, the group is in the database once or not
at all, and in the end it is said which; only an outage longer than the patience leaves that open, and says so.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import psycopg

from audit.appends import Append, Sealed, seal_group
from audit.canonical import time_text
from audit.ledger import LedgerHeld, LedgerUnavailable
from audit.postgres_connection import Connection, Server, take_lease, unavailable
from audit.postgres_schema import CHAIN_MOVED
from audit.sealing import Head
from ink_core.clock import Clock

MAX_HEADS = 50_000
DEADLINE_S = 25.0
PATIENCE_S = 5.0
"""How long a group waits for a server that is away: a restart of it takes less."""

RETRY_S = 0.2

_APPEND = (
    b"SELECT ink_ledger.append(%b, %b, %b::bigint[], %b, %b, %b::bigint[], %b, %b, %b, %b, %b::bytea[], %b, %b, %b, "
    b"%b, %b::bigint[])"
)
_HEADS = b"SELECT chain, seq, hash FROM ink_ledger.heads WHERE chain = ANY (%b)"
_EVENTS = b"SELECT coalesce(sum(seq), 0)::bigint FROM ink_ledger.heads"
_RECORDED = b"SELECT 1 FROM ink_ledger.events WHERE chain = %b AND seq = %b AND hash = %b"


@dataclass
class _Attempt:
    """`sealed` is what was sent to the server, perhaps with an answer that was lost."""

    group: Sequence[Append]
    sealed: Sealed | None = None


class Writer:
    """`lease` makes it the only one of its ledger: no other connection that wants the lease gets in beside it.

    The lease goes with the connection. A writer that lost both goes on only if nobody wrote meanwhile: what its manager
    has read, and decides by, would not be all any more. Else it is superseded, for good, and says so once.
    """

    def __init__(self, server: Server, clock: Clock, *, lease: bool, superseded: Callable[[], object]) -> None:
        self._server, self._clock, self._lease = server, clock, lease
        self._heads: dict[str, Head] = {}
        self._open: Connection | None = None
        self._say_superseded = superseded
        self._superseded = False
        self._events: int | None = None  # that the ledger holds, as far as it knows; None before its first lease
        self._sent: Sealed | None = None  # is being recorded
        self._doubtful: Sealed | None = None  # nobody heard whether it was recorded

    async def write(self, group: Sequence[Append]) -> Sealed:
        """The group as it is recorded. Raises `LedgerUnavailable`."""
        attempt = _Attempt(group)
        try:
            async with asyncio.timeout(DEADLINE_S):
                await self._until_recorded(attempt)
        except (psycopg.Error, OSError) as error:
            self._doubtful, self._sent = attempt.sealed or self._doubtful, None
            await self.close()
            fate = "nothing was recorded" if attempt.sealed is None else "it may or may not be recorded"
            raise LedgerUnavailable(f"{fate}: {unavailable(error)}") from error
        assert attempt.sealed is not None
        self._remember(attempt.sealed)
        return attempt.sealed

    async def connection(self) -> Connection:
        """The one connection, opened again where it was lost. Raises the driver's errors and `LedgerUnavailable`."""
        if self._superseded:
            raise LedgerHeld("another manager has taken over; this one may not write any more")
        if self._open is None:
            opened = await self._server.connect()
            try:
                if self._lease:
                    await self._take_lease(opened)
            except BaseException:
                await opened.close()
                raise
            self._open = opened
        return self._open

    async def _take_lease(self, connection: Connection) -> None:
        try:
            await take_lease(connection)
        except LedgerHeld:
            if self._events is not None:
                self._give_way()
            raise
        there = await _count(connection)
        if self._events is not None:
            known = self._events + await _recorded_events(connection, self._doubtful)
            if there != known + await _recorded_events(connection, self._sent):
                self._give_way()
                raise LedgerHeld("another manager has written this ledger meanwhile; this one may not go on")
            there = known
        self._events, self._doubtful = there, None

    def _give_way(self) -> None:
        self._superseded = True
        self._say_superseded()

    async def close(self) -> None:
        if self._open is not None:
            opened, self._open = self._open, None
            await opened.close()

    async def _until_recorded(self, attempt: _Attempt) -> None:
        now = asyncio.get_running_loop().time
        give_up = now() + PATIENCE_S
        while True:
            try:
                if await self._try(attempt):
                    return
            except (psycopg.OperationalError, OSError):
                await self.close()
                if now() > give_up:
                    raise
                await asyncio.sleep(RETRY_S)

    async def _try(self, attempt: _Attempt) -> bool:
        """Whether the group is recorded now; when not, its chains have moved and it is to be tried again."""
        connection = await self.connection()
        if attempt.sealed is not None and await _recorded(connection, attempt.sealed):
            return True
        if attempt.sealed is None:
            attempt.sealed = self._sent = await self._sealed(connection, attempt.group)
        try:
            await connection.execute(_APPEND, _values(attempt.sealed))
        except psycopg.Error as error:
            if error.sqlstate != CHAIN_MOVED:
                raise
            if await _recorded(connection, attempt.sealed):  # an attempt whose answer was lost was slow, not dead
                return True
            self._forget(attempt.sealed)
            attempt.sealed = self._sent = None
            return False
        return True

    async def _sealed(self, connection: Connection, group: Sequence[Append]) -> Sealed:
        chains = {append.chain for append in group}
        unknown = list(chains - self._heads.keys())
        if unknown:
            rows = await (await connection.execute(_HEADS, (unknown,))).fetchall()
            self._heads.update((str(chain), Head(int(str(seq)), str(digest))) for chain, seq, digest in rows)
        heads = {chain: self._heads[chain] for chain in chains & self._heads.keys()}
        return seal_group(group, heads, self._clock.now())

    def _remember(self, sealed: Sealed) -> None:
        if len(self._heads) > MAX_HEADS:
            self._heads.clear()
        self._heads.update(sealed.after)
        self._sent = None
        if self._events is not None:
            self._events += len(sealed.rows)

    def _forget(self, sealed: Sealed) -> None:
        for chain in sealed.after:
            self._heads.pop(chain, None)


def _values(sealed: Sealed) -> tuple[list[Any], ...]:
    """The arrays that `ink_ledger.append` takes."""
    rows = sealed.rows
    return (
        list(sealed.after),
        [sealed.before[chain].hash for chain in sealed.after],
        [head.seq for head in sealed.after.values()],
        [head.hash for head in sealed.after.values()],
        [event.chain for event, _ in rows],
        [event.seq for event, _ in rows],
        [event.kind for event, _ in rows],
        [time_text(event.time) for event, _ in rows],
        [record.text for _, record in rows],
        [event.seal for event, _ in rows],
        [record.salt or None for _, record in rows],
        [record.private or None for _, record in rows],
        [event.prev for event, _ in rows],
        [event.hash for event, _ in rows],
        [chain for chain, _ in sealed.erases],
        [seq for _, seq in sealed.erases],
    )


async def _count(connection: Connection) -> int:
    """How many events were ever recorded."""
    row = await (await connection.execute(_EVENTS)).fetchone()
    assert row is not None, "a sum has a row"
    return int(str(row[0]))


async def _recorded_events(connection: Connection, sealed: Sealed | None) -> int:
    return len(sealed.rows) if sealed and await _recorded(connection, sealed) else 0


async def _recorded(connection: Connection, sealed: Sealed) -> bool:
    """One event tells for all: they are one transaction."""
    event = next(iter(sealed.events.values()))[0]
    found = await connection.execute(_RECORDED, (event.chain, event.seq, event.hash))
    return await found.fetchone() is not None
