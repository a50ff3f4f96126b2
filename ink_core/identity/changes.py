"""Tells those who keep something open that some credential may have ended, so that they look again at once."""

from __future__ import annotations

import asyncio
from contextlib import suppress


class Changes:
    """Not for several threads: the event loop owns it."""

    def __init__(self) -> None:
        self._next = asyncio.Event()

    def announce(self) -> None:
        self._next.set()
        self._next = asyncio.Event()

    async def wait(self, timeout_s: float) -> None:
        """Until the next announcement, or for so long."""
        with suppress(TimeoutError):
            async with asyncio.timeout(timeout_s):
                await self._next.wait()
