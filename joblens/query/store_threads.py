"""The blocking store behind threads of its own, each question with a deadline: a silent store delays nobody else.

Opened at the first question. Limits: a question that runs out of time goes on in its thread until the store lets go of
it; those that wait behind it are dropped at their own deadlines.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Lock
from typing import TypeVar

from ink_core.errors import DeadlineExceeded
from joblens.store.trace_store import TraceStore

T = TypeVar("T")
THREADS = 4


class StoreThreads:
    """`open_store` is called once, in a thread, and again only after it failed."""

    def __init__(self, open_store: Callable[[], TraceStore], deadline_s: float) -> None:
        self._open_store = open_store
        self.deadline_s = deadline_s
        self._store: TraceStore | None = None
        self._opening = Lock()
        self._pool = ThreadPoolExecutor(THREADS, "joblens-store")

    async def ask(self, question: Callable[[TraceStore], T]) -> T:
        """What the store answers. Raises what it raises, or `DeadlineExceeded`."""
        loop = asyncio.get_running_loop()
        try:
            async with asyncio.timeout(self.deadline_s):
                return await loop.run_in_executor(self._pool, lambda: question(self._opened()))
        except TimeoutError:
            raise DeadlineExceeded(f"the store of JobLens did not answer within {self.deadline_s:g} s") from None

    async def close(self) -> None:
        """Waits for what is being answered, at most the deadline."""
        self._pool.shutdown(wait=False, cancel_futures=True)
        if (store := self._store) is not None:
            await asyncio.wait_for(asyncio.to_thread(store.close), self.deadline_s)

    def _opened(self) -> TraceStore:
        with self._opening:
            if self._store is None:
                self._store = self._open_store()
            return self._store
