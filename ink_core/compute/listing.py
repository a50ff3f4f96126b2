"""Pages of a queue: filtered by owner, state, text and array, newest first."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ink_core.compute.job_ids import family_of
from ink_core.compute.model import Job, JobState
from ink_core.compute.queue_index import Place, QueueIndex, place, shown

FEW_JOBS = 1_000
"""Of so few what they show is made up again for each question, rather than kept for all."""


@dataclass(frozen=True, kw_only=True)
class JobQuery:
    """`owner` may be `*`; `text` is looked for in what a list shows; `after` is the place of the last job seen."""

    owner: str
    states: frozenset[JobState] = frozenset()
    text: str = ""
    array: str | None = None
    after: Place | None = None
    limit: int

    @property
    def reads_every_job(self) -> bool:
        return bool(self.text or self.array or self.states)


@dataclass(frozen=True)
class Listed:
    """`total` are the jobs that the query selects, `counts` (by state) those before its filter by state."""

    jobs: Sequence[Job]
    total: int
    counts: Mapping[str, int]
    goes_on: bool


def list_jobs(index: QueueIndex, query: JobQuery) -> Listed:
    matching = index.by_owner.get(query.owner, ())
    counts = index.counts.get(query.owner, {})
    if query.text or query.array:
        matching = [job for job in matching if is_member(job.job_id, query.array)] if query.array else matching
        matching = _with_text(index, matching, query.text.lower()) if query.text else matching
        counts = Counter(job.state.value for job in matching)
    selected = [job for job in matching if job.state in query.states] if query.states else matching
    start = _first_behind(selected, query.after) if query.after else 0
    page = selected[start : start + query.limit]
    return Listed(page, len(selected), counts, start + len(page) < len(selected))


def _with_text(index: QueueIndex, jobs: Sequence[Job], text: str) -> list[Job]:
    if len(jobs) < FEW_JOBS:
        return [job for job in jobs if text in shown(job)]
    return [job for job in jobs if text in index.texts[job.job_id]]


def is_member(job_id: str, array: str | None) -> bool:
    """Whether it is of that HTCondor cluster or Slurm array."""
    return array is None or array in (job_id, family_of(job_id))


def _first_behind(newest_first: Sequence[Job], after: Place) -> int:
    """Binary search: how many jobs do not come after that place."""
    low, high = 0, len(newest_first)
    while low < high:
        middle = (low + high) // 2
        if place(newest_first[middle]) < after:
            high = middle
        else:
            low = middle + 1
    return low
