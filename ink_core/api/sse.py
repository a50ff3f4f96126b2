"""Server-sent events: kept alive, ended at the sign-out, and counted among what their user holds open."""

from __future__ import annotations

import asyncio
from asyncio import FIRST_COMPLETED
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing

from starlette.requests import HTTPConnection
from starlette.responses import StreamingResponse

from ink_core.api.security import until_signed_out

KEEP_ALIVE_S = 15.0
_HEADERS = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}


def event_stream(frames: AsyncGenerator[bytes], connection: HTTPConnection) -> StreamingResponse:
    return StreamingResponse(alive(frames, connection), media_type="text/event-stream", headers=_HEADERS)


def frame(event: str, data: bytes, identity: str | None = None) -> bytes:
    """One event. `data` has no line breaks, as JSON has none."""
    head = "" if identity is None else f"id: {identity}\n"
    return f"{head}event: {event}\ndata: ".encode() + data + b"\n\n"


async def alive(frames: AsyncGenerator[bytes], connection: HTTPConnection) -> AsyncIterator[bytes]:
    """The frames until the reader is signed out; a comment when nothing happened, so that proxies stay."""
    async with aclosing(frames):
        upcoming, ending = asyncio.ensure_future(anext(frames)), asyncio.ensure_future(until_signed_out(connection))
        try:
            while True:
                done, _ = await asyncio.wait({upcoming, ending}, timeout=KEEP_ALIVE_S, return_when=FIRST_COMPLETED)
                if ending in done:
                    return
                if not done:
                    yield b": still here\n\n"
                    continue
                try:
                    piece = upcoming.result()
                except StopAsyncIteration:
                    return
                yield piece
                upcoming = asyncio.ensure_future(anext(frames))
        finally:
            upcoming.cancel()
            ending.cancel()
            await asyncio.gather(upcoming, ending, return_exceptions=True)
