"""How much rules may do in all: captures at once and in an hour, actions in an hour."""

from __future__ import annotations

from collections import deque

from joblens.rules.rule_set import Budget

HOUR_S = 3600.0


class Spending:
    """Each call takes from the budget where there is room, and says what is used up where there is not."""

    def __init__(self, budget: Budget) -> None:
        self._budget = budget
        self._ends: list[float] = []
        self._captures: deque[float] = deque()
        self._actions: deque[float] = deque()

    def capture(self, now: float, duration_s: float) -> str | None:
        """None when it may be started; otherwise why not."""
        self._ends = [end for end in self._ends if end > now]
        if len(self._ends) >= self._budget.captures_at_once:
            return f"{self._budget.captures_at_once} captures run already"
        if not _taken(self._captures, now, self._budget.captures_per_hour):
            return f"{self._budget.captures_per_hour} captures were started within an hour"
        self._ends.append(now + duration_s)
        return None

    def action(self, now: float) -> str | None:
        if not _taken(self._actions, now, self._budget.actions_per_hour):
            return f"{self._budget.actions_per_hour} actions were asked for within an hour"
        return None


def _taken(spent: deque[float], now: float, most: int) -> bool:
    while spent and spent[0] <= now - HOUR_S:
        spent.popleft()
    if len(spent) >= most:
        return False
    spent.append(now)
    return True
