"""Our end of a pseudo-terminal on the event loop.

Limits: one reader and one writer at a time.
"""

from __future__ import annotations

import asyncio
import os
import termios
from collections.abc import Callable

_PIECE = 64 * 1024


class PtyEnd:
    def __init__(self, descriptor: int) -> None:
        os.set_blocking(descriptor, False)
        self._descriptor = descriptor
        self._loop = asyncio.get_running_loop()

    def resize(self, columns: int, rows: int) -> None:
        termios.tcsetwinsize(self._descriptor, (rows, columns))

    async def read(self) -> bytes:
        """What the programs printed, all that is there at once; empty when the last of them has gone."""
        await self._ready(self._loop.add_reader, self._loop.remove_reader)
        data = bytearray()
        while len(data) < _PIECE:
            try:
                piece = os.read(self._descriptor, _PIECE)
            except OSError:  # EAGAIN: that was all for now; EIO: no process has the terminal open any more
                break
            if not piece:
                break
            data += piece
        return bytes(data)

    async def write(self, data: bytes) -> None:
        rest = memoryview(data)
        while rest:
            try:
                rest = rest[os.write(self._descriptor, rest) :]
            except BlockingIOError:
                await self._ready(self._loop.add_writer, self._loop.remove_writer)

    def close(self) -> None:
        self._loop.remove_reader(self._descriptor)
        self._loop.remove_writer(self._descriptor)
        os.close(self._descriptor)

    async def _ready(self, watch: Callable[..., None], unwatch: Callable[[int], object]) -> None:
        ready: asyncio.Future[None] = self._loop.create_future()
        watch(self._descriptor, lambda: ready.done() or ready.set_result(None))
        try:
            await ready
        finally:
            unwatch(self._descriptor)
