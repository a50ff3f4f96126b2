"""The one way these tests wait: ask again until it is so, and say what was awaited when the time is over."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")


def until(what: str, probe: Callable[[], T | None], timeout_s: float = 60) -> T:
    """The first true answer of `probe`."""
    deadline = time.monotonic() + timeout_s
    while True:
        if answer := probe():
            return answer
        if time.monotonic() > deadline:
            raise TimeoutError(f"not within {timeout_s:.0f} s: {what}; last answer: {answer!r}")
        time.sleep(0.1)
