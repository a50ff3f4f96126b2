"""Answers that are asked for once in a while, whoever asks how often."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import Generic, TypeVar

from ink_core.clock import Clock

T = TypeVar("T")
MOST = 10_000


class Remembered(Generic[T]):
    """An answer is good for so many seconds. Errors are not kept; of too many answers the oldest leave."""

    def __init__(self, clock: Clock, seconds: float) -> None:
        self._clock = clock
        self._good_for = timedelta(seconds=seconds)
        self._answers: dict[str, tuple[datetime, T]] = {}

    async def get(self, key: str, ask: Callable[[], Awaitable[T]]) -> T:
        asked_at = self._clock.now()
        if key in self._answers and asked_at - self._answers[key][0] < self._good_for:
            return self._answers[key][1]
        answer = await ask()
        self._answers.pop(key, None)
        self._answers[key] = (asked_at, answer)
        while len(self._answers) > MOST:
            del self._answers[next(iter(self._answers))]
        return answer
