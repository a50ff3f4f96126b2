"""The ledger with a watch beside it: how long appends take, which fail, and what was recorded."""

from __future__ import annotations

import time
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

from audit.around import LedgerAround
from audit.ledger import ChainMoved, Event, Ledger, Record
from ink_core.clock import Clock
from ink_core.settings import Settings
from manager.ledger import OpenLedger
from manager.metrics.counts import Counts


class MeasuredLedger(LedgerAround):
    def __init__(self, inner: Ledger, counts: Counts) -> None:
        super().__init__(inner)
        self._counts = counts

    async def append(self, chain: str, *records: Record) -> tuple[Event, ...]:
        began = time.perf_counter()
        try:
            events = await self._inner.append(chain, *records)
        except ChainMoved:  # nothing is wrong: it is decided again
            raise
        except Exception:
            self._counts.failures.inc()
            raise
        self._counts.appends.observe(time.perf_counter() - began)
        self._counts.recorded(events)
        return events


def measured(opening: OpenLedger, counts: Counts) -> OpenLedger:
    """Opens what `opening` opens, measured."""

    @asynccontextmanager
    async def opened(settings: Settings, clock: Clock) -> AsyncGenerator[Ledger]:
        async with opening(settings, clock) as ledger:
            yield MeasuredLedger(ledger, counts)

    return opened
