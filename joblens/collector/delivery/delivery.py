"""From the spool to the store, oldest first, at its pace; while it is away, less and less often.

`step` does one attempt and says when to come again; a thread of the daemon calls it. A batch leaves the spool only
when the store has it, and the store leaves out what it has already: so nothing is lost and nothing counts twice.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from typing import Protocol

from ink_core.errors import BadInput, InkError
from joblens.collector.delivery.spool import Sealed, Spool

_log = logging.getLogger(__name__)
MOST_AT_ONCE = 64
MOST_BYTES = 4 << 20
_FIRST_WAIT_S = 1.0
_LONGEST_WAIT_S = 60.0


class Sink(Protocol):
    """What takes batches: the way to the manager, and its store."""

    @property
    def together(self) -> int:
        """How many it wants at once, as it told with its last answer."""
        ...

    def write(self, batches: Sequence[Sealed]) -> None:
        """All or none, durable on return; those it has already are left out. Raises `StoreAway`."""
        ...


class Delivery:
    """`jitter` gives 0 to 1, so that the nodes of a site do not all come at once when the store is back."""

    def __init__(self, spool: Spool, sink: Sink, jitter: Callable[[], float]) -> None:
        self._spool = spool
        self._sink = sink
        self._jitter = jitter
        self._wait_s = _FIRST_WAIT_S
        self._at_once = MOST_AT_ONCE
        self.delivered = 0
        self.failed = 0
        self.away = ""
        """Why the store took nothing at the last attempt; empty while it takes."""

    @property
    def has_enough(self) -> bool:
        """So many batches wait as the store wants together."""
        return len(self._spool) >= self._sink.together

    def step(self) -> float:
        """One attempt; seconds until the next, if no batch comes before. 0: there is enough for another one.

        Whatever goes wrong is an attempt that failed.
        """
        batches = self._spool.oldest(self._at_once, MOST_BYTES)
        if not batches:
            return _LONGEST_WAIT_S
        try:
            self._sink.write(batches)
        except BadInput as error:
            return self._refused(batches, error)
        except (InkError, OSError) as error:
            return self._failed(error)
        self._at_once = MOST_AT_ONCE
        self._spool.delivered(batches[-1].sequence)
        self.delivered += len(batches)
        if self.away:
            _log.info("the store is back; %d batches wait", len(self._spool))
        self.away, self._wait_s = "", _FIRST_WAIT_S
        return 0.0 if self.has_enough else _LONGEST_WAIT_S

    def _refused(self, batches: Sequence[Sealed], error: BadInput) -> float:
        """The one that the store will never take is found by trying them singly, and put aside."""
        self._at_once = 1
        if len(batches) == 1:
            _log.error("the store refuses batch %d, it is put aside: %s", batches[0].sequence, error)
            self._spool.put_aside(batches[0].sequence)
        return 0.0

    def _failed(self, error: Exception) -> float:
        if not self.away:
            _log.warning("the store takes nothing, batches are kept on disk: %s", error)
        self.away = str(error) or type(error).__name__
        self.failed += 1
        wait = self._wait_s * (0.5 + self._jitter() / 2)
        self._wait_s = min(self._wait_s * 2, _LONGEST_WAIT_S)
        return wait
