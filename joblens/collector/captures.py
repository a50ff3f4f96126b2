"""Which jobs are sampled more often just now, and how. Pure: orders and times come in, what is due comes out.

A capture ends by itself when its time is over, also where nobody can be asked any more. There are bounds to how many
run at once and how fine they are: what is beyond them waits its turn and is told in `refused`.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from math import isfinite
from typing import Any

from joblens.records import JobKey

MAX_AT_ONCE = 8
MAX_SECONDS = 3600.0
MIN_INTERVAL_S = 0.5
_OVER_REMEMBERED = 100
PROCESSES, CONNECTIONS = "processes", "connections"


@dataclass(frozen=True, slots=True)
class Order:
    """A capture as the manager tells it; times are left seconds, since clocks of nodes differ."""

    capture_id: str
    key: JobKey
    seconds_left: float
    interval_s: float
    details: frozenset[str]


@dataclass(slots=True)
class _Running:
    order: Order
    until: float
    due: float


def parse(told: Mapping[str, Any]) -> Order | None:
    """None for what cannot be meant."""
    try:
        left, interval = float(told["seconds_left"]), float(told["interval_s"])
        key = JobKey(str(told["cluster"]), str(told["job"]))
        details = frozenset(map(str, told["details"]))
    except (KeyError, TypeError, ValueError):
        return None
    if not (isfinite(left) and isfinite(interval) and left > 0):
        return None
    return Order(str(told.get("capture_id", "")), key, min(left, MAX_SECONDS), max(interval, MIN_INTERVAL_S), details)


class Captures:
    """`running` by capture, `refused` those beyond the bound at the last orders."""

    def __init__(self) -> None:
        self._running: dict[str, _Running] = {}
        self._over: deque[str] = deque(maxlen=_OVER_REMEMBERED)
        self.refused: list[str] = []

    def follow(self, orders: Iterable[Order], now: float) -> tuple[list[Order], list[Order]]:
        """All orders that hold now: which of them begin, and which were ended."""
        holding = {order.capture_id: order for order in orders}
        ended = self._end([name for name in self._running if name not in holding])
        begun: list[Order] = []
        self.refused = []
        for name, order in holding.items():
            if running := self._running.get(name):
                running.until = min(running.until, now + order.seconds_left)
            elif len(self._running) >= MAX_AT_ONCE:
                self.refused.append(name)
            elif name not in self._over:
                self._running[name] = _Running(order, now + order.seconds_left, now)
                begun.append(order)
        return begun, ended

    def expire(self, now: float) -> list[Order]:
        """Ends what is over, and says which."""
        return self._end([name for name, running in self._running.items() if running.until <= now])

    def _end(self, names: list[str]) -> list[Order]:
        self._over.extend(names)
        return [self._running.pop(name).order for name in names]

    def due(self, now: float) -> dict[JobKey, frozenset[str]]:
        """The jobs to sample now, and what beside their counters."""
        due: dict[JobKey, frozenset[str]] = {}
        for running in self._running.values():
            if running.due <= now:
                running.due = now + running.order.interval_s
                due[running.order.key] = due.get(running.order.key, frozenset()) | running.order.details
        return due

    def next_due(self) -> float | None:
        """When `due` will have something to say."""
        return min((running.due for running in self._running.values()), default=None)

    def __len__(self) -> int:
        return len(self._running)
