"""Which jobs are sampled more often just now, and how. Pure: orders and times come in, what is due comes out.

A capture ends by itself when its time is over, also where nobody can be asked any more. There is a bound to how many
run at once, and to how many of one user or rule: those beyond wait their turn.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from joblens.captures.capture import MAX_ON_HOST, MAX_ON_HOST_EACH, Detail
from joblens.captures.order import Order
from joblens.records import JobKey

_OVER_REMEMBERED = 100


@dataclass(slots=True)
class _Running:
    order: Order
    until: float
    due: float


class CaptureSchedule:
    """`waiting` are those beyond the bounds at the last orders."""

    def __init__(self) -> None:
        self._running: dict[str, _Running] = {}
        self._over: deque[str] = deque(maxlen=_OVER_REMEMBERED)
        self.waiting: list[str] = []

    def follow(self, orders: Iterable[Order], here: Collection[JobKey], now: float) -> tuple[list[Order], list[Order]]:
        """All orders that hold now: which of them begin, and which were ended. Those of jobs that are not `here` wait
        for them and take nobody's turn."""
        holding = {order.capture_id: order for order in orders}
        ended = self._end([name for name in self._running if name not in holding])
        begun: list[Order] = []
        self.waiting = []
        for name, order in holding.items():
            if running := self._running.get(name):
                running.until = min(running.until, now + order.seconds_left)
            elif name in self._over or order.key not in here:
                continue
            elif not self._has_turn(order, here):
                self.waiting.append(name)
            else:
                self._running[name] = _Running(order, now + order.seconds_left, now)
                begun.append(order)
        return begun, ended

    def _has_turn(self, order: Order, here: Collection[JobKey]) -> bool:
        by = [running.order.by for running in self._running.values() if running.order.key in here]
        return len(by) < MAX_ON_HOST and by.count(order.by) < MAX_ON_HOST_EACH

    def expire(self, now: float) -> list[Order]:
        """Ends what is over, and says which."""
        return self._end([name for name, running in self._running.items() if running.until <= now])

    def _end(self, names: list[str]) -> list[Order]:
        self._over.extend(names)
        return [self._running.pop(name).order for name in names]

    def due(self, here: Collection[JobKey], now: float) -> dict[JobKey, frozenset[Detail]]:
        """The jobs to sample now, of those that are `here`, and what beside their counters."""
        due: dict[JobKey, frozenset[Detail]] = {}
        for running in self._running.values():
            if running.due <= now:
                running.due = now + running.order.interval_s
                if running.order.key in here:
                    due[running.order.key] = due.get(running.order.key, frozenset()) | running.order.details
        return due

    def asking_for(self, detail: Detail) -> dict[JobKey, float]:
        """The jobs that some capture asks it of, and how often at most, in seconds."""
        found: dict[JobKey, float] = {}
        for order in (running.order for running in self._running.values()):
            if detail in order.details:
                found[order.key] = min(order.interval_s, found.get(order.key, order.interval_s))
        return found

    def next_due(self) -> float | None:
        """When `due` will have something to say."""
        return min((running.due for running in self._running.values()), default=None)

    def __len__(self) -> int:
        return len(self._running)
