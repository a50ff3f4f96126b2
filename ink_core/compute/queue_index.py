"""One snapshot of a queue, made ready to be asked: jobs by id, and each owner's newest first. Made once per poll.

So that a page of one user's jobs costs what that user has, and not what the cluster has.
"""

from __future__ import annotations

from bisect import bisect_left
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

    def with_jobs(self, jobs: Sequence[Job]) -> QueueIndex:
        """The same with these jobs as they are now, new ones too. Jobs do not change their owner."""
        by_id = {**self.by_id, **{job.job_id: job for job in jobs}}
        by_owner, counts = dict(self.by_owner), dict(self.counts)
        for owner in {job.owner for job in jobs} | {EVERYBODY}:
            of_owner = [job for job in jobs if owner in (EVERYBODY, job.owner)]
            by_owner[owner] = _placed(by_owner.get(owner, ()), of_owner, self.by_id)
            counts[owner] = Counter(job.state.value for job in by_owner[owner])
        snapshot = self.snapshot.model_copy(update={"jobs": tuple(by_id.values())})
        return QueueIndex(snapshot, by_id, by_owner, counts)

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


def _placed(newest_first: Sequence[Job], jobs: Sequence[Job], known: Mapping[str, Job]) -> Sequence[Job]:
    """Those that are known stand where they stood, unless they were submitted anew; all others get their place."""
    stay = {job.job_id: job for job in jobs if job.job_id in known and place(known[job.job_id]) == place(job)}
    moved = {job.job_id: job for job in jobs if job.job_id not in stay}
    placed = [stay.get(job.job_id, job) for job in newest_first if job.job_id not in moved]
    for job in moved.values():
        at = place(job)
        placed.insert(bisect_left(placed, True, key=lambda other, at=at: place(other) < at), job)
    return placed


def shown(job: Job) -> str:
    return f"{job.job_id} {job.owner} {job.name} {job.command} {job.node or ''} {job.reason or ''}".lower()


def place(job: Job) -> Place:
    """Newest first when sorted in reverse; unique, so that a page goes on where the last one ended."""
    return (job.submitted_at.timestamp() if job.submitted_at else 0.0, job.job_id)
