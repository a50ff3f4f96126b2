"""The collector's two threads beside its loop, so that neither disk nor network keeps it from taking events promptly.

The writer numbers batches and puts them on disk; the courier carries them from there to the store and brings back which
captures are wanted. Between loop and writer there is a short queue; while the disk is stuck its oldest go, counted.
"""

from __future__ import annotations

import logging
import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import replace
from typing import Any, Protocol

from ink_core.errors import InkError
from joblens.captures import order
from joblens.collector.delivery.batches import halves, parts
from joblens.collector.delivery.delivery import Delivery
from joblens.collector.delivery.spool import Spool
from joblens.errors import BatchMalformed
from joblens.records import Batch

_log = logging.getLogger(__name__)
_MOST_UNWRITTEN = 120
_CAPTURES_EVERY_S = 5.0
_RETRY_S = 1.0


class CaptureOrders(Protocol):
    def captures(self, host: str) -> list[dict[str, Any]]: ...


class Writer:
    """`put` never waits. `lost` counts batches that the disk did not take in time, and rows that cannot be written."""

    def __init__(self, spool: Spool) -> None:
        self._spool = spool
        self._queue: deque[Batch] = deque()
        self._wake = threading.Condition()
        self._stopping = False
        self._complained = False
        self.lost = 0
        self._thread = threading.Thread(target=self._run, name="spool", daemon=True)
        self._thread.start()

    def put(self, batch: Batch) -> None:
        with self._wake:
            self._queue.append(batch)
            if len(self._queue) > _MOST_UNWRITTEN:
                self._queue.popleft()
                self.lost += 1
            self._wake.notify()

    def close(self, timeout_s: float = 10.0) -> None:
        """What was put is on disk, if the disk takes it in time."""
        with self._wake:
            self._stopping = True
            self._wake.notify()
        self._thread.join(timeout_s)

    def _run(self) -> None:
        while batch := self._next():
            while not self._written(batch):
                if self._stopping:
                    return
                time.sleep(_RETRY_S)

    def _next(self) -> Batch | None:
        with self._wake:
            while not self._queue:
                if self._stopping:
                    return None
                self._wake.wait()
            return self._queue.popleft()

    def _written(self, batch: Batch) -> bool:
        try:
            self._append(batch)
        except OSError as error:
            if not self._complained:
                _log.error("the spool takes nothing, figures are kept in memory for a while: %s", error)
            self._complained = True
            return False
        self._complained = False
        return True

    def _append(self, batch: Batch) -> None:
        """In parts where it is too large; and what cannot be written of one job is lost alone. Raises `OSError`."""
        for part in parts(batch):
            try:
                self._spool.append(replace(part, sequence=self._spool.last_sequence + 1))
            except BatchMalformed as error:
                smaller = halves(part)
                for each in smaller:
                    self._append(each)
                if not smaller:
                    self.lost += 1
                    _log.error("a row cannot be written and is lost: %s", error)


class Courier:
    """Runs until `close`; `orders` are the captures that the manager last told."""

    def __init__(
        self, delivery: Delivery, source: CaptureOrders | None, host: str, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._delivery = delivery
        self._source = source
        self._host = host
        self._clock = clock
        self._captures_due = 0.0
        self._stopping = threading.Event()
        self.orders: list[order.Order] = []
        self.asked_at = 0.0
        self._thread = threading.Thread(target=self._run, name="courier", daemon=True)
        self._thread.start()

    def close(self, timeout_s: float = 5.0) -> None:
        self._stopping.set()
        self._thread.join(timeout_s)

    def _run(self) -> None:
        wait = 0.0
        while not self._stopping.wait(min(wait, _RETRY_S)):
            wait -= _RETRY_S
            if wait <= 0:
                wait = self._attempt()
            if self._source and not self._delivery.away and self._clock() >= self._captures_due:
                self._ask(self._source)

    def _attempt(self) -> float:
        try:
            return self._delivery.step()
        except Exception:
            _log.exception("a delivery failed in a way that was not foreseen; it is tried again")
            return _CAPTURES_EVERY_S

    def _ask(self, source: CaptureOrders) -> None:
        self._captures_due = self._clock() + _CAPTURES_EVERY_S
        try:
            told = source.captures(self._host)
        except InkError as error:
            _log.debug("captures cannot be asked for: %s", error)
            return
        self.orders = [wanted for each in told if (wanted := order.read(each))]
        self.asked_at = self._clock()
