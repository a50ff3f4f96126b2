"""Removing whole jobs: what is old, or the oldest when the file is full. A few at a time: a writer waits little."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence

from joblens.store.embedded.file import give_back, transaction
from joblens.store.embedded.folding import fold_tail
from joblens.store.embedded.listing import RUNNING
from joblens.store.trace_store import HOST_SILENT_S, JOB_SILENT_S

CHUNK = 200
_OLD = f"SELECT id FROM job WHERE last_seen < :before AND (ended OR NOT {RUNNING}) ORDER BY last_seen LIMIT {CHUNK}"  # noqa: S608
_OLDEST = "SELECT id FROM job WHERE ended ORDER BY last_seen LIMIT 20"
_OLDEST_LOST = f"SELECT id FROM job WHERE NOT {RUNNING} ORDER BY last_seen LIMIT 20"  # noqa: S608


def expire(connection: sqlite3.Connection, before: float, now: float) -> int:
    """Folds every tail first: what it holds of a job goes with the job."""
    for host_id, name in connection.execute("SELECT id, name FROM host WHERE tail_batches > 0").fetchall():
        with transaction(connection):
            fold_tail(connection, host_id, name)
    values = {"before": before, **_silent(now)}
    removed = 0
    while True:
        with transaction(connection):
            jobs = [number for (number,) in connection.execute(_OLD, values)]
            remove(connection, jobs)
        removed += len(jobs)
        if len(jobs) < CHUNK:
            give_back(connection)
            return removed


def remove_oldest(connection: sqlite3.Connection, now: float) -> int:
    """Some of those that ended longest ago, or else that were lost from sight; inside a transaction."""
    jobs = connection.execute(_OLDEST).fetchall() or connection.execute(_OLDEST_LOST, _silent(now)).fetchall()
    remove(connection, [number for (number,) in jobs])
    return len(jobs)


def _silent(now: float) -> dict[str, float]:
    return {"heard_since": now - HOST_SILENT_S, "seen_since": now - JOB_SILENT_S}


def remove(connection: sqlite3.Connection, jobs: Sequence[int]) -> None:
    """All of these jobs, and the paths that no other has; inside a transaction."""
    for job in jobs:
        paths = connection.execute("SELECT DISTINCT path_id FROM file WHERE job_id = ?", (job,)).fetchall()
        for table in ("block", "file", "mark", "job_host"):
            connection.execute(f"DELETE FROM {table} WHERE job_id = ?", (job,))  # noqa: S608
        connection.execute("DELETE FROM job WHERE id = ?", (job,))
        connection.executemany(
            "DELETE FROM path WHERE id = ? AND NOT EXISTS (SELECT 1 FROM file WHERE path_id = path.id)", paths
        )


def used_bytes(connection: sqlite3.Connection) -> int:
    """What the file holds, without its free pages."""
    size, pages, free = (
        connection.execute(f"PRAGMA {name}").fetchone()[0] for name in ("page_size", "page_count", "freelist_count")
    )
    return size * (pages - free)
