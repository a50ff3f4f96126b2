"""The queue in one bulk query, with the jobs that ended lately.

The history is read once and then only its news, because the schedd starts a process for each reading.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import Any

from ink_core.compute.htcondor.ads import PROJECTION, job_from
from ink_core.compute.htcondor.pool import Pool
from ink_core.compute.htcondor.selection import choosing
from ink_core.compute.model import Job, QueueSnapshot

_OVERLAP_S = 60


class QueueQuery:
    def __init__(self, pool: Pool) -> None:
        self._pool = pool
        self._cluster = pool.options.name
        self._ended: dict[str, Job] = {}
        self._read_until: int | None = None

    def snapshot(self) -> QueueSnapshot:
        """The queue is asked first: a job that ends meanwhile is then in both, never in neither."""
        observed_at = datetime.now(UTC)
        queue = self._jobs(self._pool.query("true", PROJECTION))
        self._read_history(int(time.time()))
        jobs = [job for job in queue if job.job_id not in self._ended]
        return QueueSnapshot(cluster=self._cluster, observed_at=observed_at, jobs=(*jobs, *self._ended.values()))

    def look(self, job_ids: Sequence[str]) -> Sequence[Job]:
        """What left the queue is looked for among the history's news."""
        constraint = choosing(job_ids)
        if constraint is None:
            return ()
        queue = {job.job_id: job for job in self._jobs(self._pool.query(constraint, PROJECTION))}
        if any(job_id not in queue for job_id in job_ids):
            self._read_history(int(time.time()))
        found = queue | self._ended
        return [found[job_id] for job_id in job_ids if job_id in found]

    def _jobs(self, ads: Iterable[Any]) -> Sequence[Job]:
        return [job_from(self._cluster, ad) for ad in ads]

    def _read_history(self, now: int) -> None:
        options = self._pool.options
        oldest = now - int(options.history_s)
        since = oldest if self._read_until is None else max(oldest, self._read_until - _OVERLAP_S)
        news = self._pool.history("true", PROJECTION, limit=options.history_limit, ended_after=since)
        found = {job.job_id: job for job in self._jobs(news)}
        known = {job_id: job for job_id, job in self._ended.items() if job_id not in found}
        kept = [job for job in (*found.values(), *known.values()) if _ended_after(job, oldest)]
        self._ended = {job.job_id: job for job in kept[: options.history_limit]}
        self._read_until = now


def _ended_after(job: Job, oldest: int) -> bool:
    return job.ended_at is not None and job.ended_at.timestamp() >= oldest
