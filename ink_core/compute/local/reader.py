"""Reads the local queue and this machine's state."""

from __future__ import annotations

import os
import platform
import shlex
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from operator import attrgetter
from pathlib import Path

from ink_core.clock import Clock, SystemClock
from ink_core.compute.local.capacity import of_machine
from ink_core.compute.local.control import queue_errors
from ink_core.compute.local.explain import explain
from ink_core.compute.local.queue import LocalQueue, Seen
from ink_core.compute.local.schema import LocalJob, job_from
from ink_core.compute.local.slots import pump
from ink_core.compute.model import Associations, ClusterHealth, Explanation, Job, JobState, Node, QueueSnapshot
from ink_core.compute.priorities import Measure, Priorities
from ink_core.compute.topology import NodeDetails, Topology
from ink_core.errors import JobNotFound


class LocalReader:
    """Ended jobs are shown for `history_s` seconds, the latest `history_limit` of them.

    Only jobs that came or changed since the last look are read: all others are the same objects again.
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
        self._latest_change: int | None = None
        self._in_queue: dict[str, Job] = {}
        self._ended: dict[str, Job] = {}
        self._jobs: tuple[Job, ...] = ()

    @property
    def cluster(self) -> str:
        return self._cluster

    def snapshot(self) -> QueueSnapshot:
        now = self._clock.now()
        with queue_errors(self._queue.directory):
            pump(self._queue, self._machine, now.timestamp())
            seen = self._seen(now.timestamp())
            changed = [to_model(self._cluster, job_from(row)) for row in seen.rows]
        self._take(changed, now)
        self._latest_change = seen.latest_change
        return QueueSnapshot.model_construct(cluster=self._cluster, observed_at=now, jobs=self._jobs)

    def _seen(self, now: float) -> Seen:
        if self._latest_change is None:
            return self._queue.all_rows(now - self._history_s, self._history_limit)
        return self._queue.rows_since(self._latest_change)

    def _take(self, changed: Sequence[Job], now: datetime) -> None:
        for job in changed:
            known = self._in_queue.pop(job.job_id, None) if job.ended_at else self._in_queue.get(job.job_id)
            own = self._ended if job.ended_at else self._in_queue
            own[job.job_id] = job if known is None or known != job else known
        oldest = now - timedelta(seconds=self._history_s)
        ended = {job_id: job for job_id, job in self._ended.items() if job.ended_at and job.ended_at > oldest}
        if changed or len(ended) != len(self._ended):
            latest = sorted(ended.values(), key=attrgetter("ended_at"), reverse=True)[: self._history_limit]
            self._ended = {job.job_id: job for job in latest}
            self._jobs = (*self._in_queue.values(), *latest)

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
