"""How many refused calls of one user are recorded: who sends nonsense without end must not fill the ledger.

Pure: it is told the time. In memory, bounded, per process; the model's calls are not counted, since the loop bounds
them.
"""

from __future__ import annotations

from collections import OrderedDict, deque
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from audit.ledger import Record
from ink_core.errors import InkError, Throttled

LIMIT = 300
WINDOW = timedelta(minutes=10)
MAX_USERS = 10_000


class TooManyRefusals(Throttled):
    """`first`: nothing was said yet of this run of refusals, so that it is to be recorded that more are not."""

    code = "too_many_refusals"

    def __init__(self, message: str, *, first: bool) -> None:
        super().__init__(message)
        self.first = first


@dataclass
class _Recent:
    at: deque[datetime] = field(default_factory=lambda: deque[datetime]())
    told: bool = False


class Refusals:
    """At most `limit` in `WINDOW`, for each user."""

    def __init__(self, limit: int = LIMIT) -> None:
        self._limit = limit
        self._recent: OrderedDict[str, _Recent] = OrderedDict()

    def count(self, username: str, now: datetime, why: InkError) -> None:
        """One more, which is to be recorded. Raises `TooManyRefusals`, which tells `why` too, where it is not."""
        recent = self._recent.setdefault(username, _Recent())
        self._recent.move_to_end(username)
        while len(self._recent) > MAX_USERS:
            self._recent.popitem(last=False)
        while recent.at and now - recent.at[0] >= WINDOW:
            recent.at.popleft()
        if len(recent.at) >= self._limit:
            first, recent.told = not recent.told, True
            raise TooManyRefusals(self._said(username, recent.at[0] + WINDOW - now, why), first=first)
        recent.at.append(now)
        recent.told = False

    def _said(self, username: str, wait: timedelta, why: InkError) -> str:
        minutes = WINDOW.seconds // 60
        return (
            f"{why}; and {self._limit} calls of {username} were refused within {minutes} minutes, so refusals are not "
            f"even recorded any more: correct what sends them; they are again in {wait.total_seconds():.0f} s"
        )


def throttled_record(username: str, error: TooManyRefusals) -> Record:
    """What stands in the ledger for all the refusals that are not recorded any more."""
    return Record("calls.throttled", {"principal": username, "code": error.code, "message": str(error)})
