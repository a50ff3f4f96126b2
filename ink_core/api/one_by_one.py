"""Of requests that come together one is begun at each turn of the event loop, first come, first begun.

A turn runs all that is ready before it looks at the network again: what ten lists do until they first wait for
something would be one stretch, in which no short answer could be given. So it waits for one of them at most, however
many there are. A request that comes alone is begun at once.

Limits: pure ASGI, one event loop; what a request does after it has waited for something is not put in line.
"""

from __future__ import annotations

import asyncio
from collections import deque

from starlette.types import ASGIApp, Receive, Scope, Send

from ink_core.api.request_rate import UNLIMITED


class OneByOne:
    """ASGI middleware around the application. `UNLIMITED` paths pass by."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self._waiting: deque[asyncio.Future[None]] = deque()
        self._begun = False

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "lifespan" and scope["path"] not in UNLIMITED:
            await self._turn()
        await self._app(scope, receive, send)

    async def _turn(self) -> None:
        loop = asyncio.get_running_loop()
        if not self._begun:
            self._begun = True
            loop.call_soon(self._next, loop)
            return
        mine = loop.create_future()
        self._waiting.append(mine)
        await mine

    def _next(self, loop: asyncio.AbstractEventLoop) -> None:
        while self._waiting:
            first = self._waiting.popleft()
            if not first.done():
                first.set_result(None)
                loop.call_soon(self._next, loop)
                return
        self._begun = False
