"""Carries batches from disk to the store and brings back which captures are wanted, in a thread: the network keeps the
loop from nothing."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from math import inf
from typing import Any, Protocol

from ink_core.errors import InkError
from joblens.captures import order
from joblens.collector.delivery.delivery import Delivery

_log = logging.getLogger(__name__)
_CAPTURES_EVERY_S = 5.0


class CaptureOrders(Protocol):
    @property
    def which(self) -> str | None:
        """Changes when captures that may concern the hosts of a batch begin or end, as the last batch's answer told;
        None where it did not."""
        ...

    def captures(self, host: str) -> list[dict[str, Any]]: ...


class Courier:
    """Runs until `close`; `orders` are the captures that the manager last told.

    It sleeps until a batch is on disk (`wake`), the store is to be tried again, or captures are to be asked for: when
    others are wanted, and every few seconds while some are, or while nobody says whether. Where the manager wants
    several batches at once it sleeps until there are so many, a minute at most; but not while captures run.
    """

    def __init__(
        self, delivery: Delivery, source: CaptureOrders | None, host: str, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._delivery = delivery
        self._source = source
        self._host = host
        self._clock = clock
        self._delivery_due = 0.0
        self._captures_due = 0.0
        self._asked_of: str | None = None
        self._news = threading.Event()
        self._stopping = False
        self.orders: list[order.Order] = []
        self.asked_at = 0.0
        self._thread = threading.Thread(target=self._run, name="courier", daemon=True)
        self._thread.start()

    def wake(self) -> None:
        """A batch is on disk. While the store is away it waits for the next attempt, like those before it."""
        self._news.set()

    def close(self, timeout_s: float = 5.0) -> None:
        self._stopping = True
        self._news.set()
        self._thread.join(timeout_s)

    def _run(self) -> None:
        while not self._stopping:
            if self._clock() >= self._delivery_due:
                wait = self._attempt()
                self._delivery_due = self._clock() + wait
                if self._source and self._source.which not in (None, self._asked_of):
                    self._captures_due = 0.0
            if self._source and self._clock() >= self._asks_at(self._source):
                self._ask(self._source)
            if self._news.wait(max(self._next_due() - self._clock(), 0.0)):
                self._news.clear()
                if not self._delivery.away and self._are_enough():
                    self._delivery_due = 0.0

    def _are_enough(self) -> bool:
        return bool(self.orders) or self._delivery.has_enough

    def _next_due(self) -> float:
        return min(self._delivery_due, self._asks_at(self._source) if self._source else inf)

    def _asks_at(self, source: CaptureOrders) -> float:
        is_told_of_all = source.which is not None and source.which == self._asked_of
        return inf if self._delivery.away or (is_told_of_all and not self.orders) else self._captures_due

    def _attempt(self) -> float:
        try:
            return self._delivery.step()
        except Exception:
            _log.exception("a delivery failed in a way that was not foreseen; it is tried again")
            return _CAPTURES_EVERY_S

    def _ask(self, source: CaptureOrders) -> None:
        self._captures_due = self._clock() + _CAPTURES_EVERY_S
        which = source.which
        try:
            told = source.captures(self._host)
        except InkError as error:
            _log.debug("captures cannot be asked for: %s", error)
            return
        self._asked_of = which
        self.orders = [wanted for each in told if (wanted := order.read(each))]
        self.asked_at = self._clock()
