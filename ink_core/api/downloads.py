"""How many downloads are under way: each holds some pieces of 1 MiB in memory for as long as its reader takes.

One that finds no room is refused before its first byte, with the time after which to ask again. A reader who takes
nothing for `STALLED_S` is left, so that the place of a connection that hangs comes free.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncGenerator, Generator
from contextlib import AbstractContextManager, aclosing, contextmanager

from starlette.responses import StreamingResponse
from starlette.types import Message, Send

from ink_core.errors import Throttled

MOST = 64
MOST_EACH = 24
STALLED_S = 120.0
AGAIN_S = 5


class TooManyDownloads(Throttled):
    code = "too_many_downloads"


class NoRoomForDownloads(Throttled):
    """Others hold all there is."""

    code = "no_room_for_downloads"
    http_status = 503


class Downloads:
    """Counts those of each holder: who reads, or for what anybody may read, who has shared it."""

    def __init__(self, most: int = MOST, most_each: int = MOST_EACH) -> None:
        self._most = most
        self._most_each = most_each
        self._open: Counter[str] = Counter()

    @contextmanager
    def one(self, holder: str) -> Generator[None]:
        """One more while the block runs. Raises `TooManyDownloads` or `NoRoomForDownloads`."""
        if self._open[holder] >= self._most_each:
            said = f"{self._most_each} downloads of {holder} are under way; let one end"
            raise TooManyDownloads(said, retry_after_s=AGAIN_S)
        if self._open.total() >= self._most:
            raise NoRoomForDownloads(f"{self._most} downloads are under way; ask again soon", retry_after_s=AGAIN_S)
        self._open[holder] += 1
        try:
            yield
        finally:
            self._open[holder] -= 1
            self._open += Counter()  # without those who hold none


async def begun(place: AbstractContextManager[None], pieces: AsyncGenerator[bytes]) -> AsyncGenerator[bytes]:
    """The same pieces, with a place while they are read. What is wrong at the beginning is raised here."""
    held = _held(place, pieces)
    return _after(await anext(held, b""), held)


class Streamed(StreamingResponse):
    """An answer of pieces, which are closed with it, however it ends."""

    def __init__(self, pieces: AsyncGenerator[bytes], status: int, headers: dict[str, str], media_type: str) -> None:
        super().__init__(pieces, status, headers, media_type)
        self._pieces = pieces

    async def stream_response(self, send: Send) -> None:
        async def in_time(message: Message) -> None:
            async with asyncio.timeout(STALLED_S):
                await send(message)

        async with aclosing(self._pieces):
            await super().stream_response(in_time)


async def _held(place: AbstractContextManager[None], pieces: AsyncGenerator[bytes]) -> AsyncGenerator[bytes]:
    with place:
        async with aclosing(pieces):
            async for piece in pieces:
                yield piece


async def _after(first: bytes, rest: AsyncGenerator[bytes]) -> AsyncGenerator[bytes]:
    async with aclosing(rest):
        yield first
        async for piece in rest:
            yield piece
