"""How many sessions one credential may have: a further one ends its oldest, so that nobody takes others' places."""

from __future__ import annotations

from collections import OrderedDict

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ink_core.identity.principal import Principal
from mcp_tools.server.bearer import PRINCIPAL
from mcp_tools.server.sessions import HEADER

MOST = 20
MOST_CREDENTIALS = 2_000
"""That are remembered; of more, those that opened a session longest ago are counted anew."""


class SessionRoom:
    """In front of the transport, behind the guard that found the principal. Sees sessions begin by their answers."""

    def __init__(self, app: ASGIApp, most: int = MOST) -> None:
        self._app = app
        self._most = most
        self._opened: OrderedDict[str, OrderedDict[str, None]] = OrderedDict()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if HEADER in Headers(scope=scope):
            await self._app(scope, receive, send)
            return

        async def watched(message: Message) -> None:
            begins = message["type"] == "http.response.start" and message["status"] < 400
            if begins and (session := Headers(raw=message["headers"]).get(HEADER)):
                await self._note(scope, session)  # before its client can go on: what is over is over then
            await send(message)

        await self._app(scope, receive, watched)

    async def _note(self, scope: Scope, session: str) -> None:
        principal: Principal = scope[PRINCIPAL]
        mine = self._opened.setdefault(principal.credential, OrderedDict())
        self._opened.move_to_end(principal.credential)
        mine[session] = None
        while len(mine) > self._most:
            await self._end(scope, mine.popitem(last=False)[0])
        while len(self._opened) > MOST_CREDENTIALS:
            self._opened.popitem(last=False)

    async def _end(self, scope: Scope, session: str) -> None:
        """As its client would. One that has ended already is not found, which is as well."""
        headers = [(HEADER.encode(), session.encode()), (b"accept", b"application/json, text/event-stream")]

        async def nothing() -> Message:
            return {"type": "http.request", "body": b"", "more_body": False}

        async def unheard(_: Message) -> None:
            """Nobody waits for this answer."""

        await self._app({**scope, "method": "DELETE", "headers": headers}, nothing, unheard)
