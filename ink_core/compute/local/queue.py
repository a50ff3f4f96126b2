"""The queue of the local scheduler: what submitters and readers do with the shared SQLite file.

Each method is one transaction, so any number of processes may use the file. Not for network file systems (SQLite's own
limit). Running jobs is in `slots.py`; the standard library is all that is used here.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Generator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from ink_core.compute.local.capacity import Capacity
from ink_core.compute.local.schema import (
    ADDED,
    COUNT_JOBS,
    IN_USE,
    JOBS,
    LATEST_CHANGE,
    PRIORITY,
    SCHEMA,
    SELECT_JOBS,
    LocalJob,
    NewJobs,
    job_from,
    keys,
)
from ink_core.wal import use_wal

KEPT_ENDED_JOBS = 10_000
_BUSY_TIMEOUT_S = 10.0


@dataclass(frozen=True)
class Seen:
    """Rows of jobs, for `job_from`, as they were after the change of this number."""

    latest_change: int
    rows: Sequence[sqlite3.Row]


class LocalQueue:
    """`directory` is made when it is missing, readable by its owner only."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        with self._connection() as connection:
            use_wal(connection, _BUSY_TIMEOUT_S)
            connection.executescript(SCHEMA)
        self._add_columns()

    @contextmanager
    def _connection(self) -> Generator[sqlite3.Connection]:
        """A connection of its own for each use: it may not cross threads, nor survive a fork."""
        connection = sqlite3.connect(self.directory / "queue.db", timeout=_BUSY_TIMEOUT_S, isolation_level=None)
        try:
            connection.row_factory = sqlite3.Row
            connection.execute("PRAGMA foreign_keys = ON")
            connection.execute("PRAGMA synchronous = FULL")
            yield connection
        finally:
            connection.close()

    @contextmanager
    def transaction(self) -> Generator[sqlite3.Connection]:
        """A write transaction: nobody else writes until it ends."""
        with self._connection() as connection:
            connection.execute("BEGIN IMMEDIATE")
            try:
                yield connection
            except BaseException:
                connection.execute("ROLLBACK")
                raise
            connection.execute("COMMIT")

    def _add_columns(self) -> None:
        with self.transaction() as connection:
            for table, column, kind in ADDED:
                known = {row["name"] for row in connection.execute(f"PRAGMA table_info({table})")}
                if column not in known:
                    connection.execute(f"ALTER TABLE {table} ADD COLUMN {column} {kind}")

    def submit(self, new: NewJobs) -> tuple[str, ...]:
        """Adds the jobs unless this owner's operation did so before; the ids either way, in order."""
        with self.transaction() as connection:
            cluster_id = _cluster_of(connection, new.owner, new.operation_id)
            if cluster_id is None:
                cluster_id = _insert(connection, new)
                _forget_oldest(connection)
            return _ids(connection, cluster_id)

    def submit_dag(self, nodes: Sequence[NewJobs]) -> tuple[str, ...]:
        """The same for all nodes of one DAG, those before first: all of them, or none."""
        owner, dag = nodes[0].owner, nodes[0].dag
        with self.transaction() as connection:
            if not (job_ids := _ids_of_dag(connection, owner, dag)):
                made: dict[str | None, int] = {}
                for node in nodes:
                    made[node.dag_node] = _insert(connection, node, [made[parent] for parent in node.parents])
                _forget_oldest(connection)
                job_ids = _ids_of_dag(connection, owner, dag)
            return job_ids

    def find_dag(self, owner: str, dag: str) -> tuple[str, ...]:
        with self._connection() as connection:
            return _ids_of_dag(connection, owner, dag)

    def find(self, owner: str, operation_id: str) -> tuple[str, ...]:
        with self._connection() as connection:
            cluster_id = _cluster_of(connection, owner, operation_id)
            return () if cluster_id is None else _ids(connection, cluster_id)

    def job(self, job_id: str) -> LocalJob | None:
        with self._connection() as connection:
            row = connection.execute(f"{SELECT_JOBS} WHERE cluster_id = ? AND proc_id = ?", keys(job_id)).fetchone()
            return None if row is None else job_from(row)

    def all_rows(self, ended_after: float, limit: int) -> Seen:
        """Of all jobs that have not ended, and of the latest `limit` that ended after that moment."""
        with self._connection() as connection:
            connection.execute("BEGIN")  # all questions are of one moment
            (latest,) = connection.execute(LATEST_CHANGE).fetchone()
            rows = connection.execute(f"{SELECT_JOBS} WHERE ended_at IS NULL ORDER BY cluster_id, proc_id").fetchall()
            rows += connection.execute(
                f"{SELECT_JOBS} WHERE ended_at > ? ORDER BY ended_at DESC LIMIT ?", (ended_after, limit)
            )
            return Seen(latest, rows)

    def rows_since(self, change: int) -> Seen:
        """Of those jobs that came or changed after that change."""
        changed = "SELECT cluster_id, proc_id FROM latest_changes WHERE number > ?"
        with self._connection() as connection:
            connection.execute("BEGIN")
            (latest,) = connection.execute(LATEST_CHANGE).fetchone()
            rows = connection.execute(
                f"{SELECT_JOBS} WHERE (cluster_id, proc_id) IN ({changed}) ORDER BY cluster_id, proc_id", (change,)
            ).fetchall()
            return Seen(latest, rows)

    def ahead_of(self, job: LocalJob) -> int:
        """How many waiting jobs start before this one."""
        before = f"(-{PRIORITY}, cluster_id, proc_id) < (?, ?, ?)"
        with self._connection() as connection:
            (count,) = connection.execute(
                f"{COUNT_JOBS} WHERE state = 'QUEUEING' AND waits_for IS NULL AND {before}",
                (-job.priority, *keys(job.job_id)),
            ).fetchone()
            return count

    def in_use(self) -> Capacity:
        with self._connection() as connection:
            return Capacity(*connection.execute(IN_USE).fetchone())

    def change_state(
        self,
        job_id: str,
        allowed: Sequence[str],
        state: str,
        reason: str | None,
        code: str | None,
        ended_at: float | None,
    ) -> LocalJob | None:
        """Moves the job if it is in an allowed state. The job as it was before; None when there is no such job."""
        with self.transaction() as connection:
            row = connection.execute(f"{SELECT_JOBS} WHERE cluster_id = ? AND proc_id = ?", keys(job_id)).fetchone()
            if row is not None and row["state"] in allowed:
                connection.execute(
                    "UPDATE jobs SET state = ?, reason = ?, reason_code = ?, ended_at = ? "
                    "WHERE cluster_id = ? AND proc_id = ?",
                    (state, reason, code, ended_at, *keys(job_id)),
                )
            return None if row is None else job_from(row)

    def edit(self, job_id: str, allowed: Sequence[str], changes: Mapping[str, object]) -> LocalJob | None:
        """Changes the job if it is in an allowed state. The job as it was before; None when there is no such job."""
        with self.transaction() as connection:
            row = connection.execute(f"{SELECT_JOBS} WHERE cluster_id = ? AND proc_id = ?", keys(job_id)).fetchone()
            if row is not None and row["state"] in allowed:
                merged = json.dumps(json.loads(row["changes"] or "{}") | dict(changes))
                connection.execute(
                    "UPDATE jobs SET changes = ? WHERE cluster_id = ? AND proc_id = ?", (merged, *keys(job_id))
                )
            return None if row is None else job_from(row)


