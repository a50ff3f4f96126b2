"""How many may be at something at once, in the order in which they came, and how many of them may wait for it."""

from __future__ import annotations

import asyncio


class Room:
    """An asynchronous context: entered when there is a place. `full` says that no more should come."""

    def __init__(self, at_once: int, waiting: int) -> None:
        self._places = asyncio.Semaphore(at_once)
        self._most = at_once + waiting
        self._inside = 0

    @property
    def full(self) -> bool:
        return self._inside >= self._most

    async def __aenter__(self) -> None:
        self._inside += 1
        try:
            await self._places.acquire()
        except BaseException:
            self._inside -= 1
            raise

    async def __aexit__(self, *_: object) -> None:
        self._inside -= 1
        self._places.release()
