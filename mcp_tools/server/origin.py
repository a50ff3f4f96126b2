"""Refuses what a page of another site makes a browser send, also where a name was rebound to this machine's address."""

from __future__ import annotations

from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Receive, Scope, Send

LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})


class OriginGuard:
    """Programs send no `Origin`; a browser's must be this service's own, or of this machine."""

    def __init__(self, app: ASGIApp, public_url: str) -> None:
        self._app = app
        self._ours = LOOPBACK | {urlsplit(public_url).hostname}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        origin = Headers(scope=scope).get("origin")
        if origin is not None and _host(origin) not in self._ours:
            problem = {
                "type": "about:blank",
                "title": "Forbidden",
                "status": 403,
                "detail": "pages of other sites may not use this service",
                "code": "foreign_origin",
                "retryable": False,
            }
            await JSONResponse(problem, 403, media_type="application/problem+json")(scope, receive, send)
            return
        await self._app(scope, receive, send)


def _host(origin: str) -> str | None:
    try:
        return urlsplit(origin).hostname
    except ValueError:
        return None
