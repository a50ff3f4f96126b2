"""How much one user may hold open: a stream of a session or a terminal costs memory for as long as it lives."""

from __future__ import annotations

from collections import Counter
from collections.abc import Generator
from contextlib import contextmanager

from ink_core.errors import Throttled

MAX_STREAMS = 64


class TooManyStreams(Throttled):
    code = "too_many_streams"


class OpenStreams:
    """Counts the open streams and terminals of each user, over all browsers and tokens."""

    def __init__(self, most: int = MAX_STREAMS) -> None:
        self._most = most
        self._open: Counter[str] = Counter()

    def held(self, username: str) -> int:
        return self._open[username]

    @contextmanager
    def one(self, username: str) -> Generator[None]:
        """One more while the block runs. Raises `TooManyStreams`."""
        if self.held(username) >= self._most:
            raise TooManyStreams(f"{username} has {self._most} streams and terminals open; close pages or programs")
        self._open[username] += 1
        try:
            yield
        finally:
            self._open[username] -= 1
            if not self._open[username]:
                del self._open[username]
