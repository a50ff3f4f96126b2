"""Limits the wrong passwords per user and address. Pure: it is told the time. In memory, bounded, per process."""

from __future__ import annotations

from collections import OrderedDict, deque
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from ink_core.errors import Throttled

LIMIT = 5
WINDOW = timedelta(minutes=5)
MAX_KEYS = 10_000

Key = tuple[str, str]


@dataclass
class LoginThrottle:
    """At most `LIMIT` attempts in `WINDOW` for one user from one address, unless one of them was right.

    Nothing is noted on the account: who guesses from elsewhere cannot lock its owner out.
    """

    _attempts: OrderedDict[Key, deque[datetime]] = field(default_factory=lambda: OrderedDict[Key, deque[datetime]]())

    def begin(self, username: str, address: str, now: datetime) -> None:
        """Counts an attempt before its password is looked at. Raises `Throttled` when there were too many."""
        attempts = self._attempts.setdefault((username, address), deque())
        self._attempts.move_to_end((username, address))
        while attempts and now - attempts[0] >= WINDOW:
            attempts.popleft()
        if len(attempts) >= LIMIT:
            wait = (attempts[0] + WINDOW - now).total_seconds()
            raise Throttled(f"too many wrong passwords; try again in {wait:.0f} s")
        attempts.append(now)
        while len(self._attempts) > MAX_KEYS:
            self._attempts.popitem(last=False)

    def succeeded(self, username: str, address: str) -> None:
        self._attempts.pop((username, address), None)
