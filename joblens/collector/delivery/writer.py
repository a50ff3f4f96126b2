"""Numbers batches and puts them on disk, in a thread: the disk does not keep the loop from taking events promptly.

Between loop and writer there is a short queue; while the disk is stuck its oldest go, counted.
"""

from __future__ import annotations

import logging
import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import replace

from joblens.collector.delivery.batches import halves, parts
from joblens.collector.delivery.spool import Spool
from joblens.errors import BatchMalformed
from joblens.records import Batch

_log = logging.getLogger(__name__)
_MOST_UNWRITTEN = 120
_RETRY_S = 1.0


class Writer:
    """`put` never waits; `written` is told of each batch that is on disk.

    `lost` counts batches that the disk did not take in time, and rows that cannot be written.
    """

    def __init__(self, spool: Spool, written: Callable[[], None] = lambda: None) -> None:
        self._spool = spool
        self._tell_written = written
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
        self._tell_written()
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
