"""The book of captures as the event loop asks it. Which of them run is looked up once a second at most: each batch of
each node is answered with it.

What this manager begins or ends counts at once, what another one on the same database does within `FRESH_S`.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from joblens.captures.book import CaptureBook
from joblens.captures.capture import Capture
from joblens.records import JobKey

FRESH_S = 1.0


class CaptureDesk:
    """Raises what `CaptureBook` raises."""

    def __init__(self, book: CaptureBook) -> None:
        self._book = book
        self._looking = asyncio.Lock()
        self._changes = 0
        self._looked: float | None = None
        self._running: Sequence[Capture] = ()

    async def begin(self, capture: Capture) -> Capture:
        begun = await asyncio.to_thread(self._book.begin, capture)
        self._forget()
        return begun

    async def find(self, capture_id: str) -> Capture | None:
        return await asyncio.to_thread(self._book.find, capture_id)

    async def end(self, capture_id: str, now: float) -> Capture:
        ended = await asyncio.to_thread(self._book.end, capture_id, now)
        self._forget()
        return ended

    async def of_job(self, key: JobKey) -> Sequence[Capture]:
        return await asyncio.to_thread(self._book.of_job, key)

    async def active(self, now: float) -> Sequence[Capture]:
        if not self._is_fresh(now):
            async with self._looking:
                if not self._is_fresh(now):
                    await self._look(now)
        return [capture for capture in self._running if capture.active(now)]

    def _is_fresh(self, now: float) -> bool:
        return self._looked is not None and self._looked <= now < self._looked + FRESH_S

    async def _look(self, now: float) -> None:
        """What changes meanwhile may not be in what is found: then it is looked up again for the next one."""
        changes = self._changes
        self._running = await asyncio.to_thread(self._book.active, now)
        if changes == self._changes:
            self._looked = now

    def _forget(self) -> None:
        self._changes += 1
        self._looked = None
