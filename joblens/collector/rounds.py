"""What is due when: sampling of all jobs, finer sampling of captured ones, files, cards, energy. Pure."""

from __future__ import annotations

from collections.abc import Mapping


class Rounds:
    """Named intervals in seconds. A round that was missed is not made up for."""

    def __init__(self, intervals: Mapping[str, float], now: float) -> None:
        self._intervals = dict(intervals)
        self._due = dict.fromkeys(intervals, now)

    def take_due(self, now: float) -> set[str]:
        """Those that are due; each is due again after its interval, at whole multiples of it."""
        due = {name for name, time in self._due.items() if time <= now}
        for name in due:
            interval = self._intervals[name]
            self._due[name] += interval * (1 + (now - self._due[name]) // interval)
        return due

    def next_due(self) -> float:
        return min(self._due.values())
