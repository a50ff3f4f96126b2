"""What the mirror knows about one cluster: the last good snapshot, the latest error, and jobs still to appear.

A snapshot is taken, put in order and compared with the one before in the poll's own thread: large queues take long.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TypeVar

from ink_core.clock import Clock
from ink_core.compute.changes import ChangeFeed, ChangeKind, JobChange, changes_between, jobs_that
from ink_core.compute.coalesce import Coalesced
from ink_core.compute.ended_jobs import EndedJobs, Record
from ink_core.compute.job_ids import family_of, first_of
from ink_core.compute.model import ENDED_STATES, Associations, ClusterHealth, Job, QueueSnapshot
from ink_core.compute.node_index import NodeIndex
from ink_core.compute.port import QueueReader
from ink_core.compute.priorities import Priorities
from ink_core.compute.queue_index import QueueIndex
from ink_core.compute.remembered import Remembered
from ink_core.errors import DeadlineExceeded, InkError, JobNotFound, JobNotYetVisible, SchedulerDown

T = TypeVar("T")
Touched = Callable[[], Sequence[str]]
EXPECTED_FOR = timedelta(seconds=120)
EXPECTED_LIMIT = 20_000
MOST_LOOKED, MOST_FAMILIES = 1_000, 20
"""More jobs, or jobs of more submissions, are not asked for one by one: a poll of all of them costs less."""
SEARCH_EVERY_S = 1.0
EVENTS_EVERY_S = 2.0
HEALTH_S = 10.0
ASSOCIATIONS_S = 300.0
PRIORITIES_S = 60.0
NODES_S, NODES_MEANWHILE_S = 30.0, 300.0
"""A large pool takes its time to say what it consists of; until it has, what it said before is shown with its age."""
_LOG = logging.getLogger(__name__)


@dataclass(frozen=True)
class MirroredCluster:
    """One cluster to mirror. `deadline_s` bounds every wait for the reader, which has its own deadline below it.

    `touched` tells ids of jobs that something has happened to since it was called last: they are looked at.
    """

    reader: QueueReader
    poll_interval_s: float = 60.0
    deadline_s: float = 30.0
    touched: Touched | None = None


@dataclass(frozen=True)
class MirrorStatus:
    """`observed_at` is the age of what is shown; `problem` is the error of the latest poll, if it failed.

    `unrecorded` are ended jobs that the history does not have, with the reason.
    """

    cluster: str
    observed_at: datetime | None
    problem: str | None
    unrecorded: Mapping[str, str] = field(default_factory=dict[str, str])


@dataclass(frozen=True)
class Observed:
    index: QueueIndex
    changes: Sequence[JobChange]


class ClusterView:
    """`record` is handed the jobs that have ended, in the poll's thread."""

    def __init__(self, cluster: MirroredCluster, clock: Clock, record: Record | None = None) -> None:
        self.reader = cluster.reader
        self.feed = ChangeFeed()
        self._cluster = cluster
        self._clock = clock
        self._ended = EndedJobs(self.reader.cluster, record or (lambda _: None))
        self._index: QueueIndex | None = None
        self._health = Remembered[ClusterHealth](clock, HEALTH_S)
        self._associations = Remembered[Associations](clock, ASSOCIATIONS_S)
        self._priorities = Remembered[Priorities](clock, PRIORITIES_S)
        self._nodes = Remembered[NodeIndex](clock, NODES_S, NODES_MEANWHILE_S)
        self._expected: dict[str, datetime] = {}
        self._problem: str | None = None
        self._polls = Coalesced(self._poll)
        self._looks = Coalesced(self._look)
        self._searches = Coalesced(self._search)
        self._wanted: dict[str, None] = {}
        self._missed: dict[str, None] = {}
        self._search_at = 0.0
        self._taking = asyncio.Lock()
        self._poll_thread = ThreadPoolExecutor(1, f"poll-{self.reader.cluster}")
        self._question_threads = ThreadPoolExecutor(2, f"ask-{self.reader.cluster}")
        self._news_thread = ThreadPoolExecutor(1, f"news-{self.reader.cluster}")
        self._hanging: Future[Observed] | None = None
        self._news: Future[Sequence[str]] | None = None
        self._poller: asyncio.Task[None] | None = None

    def start(self) -> None:
        if self._poller is None:
            self._poller = asyncio.create_task(self._poll_for_ever())

    async def close(self) -> None:
        if self._poller is not None:
            self._poller.cancel()
            with suppress(asyncio.CancelledError):
                await self._poller
        await self._searches.close()
        await self._looks.close()
        await self._polls.close()
        self._poll_thread.shutdown(wait=False, cancel_futures=True)
        self._question_threads.shutdown(wait=False, cancel_futures=True)
        self._news_thread.shutdown(wait=False, cancel_futures=True)

    def index(self) -> QueueIndex:
        if self._index is None:
            raise SchedulerDown(self._problem or f"cluster {self.reader.cluster} has not answered yet; ask again soon")
        return self._index

    def status(self) -> MirrorStatus:
        observed_at = None if self._index is None else self._index.snapshot.observed_at
        return MirrorStatus(self.reader.cluster, observed_at, self._problem, self._ended.unrecorded)

    def named(self, job_id: str) -> str:
        """The id itself, or that of the first job where it is an HTCondor cluster's and has no other meaning."""
        first = first_of(job_id)
        alone = job_id not in self._known() and (first in self._known() or first in self._expected)
        return first if alone else job_id

    def job(self, job_id: str) -> Job:
        job_id = self.named(job_id)
        if (job := self._known().get(job_id)) is not None:
            return job
        if job_id in self._expected:
            raise JobNotYetVisible(f"job {job_id} was submitted moments ago and does not show yet; ask again soon")
        self.index()
        raise JobNotFound(f"cluster {self.reader.cluster} shows no job {job_id}")

    def expect(self, job_ids: Sequence[str]) -> None:
        now = self._clock.now()
        self._expected.update((job_id, now) for job_id in job_ids if job_id not in self._known())
        while len(self._expected) > EXPECTED_LIMIT:
            del self._expected[next(iter(self._expected))]

    async def refresh(self) -> None:
        await self._polls.run()

    async def look(self, job_ids: Sequence[str]) -> None:
        """See how these jobs are now; all who ask meanwhile share the next look."""
        self._wanted.update(dict.fromkeys(job_ids))
        await self._looks.run()

    async def look_for(self, job_ids: Sequence[str]) -> None:
        """The same for readers who miss jobs: one look in `SEARCH_EVERY_S`, whoever asks for how many."""
        self._missed.update(dict.fromkeys(job_ids))
        await self._searches.run()

    async def health(self) -> ClusterHealth:
        return await self._health.get("", lambda: self.ask(self.reader.health))

    async def nodes(self) -> NodeIndex:
        return await self._nodes.get("", lambda: self.ask(lambda: NodeIndex.of(self.reader.topology())))

    async def associations(self, user: str) -> Associations:
        return await self._associations.get(user, lambda: self.ask(lambda: self.reader.associations(user)))

    async def priorities(self) -> Priorities:
        return await self._priorities.get("", lambda: self.ask(self.reader.priorities))

    async def ask(self, question: Callable[[], T]) -> T:
        """One question to the reader, in a thread. Raises `DeadlineExceeded` or what the reader raises."""
        return await self._within_deadline(self._question_threads.submit(question))

    async def _poll_for_ever(self) -> None:
        now = asyncio.get_running_loop().time
        while True:
            await self._polls.run()
            due = now() + self._cluster.poll_interval_s
            while self._cluster.touched is not None and (left := due - now()) > EVENTS_EVERY_S:
                await asyncio.sleep(min(left, EVENTS_EVERY_S))
                await self._look_at_touched(self._cluster.touched)
            await asyncio.sleep(due - now())

    async def _look_at_touched(self, touched: Touched) -> None:
        """Where much happens, the poll tells of it for less. News that hang or break keep nobody from polling."""
        if self._news is None or self._news.done():
            self._news = self._news_thread.submit(touched)
        try:
            job_ids = await self._within_deadline(self._news)
        except Exception as error:
            _LOG.info("cluster %s: what happened to jobs is not told: %s", self.reader.cluster, error)
            return
        if job_ids and _of_few_submissions(job_ids):
            await self.look(job_ids)

    async def _poll(self) -> None:
        try:
            async with self._taking:
                observed = await self._within_deadline(self._ask_for_queue())
                self._take(observed)
            self._note_problem("; ".join(observed.index.snapshot.problems) or None)
        except InkError as error:
            self._note_problem(str(error))
        except Exception as error:  # a reader's defect must not end the poller
            _LOG.exception("cluster %s: reading the queue failed", self.reader.cluster)
            self._note_problem(f"reading the queue of {self.reader.cluster} failed: {type(error).__name__}: {error}")

    async def _search(self) -> None:
        """Ids that nobody has make nobody poll all jobs: of more than may be asked for singly, the rest is left out."""
        now = asyncio.get_running_loop().time
        await asyncio.sleep(self._search_at - now())
        self._search_at = now() + SEARCH_EVERY_S
        missed, self._missed = tuple(self._missed)[:MOST_FAMILIES], {}
        await self.look(missed)

    async def _look(self) -> None:
        """All jobs are asked for where these are many, or where one that should be there is not told of."""
        wanted, self._wanted = tuple(self._wanted), {}
        few = len(wanted) <= MOST_LOOKED and _of_few_submissions(wanted)
        if not (few and await self._looked(wanted)):
            await self._polls.run()

    async def _looked(self, wanted: Sequence[str]) -> bool:
        """Whether that is enough; not while the thread of the polls is kept by one that outlived its deadline."""
        try:
            async with self._taking:
                if self._hanging is not None and not self._hanging.done():
                    return False
                observed = await self._within_deadline(self._poll_thread.submit(self._observe_some, wanted))
                if observed is not None:
                    self._take(observed)
        except Exception as error:  # the poll that follows finds it too, and notes it
            _LOG.info("cluster %s: looking at %d jobs failed: %s", self.reader.cluster, len(wanted), error)
            return False
        return observed is not None

    def _observe_some(self, wanted: Sequence[str]) -> Observed | None:
        """None where only a poll of all jobs tells."""
        if self._index is None:
            return None
        known, found = self._index.by_id, {job.job_id: job for job in self.reader.look(wanted)}
        for job_id in wanted:
            missed = job_id in self._expected or (job_id in known and known[job_id].state not in ENDED_STATES)
            if job_id not in found and missed:
                return None
        changes = changes_between({job_id: known[job_id] for job_id in found if job_id in known}, found)
        self._ended.take(changes)
        return Observed(self._index.with_jobs(tuple(found.values())), changes)

    def _ask_for_queue(self) -> Future[Observed]:
        """A question that outlived its deadline is waited for again rather than asked twice."""
        if self._hanging is None or self._hanging.done():
            self._hanging = self._poll_thread.submit(self._observe)
        return self._hanging

    def _observe(self) -> Observed:
        snapshot, before = self.reader.snapshot(), self._index
        if before is not None and snapshot.jobs is before.snapshot.jobs:
            changes: Sequence[JobChange] = ()
        else:
            changes = changes_between(self._known(), {job.job_id: job for job in snapshot.jobs})
        self._ended.take(changes)
        return Observed(_next_index(before, snapshot, changes), changes)

    async def _within_deadline(self, future: Future[T]) -> T:
        try:
            async with asyncio.timeout(self._cluster.deadline_s):
                return await asyncio.wrap_future(future)
        except TimeoutError:
            raise DeadlineExceeded(
                f"cluster {self.reader.cluster} did not answer within {self._cluster.deadline_s:g} s"
            ) from None

    def _take(self, observed: Observed) -> None:
        is_news = self._index is not None
        self._index = observed.index
        if is_news:
            self.feed.publish(observed.changes)
        oldest = self._clock.now() - EXPECTED_FOR
        self._expected = {
            job_id: since for job_id, since in self._expected.items() if job_id not in self._known() and since > oldest
        }

    def _known(self) -> Mapping[str, Job]:
        return {} if self._index is None else self._index.by_id

    def _note_problem(self, problem: str | None) -> None:
        if problem is not None and problem != self._problem:
            _LOG.warning("cluster %s: %s", self.reader.cluster, problem)
        self._problem = problem


def _next_index(before: QueueIndex | None, snapshot: QueueSnapshot, changes: Sequence[JobChange]) -> QueueIndex:
    if before is None:
        return QueueIndex.of(snapshot)
    jobs = jobs_that(changes, ChangeKind.APPEARED, ChangeKind.CHANGED)
    return before.with_changes(snapshot, jobs, jobs_that(changes, ChangeKind.LEFT))


def _of_few_submissions(job_ids: Sequence[str]) -> bool:
    return len(set(map(family_of, job_ids))) <= MOST_FAMILIES
