"""How many of its batches a node is asked to send together: one while the manager has time for each, more while it has
not. A request costs about as much as what is in it, whatever that is.

Pure: it is told the time, and what the manager has used of a processor. Limit: that is of the whole manager, so that
nodes also wait a little where something else keeps it busy.
"""

from __future__ import annotations

MOST = 2
"""More would save little, and what is told would be later than two intervals."""
LOOK_S = 10.0
BUSY, IDLE = 0.5, 0.2
"""Of one core. Less than half of it: to send two together takes at most half away, and is not given up for that."""
MANY_PER_S = 50.0
"""Requests of fewer are not what keeps a manager busy."""


class Gathering:
    def __init__(self) -> None:
        self.together = 1
        self._began: float | None = None
        self._used = 0.0
        self._requests = 0

    def ask(self, now: float, used: float) -> int:
        """How many the node of this request is to send together. `now` and `used`, processor time, are in seconds."""
        if self._began is None:
            self._begin(now, used)
        elif now - self._began >= LOOK_S:
            self._look(now - self._began, used - self._used)
            self._begin(now, used)
        self._requests += 1
        return self.together

    def _begin(self, now: float, used: float) -> None:
        self._began, self._used, self._requests = now, used, 0

    def _look(self, seconds: float, used: float) -> None:
        share = used / seconds
        if share > BUSY and self._requests / seconds > MANY_PER_S:
            self.together = MOST
        elif share < IDLE:
            self.together = 1
