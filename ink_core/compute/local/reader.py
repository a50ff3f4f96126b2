"""Reads the local queue and this machine's state."""

from __future__ import annotations

import os
import platform
import shlex
import sqlite3
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from ink_core.clock import Clock, SystemClock
from ink_core.compute.local.capacity import of_machine
from ink_core.compute.local.control import queue_errors
from ink_core.compute.local.explain import explain
from ink_core.compute.local.queue import LocalQueue
from ink_core.compute.local.schema import LocalJob, job_from
from ink_core.compute.local.slots import pump
from ink_core.compute.model import Associations, ClusterHealth, Explanation, Job, JobState, Node, QueueSnapshot
from ink_core.compute.priorities import Measure, Priorities
from ink_core.compute.topology import NodeDetails, Topology
from ink_core.errors import JobNotFound


class LocalReader:
    """Ended jobs are shown for `history_s` seconds, the latest `history_limit` of them.

    A job whose row is as it was at the last look is the same object again: most of a large queue is made once.
    """

    def __init__(
        self,
        cluster: str,
        directory: Path,
        *,
        slots: int | None = None,
        history_s: float = 7 * 86400,
        history_limit: int = 2000,
        clock: Clock | None = None,
    ) -> None:
        self._cluster = cluster
        self._machine = of_machine(slots)
        self._history_s = history_s
        self._history_limit = history_limit
        self._clock = clock or SystemClock()
        with queue_errors(directory):
            self._queue = LocalQueue(directory)
        self._seen: dict[tuple[int, int], tuple[sqlite3.Row, Job]] = {}

    @property
    def cluster(self) -> str:
        return self._cluster

    def snapshot(self) -> QueueSnapshot:
        now = self._clock.now()
        with queue_errors(self._queue.directory):
            pump(self._queue, self._machine, now.timestamp())
            rows = self._queue.rows(now.timestamp() - self._history_s, self._history_limit)
            self._seen = {(row["cluster_id"], row["proc_id"]): self._made_of(row) for row in rows}
        jobs = tuple(job for _, job in self._seen.values())
        return QueueSnapshot.model_construct(cluster=self._cluster, observed_at=now, jobs=jobs)

    def _made_of(self, row: sqlite3.Row) -> tuple[sqlite3.Row, Job]:
        known = self._seen.get((row["cluster_id"], row["proc_id"]))
        if known is not None and known[0] == row:
            return known
        return row, to_model(self._cluster, job_from(row))

    def look(self, job_ids: Sequence[str]) -> Sequence[Job]:
        with queue_errors(self._queue.directory):
            pump(self._queue, self._machine, self._clock.now().timestamp())
            return [to_model(self._cluster, job) for job_id in job_ids if (job := self._queue.job(job_id))]

    def health(self) -> ClusterHealth:
        with queue_errors(self._queue.directory):
            used = self._queue.in_use().cpus
        cpus, memory_mb = self._machine.cpus, self._machine.memory_mb
        state = "busy" if used >= cpus else "idle" if used == 0 else "partly busy"
        node = Node(name=platform.node(), state=state, cpus=cpus, cpus_used=used, memory_mb=memory_mb)
        return ClusterHealth(cluster=self._cluster, observed_at=self._clock.now(), nodes=(node,), problems=())

    def topology(self) -> Topology:
        health = self.health()
        nodes = tuple(NodeDetails(**node.model_dump(), load=round(os.getloadavg()[0], 1)) for node in health.nodes)
        return Topology(cluster=self._cluster, observed_at=health.observed_at, nodes=nodes)

    def associations(self, user: str) -> Associations:
        return Associations()

    def priorities(self) -> Priorities:
        """Nobody's: jobs begin by their own priority, then in the order in which they came."""
        return Priorities(cluster=self._cluster, observed_at=self._clock.now(), measure=Measure.NONE)

    def explain(self, job_id: str) -> Explanation:
        with queue_errors(self._queue.directory):
            pump(self._queue, self._machine, self._clock.now().timestamp())
            job = self._queue.job(job_id)
            if job is None:
                raise JobNotFound(f"cluster {self._cluster} has no job {job_id}")
            ahead, used = self._queue.ahead_of(job), self._queue.in_use()
        return explain(job, ahead=ahead, machine=self._machine, used=used)


def to_model(cluster: str, job: LocalJob) -> Job:
    return Job(
        cluster=cluster,
        job_id=job.job_id,
        owner=job.owner,
        name=job.name,
        state=JobState(job.state),
        command=shlex.join(job.argv),
        submitted_at=_time(job.submitted_at),
        started_at=_time(job.started_at),
        ended_at=_time(job.ended_at),
        node=platform.node() if job.started_at is not None else None,
        cpus=job.cpus,
        memory_mb=job.memory_mb,
        wall_time_s=job.wall_time_s,
        priority=job.priority,
        memory_peak_mb=job.memory_peak_mb,
        cpu_used_s=job.cpu_used_s,
        exit_code=job.exit_code,
        reason=job.reason
        or (f"it waits for {job.waits_for} of its DAG" if job.waits_for and job.ended_at is None else None),
        reason_code=job.reason_code,
        queue=job.queue,
        group=job.group,
        working_directory=job.working_directory,
        stdout=str(Path(job.working_directory, job.stdout)),
        stderr=str(Path(job.working_directory, job.stderr)),
        operation_id=job.operation_id.partition(" ")[0],
        dag=job.dag,
        dag_node=job.dag_node,
        dag_parents=None if job.dag_node is None else {job.dag_node: job.dag_parents},
    )


def _time(seconds: float | None) -> datetime | None:
    return None if seconds is None else datetime.fromtimestamp(seconds, UTC)
