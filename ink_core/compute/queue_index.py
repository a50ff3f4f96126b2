"""One snapshot of a queue, made ready to be asked: jobs by id, and each owner's newest first. Made once per poll, of
the one before where little has changed.

So that a page of one user's jobs costs what that user has, and not what the cluster has.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from copy import copy
from dataclasses import dataclass
from functools import cached_property

from ink_core.compute.model import Job, QueueSnapshot

EVERYBODY = "*"
MOST_MOVED = 0.1
"""The share of all jobs that may be put in their places one by one; sorting all anew costs less than more of them."""
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
        """The same with these jobs as they are now, new ones too."""
        by_id = {**self.by_id, **{job.job_id: job for job in jobs}}
        return self.with_changes(self.snapshot.model_copy(update={"jobs": tuple(by_id.values())}), jobs, ())

    def with_changes(self, snapshot: QueueSnapshot, jobs: Sequence[Job], left: Sequence[Job]) -> QueueIndex:
        """Of the next snapshot, where these jobs came or changed, and those that left are no longer there."""
        if not jobs and not left:
            return self._seen_again(snapshot)
        if len(jobs) + len(left) > len(snapshot.jobs) * MOST_MOVED:
            return QueueIndex.of(snapshot)
        moving = Moving(self)
        for job in (*jobs, *left):
            moving.take_out(job.job_id)
        for job in jobs:
            moving.put_in(job)
        return moving.index(snapshot)

    def _seen_again(self, snapshot: QueueSnapshot) -> QueueIndex:
        """With all that was made of the same jobs."""
        again = copy(self)
        object.__setattr__(again, "snapshot", snapshot)
        return again

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


class Moving:
    """An index in the making: each owner's list is copied when a job of that owner first moves."""

    def __init__(self, before: QueueIndex) -> None:
        self._by_id = dict(before.by_id)
        self._by_owner, self._counts = dict(before.by_owner), dict(before.counts)
        self._own: dict[str, tuple[list[Job], Counter[str]]] = {}

    def take_out(self, job_id: str) -> None:
        if (job := self._by_id.pop(job_id, None)) is not None:
            for jobs, counts in self._lists_of(job):
                del jobs[_at(jobs, job)]
                counts[job.state.value] -= 1

    def put_in(self, job: Job) -> None:
        self._by_id[job.job_id] = job
        for jobs, counts in self._lists_of(job):
            jobs.insert(_at(jobs, job), job)
            counts[job.state.value] += 1

    def index(self, snapshot: QueueSnapshot) -> QueueIndex:
        for owner, (jobs, counts) in self._own.items():
            self._by_owner[owner], self._counts[owner] = jobs, +counts
            if not jobs and owner != EVERYBODY:
                del self._by_owner[owner], self._counts[owner]
        return QueueIndex(snapshot, self._by_id, self._by_owner, self._counts)

    def _lists_of(self, job: Job) -> Iterator[tuple[list[Job], Counter[str]]]:
        for owner in {job.owner, EVERYBODY}:
            if owner not in self._own:
                self._own[owner] = [*self._by_owner.get(owner, ())], Counter(self._counts.get(owner, {}))
            yield self._own[owner]


def _at(newest_first: Sequence[Job], job: Job) -> int:
    """Where it stands, or is to stand."""
    own = place(job)
    return bisect_left(newest_first, True, key=lambda other: place(other) <= own)


def shown(job: Job) -> str:
    return f"{job.job_id} {job.owner} {job.name} {job.command} {job.node or ''} {job.reason or ''}".lower()


def place(job: Job) -> Place:
    """Newest first when sorted in reverse; unique, so that a page goes on where the last one ended."""
    return (job.submitted_at.timestamp() if job.submitted_at else 0.0, job.job_id)
