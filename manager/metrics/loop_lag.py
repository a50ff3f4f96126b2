"""How late the event loop is: whoever computes too long on it keeps everybody waiting, and shows here."""

from __future__ import annotations

import asyncio
import time

from manager.metrics.counts import Counts

EVERY_S = 0.25


async def watch_the_loop(counts: Counts) -> None:
    """Until it is cancelled."""
    while True:
        due = time.perf_counter() + EVERY_S
        await asyncio.sleep(EVERY_S)
        counts.lag.observe(max(0.0, time.perf_counter() - due))
