"""Token buckets, one for each key: who sends more than a rate is told how long to wait, and nobody else is.

Pure: it is told the time. Each bucket is one number, the time at which it is full again (the generic cell rate
algorithm, ITU-T I.371). Not for several threads. In memory, bounded, per process.
"""

from __future__ import annotations

from collections.abc import Hashable

MAX_KEYS = 100_000
ROUNDING_S = 1e-7


class TokenBuckets:
    """Holds `burst` tokens per key and refills `per_second`. A bucket that is full again is soon forgotten."""

    def __init__(self, per_second: float, burst: int, max_keys: int = MAX_KEYS) -> None:
        self._interval_s = 1 / per_second
        self._room_s = (burst - 1) / per_second
        self._tolerated_s = self._room_s + ROUNDING_S
        self._max_keys = max_keys
        self._full_at: dict[Hashable, float] = {}
        self._older: dict[Hashable, float] = {}

    def __contains__(self, key: Hashable) -> bool:
        """Whether the key has been seen lately."""
        return key in self._full_at or key in self._older

    def take(self, key: Hashable, now_s: float) -> float:
        """0 when a token was there and is taken, else the seconds until there will be one."""
        full_at = self._full_at.get(key) or self._older.get(key, 0.0)
        ahead_s = full_at - now_s
        if ahead_s > self._tolerated_s:
            return ahead_s - self._room_s
        if len(self._full_at) >= self._max_keys:
            self._older, self._full_at = self._full_at, {}
        self._full_at[key] = max(full_at, now_s) + self._interval_s
        return 0.0
