"""Taking batches: each is one row of the tail, and the jobs that it speaks of are in the list at once."""

from __future__ import annotations

import json
import sqlite3

from joblens.records import Batch, JobKey
from joblens.store.embedded.file import inserted
from joblens.store.embedded.folding import fold_tail
from joblens.store.grouping import by_job
from joblens.store.news import KnownJobs, told_of
from joblens.store.sequences import taken
from joblens.store.texts import stored

FOLD_BATCHES = 60
FOLD_BYTES = 4 << 20
FOLD_AGE_S = 600.0
FOLD_APART = 20
"""A tail is folded so many batches earlier at most, by its host: those of nodes that began together are not folded
together."""

_HOST = "SELECT id, kept, heard, tail_batches, tail_bytes, tail_since FROM host WHERE name = ?"
_HEARD = "UPDATE host SET kept = ?, heard = ?, tail_batches = ?, tail_bytes = ?, tail_since = ? WHERE id = ?"
_NEW_HOST = "INSERT INTO host (name, heard, kept, tail_batches, tail_bytes, tail_since) VALUES (?, 0, '[]', 0, 0, 0)"
_NEW_JOB = "INSERT INTO job (cluster, job, began, last_seen, ended) VALUES (?, ?, ?, ?, 0)"
_ON_HOST = (
    "INSERT INTO job_host (job_id, host_id, user, name, ended, seen) VALUES (?, ?, ?, ?, ?, ?) "
    "ON CONFLICT DO UPDATE SET ended = CASE WHEN excluded.seen IS NULL THEN ended ELSE excluded.ended END, "
    "seen = coalesce(excluded.seen, seen), "
    "user = CASE excluded.user WHEN '' THEN user ELSE excluded.user END, "
    "name = CASE excluded.name WHEN '' THEN name ELSE excluded.name END"
)
_ENDED = (
    "UPDATE job SET last_seen = max(last_seen, ?), "
    "ended = NOT EXISTS (SELECT 1 FROM job_host WHERE job_id = job.id AND NOT ended) WHERE id = ?"
)


class Writer:
    """Holds nothing that a crash could lose: `_known` only spares looking again what is in the file."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._known = KnownJobs()
        self._version = -1

    def forget(self) -> None:
        """The file may hold other jobs now: after a rollback, or when some were removed."""
        self._known.clear()

    def look_for_others(self) -> None:
        """Another process may have removed jobs."""
        (version,) = self._connection.execute("PRAGMA data_version").fetchone()
        if version != self._version:
            self._version = version
            self.forget()

    def take(self, batch: Batch, encoded: bytes) -> None:
        """Inside a transaction."""
        host_id, kept, heard, batches, size, since = self._host(batch.host)
        ranges = json.loads(kept)
        if not taken(ranges, batch.sequence):
            return
        self._connection.execute("INSERT INTO tail VALUES (?, ?, ?)", (host_id, batch.sequence, encoded))
        self._list_jobs(host_id, batch)
        tail = (batches + 1, size + len(encoded), since if batches else batch.time)
        if (
            tail[0] >= FOLD_BATCHES - (host_id - 1) % FOLD_APART
            or tail[1] >= FOLD_BYTES
            or batch.time - tail[2] >= FOLD_AGE_S
        ):
            fold_tail(self._connection, host_id, batch.host)
            tail = (0, 0, 0.0)
        values = (json.dumps(ranges, separators=(",", ":")), max(heard, batch.time), *tail, host_id)
        self._connection.execute(_HEARD, values)

    def _host(self, name: str) -> tuple[int, str, float, int, int, float]:
        row = self._connection.execute(_HOST, (stored(name),)).fetchone()
        if row is None:
            self._connection.execute(_NEW_HOST, (stored(name),))
            row = self._connection.execute(_HOST, (stored(name),)).fetchone()
        return row

    def _list_jobs(self, host_id: int, batch: Batch) -> None:
        changed = self._known.changed(batch.host, by_job(batch))
        for key, rows in changed.items():
            told = told_of(batch, rows)
            job_id = job_of(self._connection, key, told.began, told.seen)
            names = (stored(told.user), stored(told.name))
            self._connection.execute(_ON_HOST, (job_id, host_id, *names, told.ended, told.sampled))
            self._connection.execute(_ENDED, (told.seen, job_id))
        self._known.note(batch.host, changed)


def job_of(connection: sqlite3.Connection, key: JobKey, began: float, seen: float) -> int:
    """The number of a job, made when it is new."""
    names = (stored(key.cluster), stored(key.job))
    row = connection.execute("SELECT id FROM job WHERE cluster = ? AND job = ?", names).fetchone()
    if row is None:
        return inserted(connection.execute(_NEW_JOB, (*names, began, seen)))
    return row[0]
