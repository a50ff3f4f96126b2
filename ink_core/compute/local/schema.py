"""Tables of the local queue, and one job as they hold it. Standard library only: every running job keeps a runner."""

from __future__ import annotations

import json
import sqlite3
from dataclasses import dataclass

from ink_core.compute.local.capacity import Capacity
from ink_core.compute.placeholders import numbered

SCHEMA = """
CREATE TABLE IF NOT EXISTS clusters (
    cluster_id INTEGER PRIMARY KEY AUTOINCREMENT,
    owner TEXT NOT NULL,
    operation_id TEXT NOT NULL,
    name TEXT NOT NULL,
    argv TEXT NOT NULL,
    working_directory TEXT NOT NULL,
    stdout TEXT NOT NULL,
    stderr TEXT NOT NULL,
    environment TEXT NOT NULL,
    cpus INTEGER NOT NULL,
    memory_mb INTEGER NOT NULL,
    wall_time_s INTEGER,
    queue TEXT,
    job_group TEXT,
    priority INTEGER NOT NULL DEFAULT 0,
    submitted_at REAL NOT NULL,
    dag TEXT,
    dag_node TEXT,
    parents TEXT,
    UNIQUE (owner, operation_id)
);
CREATE TABLE IF NOT EXISTS jobs (
    cluster_id INTEGER NOT NULL REFERENCES clusters ON DELETE CASCADE,
    proc_id INTEGER NOT NULL,
    state TEXT NOT NULL,
    reason TEXT,
    reason_code TEXT,
    claim TEXT,
    claimed_at REAL,
    runner TEXT,
    process TEXT,
    started_at REAL,
    ended_at REAL,
    exit_code INTEGER,
    memory_peak_mb INTEGER,
    cpu_used_s REAL,
    changes TEXT,
    waits_for TEXT,
    PRIMARY KEY (cluster_id, proc_id)
);
CREATE INDEX IF NOT EXISTS jobs_by_state ON jobs (state, cluster_id, proc_id);
CREATE INDEX IF NOT EXISTS jobs_by_claim ON jobs (claim) WHERE claim IS NOT NULL;
CREATE INDEX IF NOT EXISTS jobs_by_end ON jobs (ended_at) WHERE ended_at IS NOT NULL;
CREATE TABLE IF NOT EXISTS latest_changes (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    cluster_id INTEGER NOT NULL,
    proc_id INTEGER NOT NULL,
    UNIQUE (cluster_id, proc_id),
    FOREIGN KEY (cluster_id, proc_id) REFERENCES jobs ON DELETE CASCADE
);
CREATE TRIGGER IF NOT EXISTS job_came AFTER INSERT ON jobs BEGIN
    INSERT OR REPLACE INTO latest_changes (cluster_id, proc_id) VALUES (NEW.cluster_id, NEW.proc_id);
END;
CREATE TRIGGER IF NOT EXISTS job_changed AFTER UPDATE ON jobs BEGIN
    INSERT OR REPLACE INTO latest_changes (cluster_id, proc_id) VALUES (NEW.cluster_id, NEW.proc_id);
END;
"""
"""A job has the number of its latest change, whoever made it, a runner of an earlier release too."""
ADDED = (
    ("clusters", "priority", "INTEGER NOT NULL DEFAULT 0"), ("jobs", "changes", "TEXT"),
    ("clusters", "dag", "TEXT"), ("clusters", "dag_node", "TEXT"), ("clusters", "parents", "TEXT"),
    ("jobs", "waits_for", "TEXT"),
)  # fmt: skip
"""Columns that a queue of an earlier release lacks."""
JOBS = "FROM jobs JOIN clusters USING (cluster_id)"
IN_USE = (
    "SELECT coalesce(sum(coalesce(json_extract(changes, '$.cpus'), cpus)), 0), "
    f"coalesce(sum(coalesce(json_extract(changes, '$.memory_mb'), memory_mb)), 0) {JOBS} WHERE claim IS NOT NULL"
)
COUNT_JOBS = f"SELECT count(*) {JOBS}"
PRIORITY = "coalesce(json_extract(changes, '$.priority'), priority)"
"""What one job has now, in SQL: its cluster's value unless the job itself was changed."""


@dataclass(frozen=True)
class NewJobs:
    """`count` equal jobs. In `stdout` and `stderr`, `{job_id}` stands for the job's id.

    Of a node of a DAG, `parents` are the nodes that it waits for.
    """

    owner: str
    operation_id: str
    name: str
    argv: tuple[str, ...]
    working_directory: str
    stdout: str
    stderr: str
    environment: dict[str, str]
    cpus: int
    memory_mb: int
    wall_time_s: int | None
    queue: str | None
    group: str | None
    priority: int
    count: int
    submitted_at: float
    dag: str | None = None
    dag_node: str | None = None
    parents: tuple[str, ...] = ()


@dataclass(frozen=True)
class LocalJob:
    """One job. `claim` is set while it holds slots; `runner` and `process` name running processes.

    `dag_parents` are all nodes of its DAG before it, `waits_for` names those that have not all ended well.
    """

    job_id: str
    owner: str
    operation_id: str
    name: str
    argv: tuple[str, ...]
    working_directory: str
    stdout: str
    stderr: str
    environment: dict[str, str]
    cpus: int
    memory_mb: int
    wall_time_s: int | None
    queue: str | None
    group: str | None
    priority: int
    submitted_at: float
    state: str
    reason: str | None
    reason_code: str | None
    claim: str | None
    claimed_at: float | None
    runner: str | None
    process: str | None
    started_at: float | None
    ended_at: float | None
    exit_code: int | None
    memory_peak_mb: int | None
    cpu_used_s: float | None
    dag: str | None
    dag_node: str | None
    dag_parents: tuple[str, ...]
    waits_for: str | None

    @property
    def asked(self) -> Capacity:
        return Capacity(self.cpus, self.memory_mb)


LATEST_CHANGE = "SELECT coalesce(max(seq), 0) FROM sqlite_sequence WHERE name = 'latest_changes'"
SELECT_JOBS = (
    "SELECT *, (SELECT json_group_array(DISTINCT before.dag_node) FROM json_each(clusters.parents) parent "
    "JOIN clusters before ON before.cluster_id = parent.value) AS dag_parents "
    "FROM jobs JOIN clusters USING (cluster_id)"
)


def job_from(row: sqlite3.Row) -> LocalJob:
    values = dict(row)
    values |= json.loads(values.pop("changes") or "{}")
    del values["parents"]
    cluster, proc = str(values.pop("cluster_id")), str(values.pop("proc_id"))
    job_id = f"{cluster}.{proc}"
    values["dag_parents"] = tuple(sorted(json.loads(values["dag_parents"])))
    values["argv"] = tuple(numbered(word, cluster, proc) for word in json.loads(values["argv"]))
    values["environment"] = json.loads(values["environment"])
    values["group"] = values.pop("job_group")
    for stream in ("stdout", "stderr"):
        values[stream] = numbered(values[stream].replace("{job_id}", job_id), cluster, proc)
    return LocalJob(job_id=job_id, **values)


def keys(job_id: str) -> tuple[int, int]:
    """Cluster and proc id of `12.0`; (-1, -1), which no job has, for anything else."""
    cluster, _, proc = job_id.partition(".")
    if cluster.isdecimal() and proc.isdecimal() and len(job_id) < 20:
        return int(cluster), int(proc)
    return -1, -1
