"""Answers that are asked for once in a while, whoever asks how often and how many ask at once."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import Generic, TypeVar

from ink_core.clock import Clock

T = TypeVar("T")
MOST = 10_000


class Remembered(Generic[T]):
    """An answer is good for so many seconds. Errors are not kept; of too many answers the oldest leave.

    Who asks while somebody else's question is under way waits for that one's answer.
    """

    def __init__(self, clock: Clock, seconds: float) -> None:
        self._clock = clock
        self._good_for = timedelta(seconds=seconds)
        self._answers: dict[str, tuple[datetime, T]] = {}
        self._asking: dict[str, asyncio.Future[T]] = {}

    async def get(self, key: str, ask: Callable[[], Awaitable[T]]) -> T:
        if key in self._answers and self._clock.now() - self._answers[key][0] < self._good_for:
            return self._answers[key][1]
        if key not in self._asking:
            asking = self._asking[key] = asyncio.ensure_future(self._ask(key, ask))
            asking.add_done_callback(_seen)
        return await asyncio.shield(self._asking[key])

    async def _ask(self, key: str, ask: Callable[[], Awaitable[T]]) -> T:
        asked_at = self._clock.now()
        try:
            answer = await ask()
        finally:
            del self._asking[key]
        self._answers.pop(key, None)
        self._answers[key] = (asked_at, answer)
        while len(self._answers) > MOST:
            del self._answers[next(iter(self._answers))]
        return answer


def _seen(asking: asyncio.Future[T]) -> None:
    """Those who asked may all have left before the error came."""
    if not asking.cancelled():
        asking.exception()
