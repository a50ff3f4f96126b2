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

    Who asks while somebody else's question is under way waits for that one's answer, unless there is one that is
    older by `meanwhile_s` at most.
    """

    def __init__(self, clock: Clock, seconds: float, meanwhile_s: float = 0.0) -> None:
        self._clock = clock
        self._good_for = timedelta(seconds=seconds)
        self._meanwhile = self._good_for + timedelta(seconds=meanwhile_s)
        self._answers: dict[str, tuple[datetime, T]] = {}
        self._asking: dict[str, asyncio.Future[T]] = {}

    async def get(self, key: str, ask: Callable[[], Awaitable[T]]) -> T:
        if answer := self._not_older(key, self._good_for):
            return answer[1]
        if key not in self._asking:
            asking = self._asking[key] = asyncio.ensure_future(self._ask(key, ask))
            asking.add_done_callback(_seen)
        if answer := self._not_older(key, self._meanwhile):
            return answer[1]
        return await asyncio.shield(self._asking[key])

    def _not_older(self, key: str, age: timedelta) -> tuple[datetime, T] | None:
        answer = self._answers.get(key)
        return answer if answer and self._clock.now() - answer[0] < age else None

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
