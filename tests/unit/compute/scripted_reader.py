"""A `QueueReader` that answers what it is told to, and a mirror of it."""

from __future__ import annotations

import threading
from collections.abc import AsyncGenerator, Sequence
from dataclasses import dataclass, field

import pytest

from ink_core.clock import ManualClock
from ink_core.compute.cluster_view import MirroredCluster
from ink_core.compute.mirror import QueueMirror
from ink_core.compute.model import Associations, ClusterHealth, Explanation, Job, JobState, QueueSnapshot
from ink_core.compute.priorities import Measure, Priorities
from ink_core.compute.topology import Topology
from ink_core.errors import JobNotFound


def job(job_id: str, state: JobState = JobState.RUNNING) -> Job:
    return Job(cluster="c", job_id=job_id, owner="alice", name="n", state=state, command="/bin/true")


@dataclass
class ScriptedReader:
    """Answers what it is told to. While `gate` is closed, it keeps its callers waiting."""

    clock: ManualClock
    cluster: str = "c"
    jobs: tuple[Job, ...] = ()
    error: Exception | None = None
    polls: int = 0
    looked_at: list[tuple[str, ...]] = field(default_factory=list[tuple[str, ...]])
    weighed: int = 0
    gate: threading.Event = field(default_factory=threading.Event)

    def __post_init__(self) -> None:
        self.gate.set()

    def snapshot(self) -> QueueSnapshot:
        self.polls += 1
        assert self.gate.wait(20)
        if self.error is not None:
            raise self.error
        return QueueSnapshot(cluster=self.cluster, observed_at=self.clock.now(), jobs=self.jobs)

    def look(self, job_ids: Sequence[str]) -> Sequence[Job]:
        self.looked_at.append(tuple(job_ids))
        assert self.gate.wait(20)
        if self.error is not None:
            raise self.error
        return [job for job in self.jobs if job.job_id in job_ids]

    def health(self) -> ClusterHealth:
        assert self.gate.wait(20)
        return ClusterHealth(cluster=self.cluster, observed_at=self.clock.now(), nodes=(), problems=())

    def topology(self) -> Topology:
        return Topology(cluster=self.cluster, observed_at=self.clock.now(), nodes=())

    def associations(self, user: str) -> Associations:
        return Associations(accounts=(f"group of {user}",))

    def priorities(self) -> Priorities:
        self.weighed += 1
        return Priorities(cluster=self.cluster, observed_at=self.clock.now(), measure=Measure.NONE)

    def explain(self, job_id: str) -> Explanation:
        if all(job.job_id != job_id for job in self.jobs):
            raise JobNotFound(f"no job {job_id}")
        return Explanation(job_id=job_id, state=JobState.RUNNING, summary="it runs", evidence=(), proposals=())


@pytest.fixture
def reader() -> ScriptedReader:
    return ScriptedReader(ManualClock())


@pytest.fixture
async def mirror(reader: ScriptedReader) -> AsyncGenerator[QueueMirror]:
    made = QueueMirror([MirroredCluster(reader, poll_interval_s=3600, deadline_s=0.5)], reader.clock)
    yield made
    reader.gate.set()
    await made.close()
