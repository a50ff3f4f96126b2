"""Reader of `usage.bpf.c`: what a process tree has used, from its row in the table of jobs."""

from __future__ import annotations

import resource
from operator import le

from joblens.bpf import jobs
from joblens.bpf.clocks import boot_time
from joblens.bpf.jobs import Row
from joblens.collector.probes.probe import Usage
from joblens.collector.probes.proc_stat import NS_PER_MS
from joblens.records import COUNTERS

PAGE = resource.getpagesize()
_WAITS = COUNTERS.index("cpu_wait_ms")  # these two the kernel has in ns
_NOTHING = (0,) * len(COUNTERS)


Tree = tuple[Row, tuple[int, ...], bool]
"""A job's row, its counters, and whether it has ended."""


def counters(row: Row, epoch: int) -> tuple[int, ...]:
    """Of tasks that are no more and, where the pass of this epoch met the job, of those that it met.

    The `COUNTERS` in their order, then what `files` needs. Tasks that ended since that pass began are not counted
    twice: they are in the next reading.
    """
    return row[jobs.ALL_TASKS if row[jobs.EPOCH] == epoch and row[jobs.ALIVE] else jobs.ENDED_TASKS]


class Totals:
    """What running trees have used never falls from one reading to the next."""

    def __init__(self) -> None:
        self._known: dict[int, tuple[int, ...]] = {}

    def usage(self, row: Row, counted: tuple[int, ...], epoch: int, *, has_ended: bool) -> Usage:
        handle, total = row[jobs.HANDLE], _total(counted)
        if has_ended:
            self._known.pop(handle, None)
            return Usage._make((handle, *total, *_gauges(row, epoch), True, ended_at(row)))
        known = self._known.get(handle, _NOTHING)
        if not all(map(le, known, total)):
            total = tuple(map(max, known, total))
        self._known[handle] = total
        return Usage._make((handle, *total, *_gauges(row, epoch), False, 0.0))


def _total(counted: tuple[int, ...]) -> tuple[int, ...]:
    waits = counted[_WAITS : len(COUNTERS)]
    return (*counted[:_WAITS], *(wait // NS_PER_MS for wait in waits))


def ended_at(row: Row) -> float:
    """In seconds since the epoch; 0 where the last exit was not told."""
    return boot_time() + row[jobs.QUIET_NS] / 1e9 if row[jobs.QUIET_NS] else 0.0


def _gauges(row: Row, epoch: int) -> tuple[int, int, int, int, int]:
    peak = row[jobs.PEAK] * PAGE
    if row[jobs.EPOCH] != epoch or row[jobs.ALIVE] == 0:
        return 0, peak, 0, 0, 0
    return row[jobs.RSS] * PAGE, peak, row[jobs.SWAP] * PAGE, row[jobs.PROCESSES], row[jobs.THREADS]
