"""Remembers ended jobs that slurmctld has forgotten: it drops them after its `MinJobAge`, 5 minutes by default.

A task of an array that is cancelled while it waits is dropped at once and without a trace; it counts as cancelled here.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from ink_core.compute.model import ENDED_STATES, Job, JobState

_WAITING = (JobState.QUEUEING, JobState.HOLDING)


class EndedJobs:
    """Keeps jobs for `history_s` after their end, the latest `limit` of them."""

    def __init__(self, history_s: float, limit: int) -> None:
        self._history = timedelta(seconds=history_s)
        self._limit = limit
        self._ended: dict[str, Job] = {}
        self._waiting_tasks: dict[str, Job] = {}

    def remember(self, jobs: Sequence[Job]) -> None:
        """Those of them that have ended, which slurmctld may have forgotten before all its jobs are looked at again."""
        self._ended |= {job.job_id: job for job in jobs if job.state in ENDED_STATES}

    def with_past(self, jobs: Sequence[Job], now: datetime) -> Sequence[Job]:
        """What slurmctld shows now, and the ended jobs that it showed before. A job back in the queue is not ended."""
        live = {job.job_id: job for job in jobs if job.state not in ENDED_STATES}
        seen = {job.job_id: job for job in jobs if job.job_id not in live}
        dropped = {
            job_id: job.model_copy(update={"state": JobState.CANCELLED, "ended_at": now, "reason": "removed"})
            for job_id, job in self._waiting_tasks.items()
            if job_id not in live and job_id not in seen
        }
        self._waiting_tasks = {job_id: job for job_id, job in live.items() if "_" in job_id and job.state in _WAITING}
        past = {job_id: job for job_id, job in self._ended.items() if job_id not in live}
        self._ended = self._bounded(past | dropped | seen, now)
        return (*live.values(), *self._ended.values())

    def _bounded(self, ended: Mapping[str, Job], now: datetime) -> dict[str, Job]:
        kept = [job for job in ended.values() if (job.ended_at or now) >= now - self._history]
        kept.sort(key=lambda job: job.ended_at or now, reverse=True)
        return {job.job_id: job for job in kept[: self._limit]}
