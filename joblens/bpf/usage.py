"""Reader of `usage.bpf.c`: what a process tree has used, from its row in the table of jobs."""

from __future__ import annotations

import resource
from operator import itemgetter, le

from joblens.bpf import jobs
from joblens.bpf.clocks import boot_time
from joblens.bpf.jobs import ALIVE, ALL_TASKS, ENDED_TASKS, EPOCH, HANDLE, PEAK, PROCESSES, RSS, SWAP, THREADS, Row
from joblens.collector.probes.probe import Usage
from joblens.collector.probes.proc_stat import NS_PER_MS
from joblens.records import COUNTERS

PAGE = resource.getpagesize()
_WAITS = COUNTERS.index("cpu_wait_ms")  # these two the kernel has in ns
_gauges_of = itemgetter(RSS, PEAK, SWAP, PROCESSES, THREADS)


Tree = tuple[Row, tuple[int, ...], bool]
"""A job's row, its counters, and whether it has ended."""


def counters(row: Row, epoch: int) -> tuple[int, ...]:
    """Of tasks that are no more and, where the pass of this epoch met the job, of those that it met.

    The `COUNTERS` in their order, then what `files` needs. Tasks that ended since that pass began are not counted
    twice: they are in the next reading.
    """
    return jobs.sum_of(row, ALL_TASKS if row[EPOCH] == epoch and row[ALIVE] else ENDED_TASKS)


class Totals:
    """What running trees have used never falls from one reading to the next."""

    def __init__(self) -> None:
        self._known: dict[int, tuple[int, ...]] = {}

    def usage(self, row: Row, counted: tuple[int, ...], epoch: int, *, has_ended: bool) -> Usage:
        handle = row[HANDLE]
        known = self._known.pop(handle, None)
        if not has_ended:
            if known and not all(map(le, known, counted)):
                counted = tuple(map(max, known, counted))
            self._known[handle] = counted
        waits = (counted[_WAITS] // NS_PER_MS, counted[_WAITS + 1] // NS_PER_MS)
        end = (True, ended_at(row)) if has_ended else (False, 0.0)
        return Usage._make((handle, *counted[:_WAITS], *waits, *_gauges(row, epoch), *end))


def ended_at(row: Row) -> float:
    """In seconds since the epoch; 0 where the last exit was not told."""
    return boot_time() + row[jobs.QUIET_NS] / 1e9 if row[jobs.QUIET_NS] else 0.0


def _gauges(row: Row, epoch: int) -> tuple[int, int, int, int, int]:
    rss, peak, swap, processes, threads = _gauges_of(row)
    if row[EPOCH] != epoch or row[ALIVE] == 0:
        return 0, peak * PAGE, 0, 0, 0
    return rss * PAGE, peak * PAGE, swap * PAGE, processes, threads
