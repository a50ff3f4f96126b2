"""What a batch may say that came from a node: of that node alone, under names that can be kept and printed, and of no
time that is still to come.

What is said to be of the future would never be old: its job would never be forgotten, and rules would count hours that
have not passed.
"""

from __future__ import annotations

from collections.abc import Iterator

from ink_core.errors import Conflict
from joblens.errors import BatchMalformed
from joblens.records import Batch, JobKey
from joblens.store.wire import TABLES

AHEAD_S = 3600.0
MAX_NAME, MAX_CLUSTER = 255, 64


class ClockAhead(Conflict):
    """The clock of the node is ahead of the manager's by more than `AHEAD_S`; set it, and the batch is taken then."""

    code = "clock_ahead"
    retryable = True


def check_sent(batch: Batch, now: float) -> None:
    """Raises `BatchMalformed` or `ClockAhead`."""
    if not (_is_name(batch.host, MAX_NAME) and all(map(_is_key, _keys(batch)))):
        raise BatchMalformed("a host, a cluster or the id of a job is too long, or cannot be printed")
    if any(info.host != batch.host for info in batch.jobs):
        raise BatchMalformed(f"a batch of {batch.host[:100]} tells of jobs on another host")
    latest = max(_times(batch))
    if latest > now + AHEAD_S:
        raise ClockAhead(f"a batch of {batch.host[:100]} is of {latest - now:.0f} s after now: set the node's clock")


def _keys(batch: Batch) -> set[JobKey]:
    return {row.key for table in TABLES for row in getattr(batch, table)}


def _is_key(key: JobKey) -> bool:
    return _is_name(key.cluster, MAX_CLUSTER) and _is_name(key.job, MAX_NAME)


def _is_name(text: str, most: int) -> bool:
    """No half of a pair, which no database takes, and no command for a terminal."""
    return 0 < len(text) <= most and text.isprintable()


def _times(batch: Batch) -> Iterator[float]:
    yield batch.time
    yield from (info.started for info in batch.jobs)
    for table in TABLES.keys() - {"jobs"}:
        yield from (row.time for row in getattr(batch, table))
