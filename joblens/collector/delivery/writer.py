"""Numbers batches and puts them on disk, in a thread: the disk does not keep the loop from taking events promptly.

Between loop and writer there is a short queue; while the disk is stuck its oldest go, counted. What is on disk goes
into the memory for the next run too.
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
from joblens.collector.remembered import MemoryFile, Snapshot
from joblens.errors import BatchMalformed
from joblens.records import Batch

_log = logging.getLogger(__name__)
_MOST_UNWRITTEN = 120
_RETRY_S = 1.0


class Writer:
    """`put` never waits; `written` is told of each batch that is on disk.

    `lost` counts batches that the disk did not take in time, and rows that cannot be written.
    """

    def __init__(self, spool: Spool, memory: MemoryFile, written: Callable[[], None] = lambda: None) -> None:
        self._spool = spool
        self._memory = memory
        self._tell_written = written
        self._queue: deque[Batch | Snapshot] = deque()
        self._wake = threading.Condition()
        self._stopping = False
        self._complained = False
        self.lost = 0
        self._thread = threading.Thread(target=self._run, name="spool", daemon=True)
        self._thread.start()

    def put(self, new: Batch | Snapshot) -> None:
        with self._wake:
            self._queue.append(new)
            if len(self._queue) > _MOST_UNWRITTEN:
                self.lost += isinstance(self._queue.popleft(), Batch)
            self._wake.notify()

    def close(self, timeout_s: float = 10.0) -> None:
        """What was put is on disk, if the disk takes it in time."""
        with self._wake:
            self._stopping = True
            self._wake.notify()
        self._thread.join(timeout_s)

    def _run(self) -> None:
        while new := self._next():
            if isinstance(new, Snapshot):
                self._remember(lambda snapshot=new: self._memory.begin(snapshot))
                continue
            while not self._written(new):
                if self._stopping:
                    return
                time.sleep(_RETRY_S)
        self._memory.close()

    def _next(self) -> Batch | Snapshot | None:
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
                sealed = self._spool.append(replace(part, sequence=self._spool.last_sequence + 1))
                self._remember(lambda sealed=sealed: self._memory.add(sealed))
            except BatchMalformed as error:
                smaller = halves(part)
                for each in smaller:
                    self._append(each)
                if not smaller:
                    self.lost += 1
                    _log.error("a row cannot be written and is lost: %s", error)

    def _remember(self, step: Callable[[], None]) -> None:
        try:
            step()
        except (OSError, BatchMalformed) as error:
            _log.error("what runs cannot be written down for the next run: %s", error)
