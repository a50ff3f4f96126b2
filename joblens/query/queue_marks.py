"""What a scheduler does to a job that runs, as marks: it holds it, or takes it from its node. Pure.

Limits: a job that was stopped and began again between two looks at the queue is seen by its later beginning alone, and
one that did so twice counts once. That a job wrote a checkpoint no queue tells.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from ink_core.compute.changes import ChangeKind, JobChange
from ink_core.compute.model import Job, JobState
from joblens.records import JobKey, Mark, MarkKind

_ON_A_NODE = frozenset({JobState.RUNNING, JobState.SUSPENDED})


class QueueMarks:
    """Of one cluster."""

    def __init__(self, jobs: Iterable[Job]) -> None:
        self._started: dict[str, datetime | None] = {}
        for job in jobs:
            self._note(job)

    def take(self, change: JobChange, now: float) -> Mark | None:
        """The mark of a change, at `now`: when it was noticed, in seconds since the epoch."""
        job = change.job
        was_on_a_node, started = job.job_id in self._started, self._started.pop(job.job_id, None)
        if change.kind is ChangeKind.LEFT:
            return None
        self._note(job)
        told = _told(job, started) if was_on_a_node else None
        return Mark(JobKey(job.cluster, job.job_id), now, *told) if told else None

    def _note(self, job: Job) -> None:
        if job.state in _ON_A_NODE:
            self._started[job.job_id] = job.started_at


def _told(job: Job, started: datetime | None) -> tuple[MarkKind, str] | None:
    if job.state is JobState.HOLDING:
        return MarkKind.HOLD, job.reason or "held"
    if job.state is JobState.QUEUEING:
        return MarkKind.EVICT, f"back in the queue: {job.reason}" if job.reason else "back in the queue"
    if job.state in _ON_A_NODE and started and job.started_at and job.started_at > started:
        return MarkKind.EVICT, "stopped, and begun again"
    return None
