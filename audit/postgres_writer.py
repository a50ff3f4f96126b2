"""The writing side of the PostgreSQL ledger: one connection, groups of appends sealed behind the heads they expect.

A group is one statement and one transaction. Whatever happens to its answer, the group is in the database once or not
at all, and in the end it is said which; only an outage longer than the patience leaves that open, and says so.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import psycopg

from audit.appends import Append, Sealed, seal_group
from audit.canonical import time_text
from audit.leases import TAKEN_OVER, Lease
from audit.ledger import Event, LedgerHeld, LedgerUnavailable
from audit.postgres_connection import Connection, Server, take_lock, unavailable
from audit.postgres_schema import CHAIN_MOVED
from audit.sealing import Head, prepare
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
_RECORDED = b"SELECT 1 FROM ink_ledger.events WHERE chain = %b AND seq = %b AND hash = %b"


@dataclass
class _Attempt:
    """`sealed` is what was sent to the server, perhaps with an answer that was lost."""

    group: Sequence[Append]
    sealed: Sealed | None = None


class Writer:
    """With a `lease` every append relies on it: whoever takes it next ends this one's writing, at whatever moment.

    A lock that goes with the connection keeps others from taking it. A writer that lost its connection goes on only if
    nobody took it meanwhile: what its manager has read, and decides by, would not be all any more. Else it is
    superseded, for good, and says so once.
    """

    def __init__(self, server: Server, clock: Clock, lease: Lease | None) -> None:
        self._server, self._clock, self._lease = server, clock, lease
        self._heads: dict[str, Head] = {}
        self._open: Connection | None = None
        self._held: Head | None = None  # where the lease's chain ends as long as it is held
        self._superseded = False

    @property
    def epoch(self) -> int:
        return self._held.seq if self._held else 0

    async def write(self, group: Sequence[Append]) -> Sealed:
        """The group as it is recorded. Raises `LedgerUnavailable`."""
        attempt = _Attempt(group)
        try:
            async with asyncio.timeout(DEADLINE_S):
                await self._until_recorded(attempt)
        except (psycopg.Error, OSError) as error:
            await self.close()
            fate = "nothing was recorded" if attempt.sealed is None else "it may or may not be recorded"
            raise LedgerUnavailable(f"{fate}: {unavailable(error)}") from error
        assert attempt.sealed is not None
        self._remember(attempt.sealed)
        return attempt.sealed

    async def connection(self) -> Connection:
        """The one connection, opened again where it was lost. Raises the driver's errors and `LedgerUnavailable`."""
        if self._superseded:
            raise LedgerHeld(TAKEN_OVER)
        if self._open is None:
            opened = await self._server.connect()
            try:
                if self._lease:
                    await self._hold(opened, self._lease)
            except BaseException:
                await opened.close()
                raise
            self._open = opened
        return self._open

    async def _hold(self, connection: Connection, lease: Lease) -> None:
        """Take the lease, or on a new connection see that nobody else has."""
        await self._check(connection)  # whoever has taken it gives it back no more: there is nothing to wait for
        await take_lock(connection)
        if self._held is None:
            self._held = await self._take(connection, lease)
        await self._check(connection)

    async def _take(self, connection: Connection, lease: Lease) -> Head:
        nobody_waits: asyncio.Future[tuple[Event, ...]] = asyncio.get_running_loop().create_future()
        taking = Append(lease.chain, prepare(lease.chain, [lease.taken]), nobody_waits)
        sealed = seal_group([taking], await _heads(connection, [lease.chain]), self._clock.now())
        await connection.execute(_APPEND, _values(sealed, {}))
        return sealed.after[lease.chain]

    async def _check(self, connection: Connection) -> None:
        """Raises `LedgerHeld`, from now on for every append, where another has taken the lease."""
        relied = self._relied
        if relied and await _heads(connection, list(relied)) != relied:
            self._superseded = True
            if self._lease:
                self._lease.superseded()
            raise LedgerHeld(TAKEN_OVER)

    @property
    def _relied(self) -> Mapping[str, Head]:
        """What every append relies on: that the lease is still held."""
        return {self._lease.chain: self._held} if self._lease and self._held else {}

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
            attempt.sealed = await self._sealed(connection, attempt.group)
            if not attempt.sealed.events:
                return True
        try:
            await connection.execute(_APPEND, _values(attempt.sealed, self._relied))
        except psycopg.Error as error:
            if error.sqlstate != CHAIN_MOVED:
                raise
            if await _recorded(connection, attempt.sealed):  # an attempt whose answer was lost was slow, not dead
                return True
            await self._check(connection)
            self._forget([*attempt.sealed.after, *attempt.sealed.relied])
            attempt.sealed = None
            return False
        return True

    async def _sealed(self, connection: Connection, group: Sequence[Append]) -> Sealed:
        relied = [each for append in group for each in append.relies.items()]
        self._forget([chain for chain, seq in relied if self._heads.get(chain, Head()).seq != seq])
        chains = {append.chain for append in group} | {chain for chain, _ in relied}
        if unknown := list(chains - self._heads.keys()):
            self._heads.update(await _heads(connection, unknown))
        heads = {chain: self._heads[chain] for chain in chains & self._heads.keys()}
        return seal_group(group, heads, self._clock.now())

    def _remember(self, sealed: Sealed) -> None:
        if len(self._heads) > MAX_HEADS:
            self._heads.clear()
        self._heads.update(sealed.after)

    def _forget(self, chains: Sequence[str]) -> None:
        """Their heads are read again when they are needed."""
        for chain in chains:
            self._heads.pop(chain, None)


def _values(sealed: Sealed, held: Mapping[str, Head]) -> tuple[list[Any], ...]:
    """The arrays that `ink_ledger.append` takes. What a group relies on, and what is `held`, must end so."""
    rows, relied = sealed.rows, {**sealed.relied, **held}
    return (
        [*sealed.after, *relied],
        [*(sealed.before[chain].hash for chain in sealed.after), *(head.hash for head in relied.values())],
        [*(head.seq for head in sealed.after.values()), *(None for _ in relied)],
        [*(head.hash for head in sealed.after.values()), *(None for _ in relied)],
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


async def _heads(connection: Connection, chains: Sequence[str]) -> dict[str, Head]:
    rows = await (await connection.execute(_HEADS, (list(chains),))).fetchall()
    return {str(chain): Head(int(str(seq)), str(digest)) for chain, seq, digest in rows}


async def _recorded(connection: Connection, sealed: Sealed) -> bool:
    """One event tells for all: they are one transaction."""
    event = next(iter(sealed.events.values()))[0]
    found = await connection.execute(_RECORDED, (event.chain, event.seq, event.hash))
    return await found.fetchone() is not None
