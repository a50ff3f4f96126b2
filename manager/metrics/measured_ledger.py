"""The ledger with a watch beside it: how long appends take, which fail, and what was recorded."""

from __future__ import annotations

import time
from collections.abc import AsyncGenerator, AsyncIterator, Sequence
from contextlib import asynccontextmanager

from audit.ledger import Event, Ledger, Placed, Record, Targets, Where
from ink_core.clock import Clock
from ink_core.settings import Settings
from manager.ledger import OpenLedger
from manager.metrics.counts import Counts


class MeasuredLedger:
    """Everything is the inner ledger's."""

    def __init__(self, inner: Ledger, counts: Counts) -> None:
        self._inner, self._counts = inner, counts

    async def append(self, chain: str, *records: Record) -> tuple[Event, ...]:
        began = time.perf_counter()
        try:
            events = await self._inner.append(chain, *records)
        except Exception:
            self._counts.failures.inc()
            raise
        self._counts.appends.observe(time.perf_counter() - began)
        self._counts.recorded(events)
        return events

    async def erase(self, targets: Targets, record: Record) -> Event:
        return await self._inner.erase(targets, record)

    async def read(self, chain: str, *, after: int = 0, limit: int | None = None) -> Sequence[Event]:
        return await self._inner.read(chain, after=after, limit=limit)

    async def newest(self, where: Where, *, before: int | None = None, limit: int) -> Sequence[Placed]:
        return await self._inner.newest(where, before=before, limit=limit)

    async def chains(self, prefix: str = "") -> Sequence[str]:
        return await self._inner.chains(prefix)

    def follow(self, chain: str, *, after: int = 0) -> AsyncIterator[Event]:
        return self._inner.follow(chain, after=after)


def measured(opening: OpenLedger, counts: Counts) -> OpenLedger:
    """Opens what `opening` opens, measured."""

    @asynccontextmanager
    async def opened(settings: Settings, clock: Clock) -> AsyncGenerator[Ledger]:
        async with opening(settings, clock) as ledger:
            yield MeasuredLedger(ledger, counts)

    return opened
