"""Limits wrong passwords: of one user from one address, from one address, and of one user from everywhere.

Pure: it is told the time. In memory, bounded, per process. Nothing is noted on the account: who guesses from elsewhere
cannot lock its owner out of an address that the owner has signed in from lately.
"""

from __future__ import annotations

import math
from collections import OrderedDict, deque
from collections.abc import Hashable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TypeVar

from ink_core.errors import Throttled
from ink_core.identity.address import network_of

LIMIT = 5
"""Attempts on one user from one address in `WINDOW`, unless one of them was right."""
LIMIT_OF_ADDRESS = 50
"""Wrong ones from one address, whatever the users: passwords tried out on many accounts."""
LIMIT_OF_USER = 50
"""Wrong ones of one user from all addresses that are strange to the user: one account tried out by many machines."""
WINDOW = timedelta(minutes=5)
MAX_KEYS = 10_000
Value = TypeVar("Value")


@dataclass
class _Attempts:
    """The times of the latest attempts for each key."""

    limit: int
    _of: OrderedDict[Hashable, deque[datetime]] = field(
        default_factory=lambda: OrderedDict[Hashable, deque[datetime]]()
    )

    def wait(self, key: Hashable, now: datetime) -> timedelta:
        """How long until one more may be tried."""
        times = self._of.get(key, deque())
        while times and now - times[0] >= WINDOW:
            times.popleft()
        return times[0] + WINDOW - now if len(times) >= self.limit else timedelta()

    def add(self, key: Hashable, now: datetime) -> None:
        _latest(self._of, key, self._of.get(key) or deque()).append(now)

    def take_back(self, key: Hashable) -> None:
        if times := self._of.get(key):
            times.pop()

    def clear(self, key: Hashable) -> None:
        self._of.pop(key, None)


class LoginThrottle:
    def __init__(self) -> None:
        self._here = _Attempts(LIMIT)
        self._from = _Attempts(LIMIT_OF_ADDRESS)
        self._on = _Attempts(LIMIT_OF_USER)
        self._familiar: OrderedDict[Hashable, None] = OrderedDict()

    def begin(self, username: str, address: str, now: datetime) -> None:
        """Counts an attempt before its password is looked at. Raises `Throttled` when there were too many."""
        counted = self._counted(username, network_of(address))
        wait_s = max(attempts.wait(key, now) for attempts, key in counted).total_seconds()
        if wait_s > 0:
            seconds = math.ceil(wait_s)
            raise Throttled(f"too many wrong passwords; try again in {seconds} s", retry_after_s=seconds)
        for attempts, key in counted:
            attempts.add(key, now)

    def succeeded(self, username: str, address: str) -> None:
        """It was the right one: it does not count, and from this address others cannot lock the user out."""
        pair = (username, network_of(address))
        for attempts, key in self._counted(*pair):
            attempts.take_back(key)
        self._here.clear(pair)
        _latest(self._familiar, pair, None)

    def _counted(self, username: str, network: str) -> list[tuple[_Attempts, Hashable]]:
        pair = (username, network)
        strange = [] if pair in self._familiar else [(self._on, username)]
        return [(self._here, pair), (self._from, network), *strange]


def _latest(kept: OrderedDict[Hashable, Value], key: Hashable, value: Value) -> Value:
    """Keeps it as the newest; the oldest beyond the bound is forgotten."""
    kept[key] = value
    kept.move_to_end(key)
    while len(kept) > MAX_KEYS:
        kept.popitem(last=False)
    return value
