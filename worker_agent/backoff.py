"""How long to wait before dialling again: longer each time, with jitter, so that many workers do not dial at once.

Limits: a pure sequence; the caller sleeps.
"""

from __future__ import annotations

import random

_FIRST_S = 0.25


class Backoff:
    def __init__(self, longest_s: float, source: random.Random | None = None) -> None:
        self._longest_s = longest_s
        self._random = source or random.SystemRandom()
        self._failures = 0

    def reset(self) -> None:
        self._failures = 0

    def next(self) -> float:
        ceiling = min(self._longest_s, _FIRST_S * 2 ** min(self._failures, 16))
        self._failures += 1
        return self._random.uniform(ceiling / 2, ceiling)
