"""Jobs counted for INK's pages: by state, by user, by day. Pure, over what the queue mirror and the history have."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from datetime import date, timedelta
from typing import Any

from ink_core.api.ink_rows.jobs import state_word, type_of
from ink_core.compute.history import DayCounts
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


def stacked_by_owner(several: Iterable[Mapping[str, Mapping[str, int]]]) -> list[dict[str, Any]]:
    """Numbers of jobs by owner and state, of several places, as `stacked` shows them."""
    rows: dict[str, Counter[str]] = {}
    for counts in several:
        for owner, states in counts.items():
            rows.setdefault(owner, Counter()).update(in_words(states))
    return [{"user": owner, "total": counts.total(), **counts} for owner, counts in sorted(rows.items())]


def open_counts(index: QueueIndex) -> Mapping[str, Mapping[str, int]]:
    """Jobs that have not ended by owner and state, from what the index has counted."""
    counts = {
        owner: {state: number for state, number in states.items() if state not in ENDED_STATES}
        for owner, states in index.counts.items()
        if owner != EVERYBODY
    }
    return {owner: states for owner, states in counts.items() if states}


def daily(jobs: Iterable[Job], recorded: DayCounts, today: date, days: int) -> list[dict[str, Any]]:
    """Submitted and ended jobs of each of the last days (UTC), the oldest first, days without any included.

    `jobs` have not ended, and so are not in the history, of which `recorded` is.
    """
    still = DayCounts()
    for job in jobs:
        still.add(job)
    submitted, ended = still.submitted + recorded.submitted, still.ended + recorded.ended
    shown = [today - timedelta(days=back) for back in reversed(range(days))]
    return [{"date": day.isoformat(), "submitted": submitted[day], "ended": ended[day]} for day in shown]
