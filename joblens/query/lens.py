"""What JobLens tells whom: questions to the store on behalf of a signed-in user, and captures of their jobs.

Owners see their own jobs, administrators all. Whose a job is, the collector says: it is the user whose processes ran.
A job of somebody else is answered as one that nobody ever heard of.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from ink_core.clock import Clock
from ink_core.compute.history import JobHistory
from ink_core.compute.model import ENDED_STATES, Job, JobState
from ink_core.compute.queues import Queues
from ink_core.errors import BadInput, InkError
from ink_core.identity.principal import Principal
from joblens.api.node_tokens import Hosts, NodeHosts
from joblens.captures.capture import Capture
from joblens.captures.desk import CaptureDesk
from joblens.errors import JobGone, JobNotRecorded, JobNotStarted, JobNotYetRecorded
from joblens.query.gathering import Gathering
from joblens.query.ingest import Ingest
from joblens.query.own_numbers import OwnNumbers
from joblens.query.store_threads import StoreThreads
from joblens.records import Batch, JobKey, Level, Mark
from joblens.store.trace_store import JobSummary, TraceStore
from joblens.verdicts.from_store import SometimesAsked, hottest_of, judge_job
from joblens.verdicts.verdict import Verdict

T = TypeVar("T")
DAY_S = 86400.0


@dataclass(frozen=True)
class Lens:
    """All that routes and tools ask of JobLens. Times are seconds since the epoch."""

    store: StoreThreads
    ingest: Ingest
    book: CaptureDesk
    queues: Queues
    history: JobHistory
    clock: Clock
    keep_days: float
    node_groups: Mapping[str, Sequence[str]] = field(default_factory=dict[str, Sequence[str]])
    schedulers: Mapping[str, str] = field(default_factory=dict[str, str])  # types, by cluster
    listeners: list[Callable[[Sequence[Batch]], None]] = field(default_factory=list[Callable[[Sequence[Batch]], None]])
    """Told of each batch that the store has taken; they return at once."""
    node_hosts: NodeHosts = field(default_factory=NodeHosts)
    numbers: OwnNumbers = field(default_factory=OwnNumbers)
    gathering: Gathering = field(default_factory=Gathering)
    hot_files: SometimesAsked = field(default_factory=SometimesAsked)

    def now(self) -> float:
        return self.clock.now().timestamp()

    async def summary(self, principal: Principal, key: JobKey) -> JobSummary:
        """Raises `JobNotRecorded`, for one's own jobs also why: `JobNotStarted`, `JobNotYetRecorded`, `JobGone`."""
        try:
            found = await self.store.ask(lambda store: store.summary(key))
        except JobNotRecorded:
            raise await self._why_missing(principal, key) from None
        if not may_see(principal, found):
            raise unknown(key)
        return found

    async def about(self, principal: Principal, key: JobKey, question: Callable[[TraceStore], T]) -> T:
        """What the store answers about a job that this user may see. Raises as `summary` does."""
        await self.summary(principal, key)
        return await self.store.ask(question)

    def judge(self, store: TraceStore, key: JobKey) -> Verdict:
        """For `about`: blocks. Which files are hot is up to ten minutes old."""
        return judge_job(store, key, hot_files=self.hot_files.of(hottest_of(store)))

    async def take(self, body: bytes, hosts: Hosts) -> Sequence[Batch]:
        """Keep the batches that the collector of these hosts sent.

        Raises `IngestFull`, `HostForeign`, `ClockAhead`, `BatchMalformed` or `StoreAway`."""
        batches = await self.ingest.take(body, hosts, self.now())
        self._tell(batches)
        return batches

    def together(self) -> int:
        """How many batches the node that has just sent some is to send together."""
        return self.gathering.ask(time.monotonic(), time.process_time())

    async def note(self, batch: Batch) -> None:
        """Keep what the platform itself says of jobs. Raises `StoreAway`."""
        await self.store.ask(lambda store: store.write([batch]))
        self._tell([batch])

    async def leave(self, mark: Mark, host: str, heard: float) -> None:
        """A mark on a job that ran on this host, last heard of then: it is not heard by that. Raises `StoreAway`."""
        await self.note(Batch(host, self.numbers.next(self.now()), heard, 0.0, Level.PROC, marks=[mark]))

    async def expire(self) -> int:
        before = self.now() - self.keep_days * DAY_S
        return await self.store.ask(lambda store: store.expire(before))

    async def begin(self, capture: Capture) -> Capture:
        return await self.book.begin(capture)

    async def capture(self, capture_id: str) -> Capture | None:
        return await self.book.find(capture_id)

    async def end(self, capture_id: str) -> Capture:
        return await self.book.end(capture_id, self.now())

    async def captures(self, principal: Principal, key: JobKey) -> Sequence[Capture]:
        """Of a job that this user may see, newest first."""
        await self.summary(principal, key)
        return await self.book.of_job(key)

    async def active_captures(self, *hosts: str) -> Sequence[Capture]:
        """Of jobs that may be on one of these hosts."""
        running = await self.book.active(self.now())
        return [capture for capture in running if any(map(capture.may_be_on, hosts))]

    def hosts_of(self, group: str) -> Sequence[str]:
        """Raises `BadInput` for a group of nodes that the settings do not name."""
        if group not in self.node_groups:
            known = ", ".join(self.node_groups) or "none"
            raise BadInput(f"there is no group of nodes {group[:64]!r}; there are {known}")
        return self.node_groups[group]

    def _tell(self, batches: Sequence[Batch]) -> None:
        for listener in self.listeners:
            listener(batches)

    async def _why_missing(self, principal: Principal, key: JobKey) -> InkError:
        """As precise as the user may know: of others' jobs nothing is told."""
        job = await self._queued(key)
        if job is None or not (job.owner == principal.username or principal.administers):
            return unknown(key)
        if job.state not in ENDED_STATES:
            return _not_yet(job)
        ended = job.ended_at.timestamp() if job.ended_at else self.now()
        if ended < self.now() - self.keep_days * DAY_S:
            return JobGone(f"job {key.job} ended more than {self.keep_days:g} days ago: its record is gone")
        return unknown(key)

    async def _queued(self, key: JobKey) -> Job | None:
        """The job as its scheduler tells it; None where nobody knows."""
        try:
            return self.queues.job(key.cluster, key.job)
        except InkError:
            return await self.history.job(key.cluster, key.job)


def may_see(principal: Principal, summary: JobSummary) -> bool:
    """On every host its processes were this user's: what one host says opens nothing that ran on another."""
    return principal.administers or summary.users == (principal.username,)


def unknown(key: JobKey) -> JobNotRecorded:
    """The one answer for a job that nobody knows and for one of somebody else."""
    return JobNotRecorded(f"JobLens has no record of a job {key.job[:100]} of yours on {key.cluster[:64]}")


def _not_yet(job: Job) -> InkError:
    if job.state is JobState.RUNNING:
        return JobNotYetRecorded(f"job {job.job_id} runs and no collector has reported it yet; ask again in seconds")
    return JobNotStarted(f"job {job.job_id} is {job.state.value}: there is nothing to measure before it runs")
