"""Tokens that were made for so many requests a minute keep to it. Pure: told the time. Bounded, per process."""

from __future__ import annotations

import math
from collections import OrderedDict
from datetime import datetime

from ink_core.errors import Throttled
from ink_core.token_buckets import TokenBuckets

MAX_TOKENS = 10_000


class Paces:
    """Not for several threads: the event loop owns it."""

    def __init__(self) -> None:
        self._of: OrderedDict[str, tuple[int, TokenBuckets]] = OrderedDict()

    def learn(self, credential: str, per_minute: int | None) -> None:
        """What the store says of it; what was used up already stays so."""
        if per_minute is None or self._of.get(credential, (None,))[0] == per_minute:
            return
        self._of[credential] = per_minute, TokenBuckets(per_minute / 60, per_minute, max_keys=1)
        if len(self._of) > MAX_TOKENS:
            self._of.popitem(last=False)

    def take(self, credential: str, now: datetime) -> None:
        """One request. Raises `Throttled` with the time to wait."""
        pace = self._of.get(credential)
        if pace is None:
            return
        if wait_s := pace[1].take(credential, now.timestamp()):
            seconds = math.ceil(wait_s)
            said = f"this token may send {pace[0]} requests a minute; try again in {seconds} s"
            raise Throttled(said, retry_after_s=seconds)
