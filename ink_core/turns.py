"""Of work that comes together one piece is begun at each turn of the event loop, first come, first begun.

A turn runs all that is ready before it looks at the network again: what ten lists do until they first wait for
something would be one stretch, in which no short answer could be given. In line are requests that begin (`OneByOne`),
what looks at some things before it answers (`offload`) and pieces of downloads, so that a turn has one of all of them.

Limits: asyncio; what is done after something else was waited for, and does not line up again, is not counted.
"""

from __future__ import annotations

import asyncio
from collections import deque
from weakref import WeakKeyDictionary


class Line:
    """Of one event loop."""

    def __init__(self) -> None:
        self._waiting: deque[asyncio.Future[None]] = deque()
        self._begun = False

    async def turn_or_at_once(self) -> None:
        """Who comes alone goes on at once."""
        if self._begun:
            await self.turn()
        else:
            self._begin()

    async def turn(self) -> None:
        """Returns in a later turn of the loop than this one, which is nobody else's in line."""
        if not self._begun:
            self._begin()
        mine = asyncio.get_running_loop().create_future()
        self._waiting.append(mine)
        await mine

    def _begin(self) -> None:
        self._begun = True
        loop = asyncio.get_running_loop()
        loop.call_soon(self._next, loop)

    def _next(self, loop: asyncio.AbstractEventLoop) -> None:
        while self._waiting:
            first = self._waiting.popleft()
            if not first.done():
                first.set_result(None)
                loop.call_soon(self._next, loop)
                return
        self._begun = False


_lines: WeakKeyDictionary[asyncio.AbstractEventLoop, Line] = WeakKeyDictionary()


def line() -> Line:
    """That of the running event loop."""
    return _lines.setdefault(asyncio.get_running_loop(), Line())
