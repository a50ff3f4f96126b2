"""The list of jobs: which of them a query means, newest first, and how many are in each state."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from typing import Any

from joblens.records import JobKey
from joblens.store.texts import stored
from joblens.store.trace_store import HOST_SILENT_S, JOB_SILENT_S, JobQuery, JobState

RUNNING = (
    "EXISTS (SELECT 1 FROM job_host JOIN host ON host.id = host_id WHERE job_id = job.id AND NOT job_host.ended "
    "AND host.heard > :heard_since AND coalesce(job_host.seen, host.heard) > :seen_since)"
)
"""The state as of the last fold, at most a few minutes old: an end is told at once, silence is measured in longer."""

_STATES = {
    JobState.ENDED: "job.ended",
    JobState.RUNNING: f"(NOT job.ended AND {RUNNING})",
    JobState.LOST: f"(NOT job.ended AND NOT {RUNNING})",
}
_GOES_ON_SINCE = (
    "(job.last_seen >= :since OR EXISTS (SELECT 1 FROM job_host JOIN host ON host.id = host_id "
    "WHERE job_id = job.id AND NOT job_host.ended AND host.heard >= :since))"
)
_HAS_TEXT = (
    "(instr(folded(job.job), :text) OR EXISTS (SELECT 1 FROM job_host WHERE job_id = job.id "
    "AND (instr(folded(user), :text) OR instr(folded(name), :text))))"
)
_AFTER = "(job.began, job.cluster, job.job) < (:began, :after_cluster, :after_job)"

Found = tuple[int, float, JobKey]
"""A job's number, when it began, and its key."""


def find(
    connection: sqlite3.Connection, query: JobQuery, now: float, *, limit: int, after: Sequence[Any] | None
) -> list[Found]:
    """Newest first, of those behind `after` (when it began, its cluster and job)."""
    where, values = _selection(query, now)
    if after is not None:
        where.append(_AFTER)
        values |= dict(zip(("began", "after_cluster", "after_job"), after, strict=True))
    statement = (
        f"SELECT id, began, cluster, job FROM job WHERE {' AND '.join(where)} "  # noqa: S608  (values are bound)
        "ORDER BY began DESC, cluster DESC, job DESC LIMIT :limit"
    )
    rows = connection.execute(statement, values | {"limit": limit}).fetchall()
    return [(number, began, JobKey(cluster, job)) for number, began, cluster, job in rows]


def counts(connection: sqlite3.Connection, query: JobQuery, now: float) -> dict[JobState, int]:
    where, values = _selection(query, now)
    sums = ", ".join(f"coalesce(sum({_STATES[state]}), 0)" for state in JobState)
    statement = f"SELECT {sums} FROM job WHERE {' AND '.join(where)}"  # noqa: S608
    return dict(zip(JobState, connection.execute(statement, values).fetchone(), strict=True))


def _selection(query: JobQuery, now: float) -> tuple[list[str], dict[str, Any]]:
    where = ["1"]
    values: dict[str, Any] = {"heard_since": now - HOST_SILENT_S, "seen_since": now - JOB_SILENT_S}
    if query.cluster is not None:
        where.append("job.cluster = :cluster")
        values["cluster"] = stored(query.cluster)
    if query.states is not None:
        where.append(f"({' OR '.join(_STATES[state] for state in query.states) or '0'})")
    if query.users is not None:
        where.append(_among("SELECT 1 FROM job_host WHERE job_id = job.id AND user", "user", query.users, values))
    if query.hosts is not None:
        joined = "SELECT 1 FROM job_host JOIN host ON host.id = host_id WHERE job_id = job.id AND host.name"
        where.append(_among(joined, "host", query.hosts, values))
    if query.since is not None:
        where.append(_GOES_ON_SINCE)
        values["since"] = query.since
    if query.until is not None:
        where.append("job.began <= :until")
        values["until"] = query.until
    if query.text:
        where.append(_HAS_TEXT)
        values["text"] = stored(query.text).lower()
    return where, values


def _among(select: str, name: str, wanted: Sequence[str], values: dict[str, Any]) -> str:
    names = [f"{name}{number}" for number in range(len(wanted))]
    values |= dict(zip(names, map(stored, wanted), strict=True))
    return f"EXISTS ({select} IN ({', '.join(f':{each}' for each in names)}))"
