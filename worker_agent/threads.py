"""Blocking file work off the event loop, in a few threads.

Limits: a thread cannot be interrupted. Work that has begun is waited for even when the caller gave up, so that what is
remembered of an operation is what really happened; work that has not begun is dropped.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import ParamSpec, TypeVar

_P = ParamSpec("_P")
_T = TypeVar("_T")


class Threads:
    def __init__(self, workers: int = 4) -> None:
        self._pool = ThreadPoolExecutor(workers, thread_name_prefix="files")

    async def run(self, work: Callable[_P, _T], *args: _P.args, **kwargs: _P.kwargs) -> _T:
        started = self._pool.submit(work, *args, **kwargs)
        while True:
            try:
                return await asyncio.wrap_future(started)
            except asyncio.CancelledError:
                if started.cancel() or started.cancelled():
                    raise

    def close(self) -> None:
        self._pool.shutdown(wait=False, cancel_futures=True)
