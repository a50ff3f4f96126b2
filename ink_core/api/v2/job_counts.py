"""Jobs counted for INK's pages: by state, by user, by day. Pure, over the jobs of the queue mirror."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from ink_core.api.v2.job_rows import state_word, type_of
from ink_core.compute.model import ENDED_STATES, Job, JobState
from ink_core.compute.queue_index import EVERYBODY, QueueIndex

KEYS: dict[str, Callable[[Job], str]] = {
    "status": lambda job: state_word(job.state),
    "user": lambda job: job.owner,
    "type": type_of,
    "group": lambda job: job.group or "",
    "partition": lambda job: job.queue or "",
}
"""What `query_type` may count by."""


def by(query_type: str, jobs: Iterable[Job]) -> list[dict[str, Any]]:
    """The most frequent first."""
    counts = Counter(map(KEYS[query_type], jobs))
    return [{"name": name, "value": count} for name, count in sorted(counts.items(), key=lambda one: (-one[1], one[0]))]


def stacked(jobs: Iterable[Job], key: Callable[[Job], str], name: str) -> list[dict[str, Any]]:
    """One row for each value of `key`, with the number of jobs in each state that occurs."""
    rows: dict[str, Counter[str]] = {}
    for job in jobs:
        rows.setdefault(key(job), Counter())[state_word(job.state)] += 1
    return [{name: value, "total": counts.total(), **counts} for value, counts in sorted(rows.items())]


def in_words(counts: Mapping[str, int]) -> dict[str, int]:
    """Numbers of jobs by our states as numbers by INK's words."""
    words: Counter[str] = Counter()
    for state, number in counts.items():
        words[state_word(JobState(state))] += number
    return dict(words)


def stacked_by_owner(indexes: Iterable[QueueIndex]) -> list[dict[str, Any]]:
    """Jobs that have not ended by their owners, as `stacked` shows them, from what each index has counted."""
    rows: dict[str, Counter[str]] = {}
    for index in indexes:
        for owner, counts in index.counts.items():
            if owner != EVERYBODY and (open_ := {state: n for state, n in counts.items() if state not in ENDED_STATES}):
                rows.setdefault(owner, Counter()).update(in_words(open_))
    return [{"user": owner, "total": counts.total(), **counts} for owner, counts in sorted(rows.items())]


def daily(jobs: Iterable[Job], today: date, days: int) -> list[dict[str, Any]]:
    """Submitted and ended jobs of each of the last days (UTC), the oldest first, days without any included."""
    submitted = Counter(job.submitted_at.date() for job in jobs if job.submitted_at)
    ended = Counter(job.ended_at.date() for job in jobs if job.ended_at)
    shown = [today - timedelta(days=back) for back in reversed(range(days))]
    return [{"date": day.isoformat(), "submitted": submitted[day], "ended": ended[day]} for day in shown]


def ended_between(jobs: Iterable[Job], start: datetime | None, end: datetime | None) -> Sequence[Job]:
    return [
        job
        for job in jobs
        if job.ended_at and (start is None or job.ended_at >= start) and (end is None or job.ended_at < end)
    ]
