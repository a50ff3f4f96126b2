"""No request body beyond a bound is held in memory, whoever sends it: the framework reads bodies before any policy.

Pure ASGI. A declared length is refused before a byte is read, an undeclared one as soon as it grows too long. Limits:
WebSocket frames have their own bound in the server.
"""

from __future__ import annotations

from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ink_core.api.errors import problem

MAX_BODY_BYTES = 8 * 1024 * 1024
"""Room for the largest file that one call may write (4 MiB) as base64 or escaped text."""


class BodyLimit:
    """ASGI middleware inside the application's error handling of unexpected errors, outside its routes."""

    def __init__(self, app: ASGIApp, most_bytes: int = MAX_BODY_BYTES, streamed: tuple[str, ...] = ()) -> None:
        """Below the paths `streamed` bodies have no bound, since their routes never hold one whole."""
        self._app = app
        self._most_bytes = most_bytes
        self._streamed = streamed

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or (self._streamed and scope["path"].startswith(self._streamed)):
            await self._app(scope, receive, send)
            return
        if declared_bytes(scope) > self._most_bytes:
            await problem(413, "body_too_large", self._said(), retryable=False)(scope, receive, send)
            return
        taken = 0

        async def bounded() -> Message:
            nonlocal taken
            message = await receive()
            taken += len(message.get("body", b""))
            if taken > self._most_bytes:
                raise HTTPException(413, self._said())
            return message

        await self._app(scope, bounded, send)

    def _said(self) -> str:
        return f"a request body has at most {self._most_bytes} bytes; write large files in pieces"


def declared_bytes(scope: Scope) -> int:
    """0 where no length is declared; the server refuses one that is no number."""
    length = Headers(scope=scope).get("content-length", "")
    return int(length[:20]) if length.isdecimal() else 0
