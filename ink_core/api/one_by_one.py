"""Of requests that come together one is begun at each turn of the event loop, first come, first begun.

So a short answer waits for one of ten lists at most, however many there are. A request that comes alone is begun at
once. Limits: pure ASGI, one event loop.
"""

from __future__ import annotations

from starlette.types import ASGIApp, Receive, Scope, Send

from ink_core.api.request_rate import UNLIMITED
from ink_core.turns import line


class OneByOne:
    """ASGI middleware around the application. `UNLIMITED` paths pass by."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "lifespan" and scope["path"] not in UNLIMITED:
            await line().turn_or_at_once()
        await self._app(scope, receive, send)
