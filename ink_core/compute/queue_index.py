"""One snapshot of a queue, made ready to be asked: jobs by id, and each owner's newest first. Made once per poll.

So that a page of one user's jobs costs what that user has, and not what the cluster has.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from ink_core.compute.model import Job, QueueSnapshot

EVERYBODY = "*"
Place = tuple[float, str]


@dataclass(frozen=True)
class QueueIndex:
    """`by_owner` and `counts` (jobs by state) have an entry for `EVERYBODY` too."""

    snapshot: QueueSnapshot
    by_id: Mapping[str, Job]
    by_owner: Mapping[str, Sequence[Job]]
    counts: Mapping[str, Mapping[str, int]]

    @classmethod
    def of(cls, snapshot: QueueSnapshot) -> QueueIndex:
        newest_first = sorted(snapshot.jobs, key=place, reverse=True)
        by_owner: dict[str, list[Job]] = defaultdict(list)
        for job in newest_first:
            by_owner[job.owner].append(job)
        by_owner[EVERYBODY] = newest_first
        counts = {owner: Counter(job.state.value for job in jobs) for owner, jobs in by_owner.items()}
        return cls(snapshot, {job.job_id: job for job in snapshot.jobs}, dict(by_owner), counts)

    @cached_property
    def texts(self) -> Mapping[str, str]:
        """What a list shows of each job, by its id, in small letters: made when somebody first looks for a text."""
        return {job.job_id: shown(job) for job in self.snapshot.jobs}

    @cached_property
    def by_dag(self) -> Mapping[tuple[str, str], Sequence[Job]]:
        """Jobs by owner and DAG, newest first: what somebody else's job says of itself never counts as one's own."""
        found: dict[tuple[str, str], list[Job]] = defaultdict(list)
        for job in self.by_owner[EVERYBODY]:
            if job.dag is not None:
                found[job.owner, job.dag].append(job)
        return dict(found)


def shown(job: Job) -> str:
    return f"{job.job_id} {job.owner} {job.name} {job.command} {job.node or ''} {job.reason or ''}".lower()


def place(job: Job) -> Place:
    """Newest first when sorted in reverse; unique, so that a page goes on where the last one ended."""
    return (job.submitted_at.timestamp() if job.submitted_at else 0.0, job.job_id)
