"""What a batch may say that came from a node: of that node alone, and of no time that is still to come.

What is said to be of the future would never be old: its job would never be forgotten, and rules would count hours that
have not passed.
"""

from __future__ import annotations

from collections.abc import Iterator

from ink_core.errors import Conflict
from joblens.errors import BatchMalformed
from joblens.records import Batch
from joblens.store.wire import TABLES

AHEAD_S = 3600.0


class ClockAhead(Conflict):
    """The clock of the node is ahead of the manager's by more than `AHEAD_S`; set it, and the batch is taken then."""

    code = "clock_ahead"
    retryable = True


def check_sent(batch: Batch, now: float) -> None:
    """Raises `BatchMalformed` or `ClockAhead`."""
    if any(info.host != batch.host for info in batch.jobs):
        raise BatchMalformed(f"a batch of {batch.host[:100]} tells of jobs on another host")
    latest = max(_times(batch))
    if latest > now + AHEAD_S:
        raise ClockAhead(f"a batch of {batch.host[:100]} is of {latest - now:.0f} s after now: set the node's clock")


def _times(batch: Batch) -> Iterator[float]:
    yield batch.time
    yield from (info.started for info in batch.jobs)
    for table in TABLES.keys() - {"jobs"}:
        yield from (row.time for row in getattr(batch, table))
