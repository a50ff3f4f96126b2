"""Counts every request by the area of the site that it went to. Pure ASGI; it touches neither bodies nor streams."""

from __future__ import annotations

import time

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from manager.metrics.counts import Counts

AREAS = {
    "/api/v1/sessions": "sessions",
    "/api/v1/joblens": "joblens",
    "/api/v1/files": "files",
    "/api/v1/proxy": "proxy",
    "/api/v1": "v1",
    "/api/v2": "v2",
    "/api/v3": "v3",
    "/v1": "completions",
    "/mcp": "mcp",
    "/agents": "agents",
}
"""The first that a path lies below."""
OTHER = "page"
SILENT = "none"
"""Status of a request that was left before it was answered."""


class Served:
    """ASGI middleware around everything else, so that what is refused on the way is counted as well."""

    def __init__(self, app: ASGIApp, counts: Counts) -> None:
        self._app, self._counts = app, counts
        areas = (*AREAS.values(), OTHER)
        self._seconds = {area: counts.seconds.labels(area) for area in areas}
        self._open = {area: counts.open.labels(area) for area in areas}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return
        area, began, status = area_of(scope["path"]), time.perf_counter(), SILENT

        async def sending(message: Message) -> None:
            nonlocal status
            if status is SILENT:
                self._seconds[area].observe(time.perf_counter() - began)
                status = _status(message)
            await send(message)

        opened = self._open[area]
        opened.inc()
        try:
            await self._app(scope, receive, sending)
        finally:
            opened.dec()
            self._counts.requests.labels(area, status).inc()


def area_of(path: str) -> str:
    return next((area for above, area in AREAS.items() if path == above or path.startswith(f"{above}/")), OTHER)


def _status(message: Message) -> str:
    """`2xx` and the like: what a WebSocket is answered before it opens counts as that of a request."""
    if message["type"].endswith("response.start"):
        return f"{message['status'] // 100}xx"
    return "1xx" if message["type"] == "websocket.accept" else "4xx"