def _cluster_of(connection: sqlite3.Connection, owner: str, operation_id: str) -> int | None:
    row = connection.execute(
        "SELECT cluster_id FROM clusters WHERE owner = ? AND operation_id = ?", (owner, operation_id)
    ).fetchone()
    return None if row is None else row[0]


def _ids_of_dag(connection: sqlite3.Connection, owner: str, dag: str | None) -> tuple[str, ...]:
    wanted = f"SELECT cluster_id, proc_id {JOBS} WHERE owner = ? AND dag = ? ORDER BY cluster_id, proc_id"
    return tuple(f"{row[0]}.{row[1]}" for row in connection.execute(wanted, (owner, dag)))


def _insert(connection: sqlite3.Connection, new: NewJobs, parents: Sequence[int] = ()) -> int:
    cursor = connection.execute(
        "INSERT INTO clusters (owner, operation_id, name, argv, working_directory, stdout, stderr, environment, cpus, "
        "memory_mb, wall_time_s, queue, job_group, priority, submitted_at, dag, dag_node, parents) "
        "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            new.owner, new.operation_id, new.name, json.dumps(new.argv), new.working_directory, new.stdout, new.stderr,
            json.dumps(new.environment), new.cpus, new.memory_mb, new.wall_time_s, new.queue, new.group,
            new.priority, new.submitted_at, new.dag, new.dag_node, json.dumps(parents),
        ),
    )  # fmt: skip
    cluster_id = cursor.lastrowid
    assert cluster_id is not None
    connection.executemany(
        "INSERT INTO jobs (cluster_id, proc_id, state, waits_for) VALUES (?, ?, 'QUEUEING', ?)",
        [(cluster_id, proc_id, ", ".join(new.parents) or None) for proc_id in range(new.count)],
    )
    return cluster_id


def _ids(connection: sqlite3.Connection, cluster_id: int) -> tuple[str, ...]:
    rows = connection.execute("SELECT proc_id FROM jobs WHERE cluster_id = ? ORDER BY proc_id", (cluster_id,))
    return tuple(f"{cluster_id}.{row[0]}" for row in rows)


def _forget_oldest(connection: sqlite3.Connection) -> None:
    """Keeps the file bounded: the oldest clusters go once all their jobs have ended."""
    connection.execute(
        "DELETE FROM clusters WHERE cluster_id IN ("
        " SELECT cluster_id FROM jobs GROUP BY cluster_id HAVING count(*) = count(ended_at) AND max(ended_at) <= ("
        "  SELECT ended_at FROM jobs WHERE ended_at IS NOT NULL ORDER BY ended_at DESC LIMIT 1 OFFSET ?))",
        (KEPT_ENDED_JOBS,),
    )
