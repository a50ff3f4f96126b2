"""Numbers of the batches in which the platform itself says something of a host's jobs: below those of its collector,
whose first one is of the time in tenths of a second, and rising with the time."""

from __future__ import annotations

_A_SECOND = 5


class OwnNumbers:
    """Each another one; of very many in a second the later ones take numbers of the seconds to come."""

    def __init__(self) -> None:
        self._last = 0

    def next(self, now: float) -> int:
        self._last = max(self._last + 1, int(now * _A_SECOND))
        return self._last
