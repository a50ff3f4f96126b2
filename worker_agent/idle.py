"""Notices that nobody used the agent for a while.

Limits: heartbeats are no use; pings by call are one.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Generator
from contextlib import contextmanager

from worker_agent.exits import Exit


class IdleClock:
    def __init__(self, timeout_s: float | None, is_busy: Callable[[], bool]) -> None:
        self._timeout_s = timeout_s
        self._is_busy = is_busy
        self._last_use = time.monotonic()

    @contextmanager
    def activity(self) -> Generator[None]:
        self._last_use = time.monotonic()
        try:
            yield
        finally:
            self._last_use = time.monotonic()

    async def run(self) -> Exit:
        """Returns after `timeout_s` without use and without anything that runs; never, if there is no time-out."""
        if self._timeout_s is None:
            await asyncio.Event().wait()
            raise AssertionError("nothing sets this event")
        while True:
            rest = self._rest(self._timeout_s)
            if rest <= 0:
                return Exit.DONE
            await asyncio.sleep(min(rest, self._timeout_s / 10))  # what runs may end between two looks

    def _rest(self, timeout_s: float) -> float:
        if self._is_busy():
            self._last_use = time.monotonic()
        return self._last_use + timeout_s - time.monotonic()
