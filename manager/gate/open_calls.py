"""How much of one user may be open at once: open calls are all in memory, with their arguments."""

from __future__ import annotations

from dataclasses import dataclass

from ink_core.errors import Throttled
from manager.gate.book import CallBook

MOST_CALLS = 200
MOST_BYTES = 64 * 1024 * 1024


class TooManyOpenCalls(Throttled):
    code = "too_many_open_calls"


@dataclass(frozen=True)
class OpenCalls:
    most_calls: int
    most_bytes: int

    def check(self, book: CallBook, username: str) -> None:
        """Raises `TooManyOpenCalls`."""
        calls, held_bytes = book.load(username)
        if calls >= self.most_calls:
            raise TooManyOpenCalls(f"{calls} calls of {username} are open; wait for some of them to end")
        if held_bytes >= self.most_bytes:
            raise TooManyOpenCalls(
                f"the open calls of {username} hold {held_bytes >> 20} MiB of arguments; wait for some of them to end"
            )
