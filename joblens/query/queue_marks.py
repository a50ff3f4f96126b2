"""What a scheduler tells of a job that runs, as marks: it is held, taken from its node, or has sent a checkpoint. Pure.

Limits: a job that was stopped and began again between two looks at the queue is seen by its later beginning alone, and
one that did so twice counts once; of several checkpoints between two looks the last is told. Slurm tells of none.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime

from ink_core.compute.changes import ChangeKind, JobChange
from ink_core.compute.model import Job, JobState
from joblens.records import JobKey, Mark, MarkKind

_ON_A_NODE = frozenset({JobState.RUNNING, JobState.SUSPENDED})


class QueueMarks:
    """Of one cluster."""

    def __init__(self, jobs: Iterable[Job]) -> None:
        self._on_a_node: dict[str, Job] = {}
        for job in jobs:
            self._note(job)

    def take(self, change: JobChange, now: float) -> Sequence[Mark]:
        """The marks of a change that was noticed at `now`, in seconds since the epoch."""
        job = change.job
        before = self._on_a_node.pop(job.job_id, None)
        if change.kind is ChangeKind.LEFT:
            return ()
        self._note(job)
        return tuple(_told(job, before, now)) if before else ()

    def _note(self, job: Job) -> None:
        if job.state in _ON_A_NODE:
            self._on_a_node[job.job_id] = job


def _told(job: Job, before: Job, now: float) -> Iterator[Mark]:
    key = JobKey(job.cluster, job.job_id)
    if (number := job.checkpoint or 0) > (before.checkpoint or 0):
        yield Mark(key, _sent(job, before.started_at, now), MarkKind.CHECKPOINT, str(number))
    if stopped := _stopped(job, before.started_at):
        yield Mark(key, now, *stopped)


def _sent(job: Job, started: datetime | None, now: float) -> float:
    """HTCondor may tell of a checkpoint minutes late, but tells when it came; the owner can write a time, too."""
    sent = job.output_at.timestamp() if job.output_at else now
    return sent if started and started.timestamp() <= sent <= now else now


def _stopped(job: Job, started: datetime | None) -> tuple[MarkKind, str] | None:
    if job.state is JobState.HOLDING:
        return MarkKind.HOLD, job.reason or "held"
    if job.state is JobState.QUEUEING:
        return MarkKind.EVICT, f"back in the queue: {job.reason}" if job.reason else "back in the queue"
    if job.state in _ON_A_NODE and started and job.started_at and job.started_at > started:
        return MarkKind.EVICT, "stopped, and begun again"
    return None
