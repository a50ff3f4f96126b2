"""What waits for minutes under a key: bounded in all and for each owner, whose oldest gives way, and over in time.

Pure: it is told the time. In memory, per process: after a restart whoever waits begins again.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Generic, TypeVar

MAX_WAITING = 10_000
Thing = TypeVar("Thing")


class Waiting(Generic[Thing]):
    """Things that all wait equally long."""

    def __init__(self, lifetime: timedelta, most_of_one: int, most: int = MAX_WAITING) -> None:
        self._lifetime = lifetime
        self._most_of_one = most_of_one
        self._most = most
        self._of: OrderedDict[str, tuple[str, datetime, Thing]] = OrderedDict()

    def add(self, key: str, owner: str, thing: Thing, now: datetime) -> None:
        """Nobody but its owner loses something by it, until there are too many in all."""
        self._drop_over(now)
        mine = [known for known, (whose, _, _) in self._of.items() if whose == owner]
        for known in mine[: max(0, len(mine) + 1 - self._most_of_one)]:
            del self._of[known]
        self._of[key] = owner, now + self._lifetime, thing
        if len(self._of) > self._most:
            self._of.popitem(last=False)

    def get(self, key: str, now: datetime) -> Thing | None:
        self._drop_over(now)
        found = self._of.get(key)
        return found[2] if found else None

    def take(self, key: str, now: datetime) -> Thing | None:
        """Once."""
        found = self.get(key, now)
        self._of.pop(key, None)
        return found

    def all(self, now: datetime) -> Iterator[Thing]:
        self._drop_over(now)
        return (thing for _, _, thing in self._of.values())

    def _drop_over(self, now: datetime) -> None:
        while self._of and next(iter(self._of.values()))[1] <= now:
            self._of.popitem(last=False)
