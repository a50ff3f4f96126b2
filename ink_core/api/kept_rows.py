"""Rows of jobs as JSON, each made when a list first shows it: a list of jobs that did not change is a join of bytes.

A poll gives a job that has not changed as the same object again (`QueueMirror`), which is how a row is known to be the
job's still. Limits: memory of this process, bounded by a number of rows; then all are made anew.
"""

from __future__ import annotations

from collections.abc import Callable

from ink_core.compute.model import Job

MOST = 20_000
"""Rows of a list: some 10 MB."""


class KeptRows:
    """`show` gives a job's row as JSON. May be asked by several threads at once."""

    def __init__(self, show: Callable[[Job], bytes], most: int = MOST) -> None:
        self._show = show
        self._most = most
        self._kept: dict[tuple[str, str], tuple[Job, bytes]] = {}

    def of(self, job: Job) -> bytes:
        key = (job.cluster, job.job_id)
        kept = self._kept.get(key)
        if kept is not None and kept[0] is job:
            return kept[1]
        if len(self._kept) >= self._most:
            self._kept.clear()
        row = self._show(job)
        self._kept[key] = (job, row)
        return row
