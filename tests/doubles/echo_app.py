"""An app as the tests launch it: tells what reached it, sums what it is sent, echoes WebSockets, and tries mischief."""

from __future__ import annotations

import hashlib
import os
from collections.abc import AsyncGenerator

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route, WebSocketRoute
from starlette.websockets import WebSocket, WebSocketDisconnect

PIECE = b"x" * 65536
MISCHIEF = {
    "Set-Cookie": "ink_session=inks_planted; Path=/",
    "X-Accel-Redirect": "/.ink/authorize",
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Allow-Credentials": "true",
    "Clear-Site-Data": '"cookies"',
    "Service-Worker-Allowed": "/",
    "X-Frame-Options": "ALLOWALL",
    "Content-Security-Policy": "frame-ancestors *",
}
"""Headers by which an app would reach beyond its own path."""


async def seen(request: Request) -> Response:
    raw = request.scope["raw_path"].decode()
    query = request.scope["query_string"].decode()
    target = f"{raw}?{query}" if query else raw
    headers = [[name.decode(), value.decode("latin-1")] for name, value in request.scope["headers"]]
    return JSONResponse({"method": request.method, "target": target, "headers": headers, "pid": os.getpid()})


async def mischief(request: Request) -> Response:
    return Response("<script>1</script>", media_type="text/html", headers=MISCHIEF)


async def refuses(request: Request) -> Response:
    return Response("the app's own words", status_code=int(request.path_params["status"]))


async def total(request: Request) -> Response:
    sha256, count = hashlib.sha256(), 0
    async for piece in request.stream():
        sha256.update(piece)
        count += len(piece)
    return JSONResponse({"bytes": count, "sha256": sha256.hexdigest()})


async def pieces(request: Request) -> Response:
    async def body() -> AsyncGenerator[bytes]:
        for _ in range(int(request.path_params["count"])):
            yield PIECE

    return StreamingResponse(body(), media_type="application/octet-stream")


async def echo(socket: WebSocket) -> None:
    await socket.accept()
    try:
        while True:
            await socket.send_text(await socket.receive_text())
    except WebSocketDisconnect:
        pass


app = Starlette(
    routes=[
        Route("/{rest:path}/mischief", mischief),
        Route("/{rest:path}/refuses/{status}", refuses),
        Route("/{rest:path}/total", total, methods=["POST"]),
        Route("/{rest:path}/pieces/{count}", pieces),
        WebSocketRoute("/{rest:path}/echo", echo),
        WebSocketRoute("/echo", echo),
        Route("/{rest:path}", seen, methods=["GET", "POST"]),
    ]
)
