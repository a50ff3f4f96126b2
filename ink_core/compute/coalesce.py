"""Joins concurrent wishes for the same work."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable


class Coalesced:
    """At most one run at a time, and one more that waits: everybody who asks meanwhile shares that one.

    A caller thus always gets a run that began after it asked. `work` must not raise.
    """

    def __init__(self, work: Callable[[], Awaitable[None]]) -> None:
        self._work = work
        self._current: asyncio.Task[None] | None = None
        self._next: asyncio.Task[None] | None = None

    async def run(self) -> None:
        if self._next is None:
            self._next = asyncio.create_task(self._after(self._current))
        await asyncio.shield(self._next)

    async def close(self) -> None:
        """Ends what runs or waits."""
        tasks = [task for task in (self._current, self._next) if task is not None]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _after(self, current: asyncio.Task[None] | None) -> None:
        if current is not None:
            await asyncio.wait([current])
        self._current, self._next = self._next, None
        await self._work()
