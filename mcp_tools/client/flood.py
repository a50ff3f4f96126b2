"""When a server sends more messages than anybody has to say, whatever carries them."""

from __future__ import annotations

import asyncio
from collections import deque

MOST_MESSAGES, WITHIN_S = 1_000, 10.0


class Flood:
    def __init__(self) -> None:
        self._came: deque[float] = deque(maxlen=MOST_MESSAGES)

    def rises(self) -> str | None:
        """To be asked at each message; what to say of it when there are too many."""
        now = asyncio.get_running_loop().time()
        floods = len(self._came) == MOST_MESSAGES and now - self._came[0] < WITHIN_S
        self._came.append(now)
        return f"it sent more than {MOST_MESSAGES} messages in {WITHIN_S:.0f} s" if floods else None
