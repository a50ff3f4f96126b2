"""Lists of jobs: what was measured, and beside it how many wait, which only the queue knows."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from ink_core.compute.model import Job
from ink_core.compute.model import JobState as QueueState
from ink_core.compute.queue_index import EVERYBODY, QueueIndex
from ink_core.errors import InkError
from ink_core.identity.principal import Principal
from ink_core.offload import offload
from joblens.query.lens import Lens, may_see
from joblens.store.trace_store import JobQuery, JobState, JobSummary, Page

IDLE = frozenset({QueueState.SUBMITTING, QueueState.QUEUEING})


@dataclass(frozen=True)
class Counts:
    """`running` and `other` (ended or lost) were measured; `idle` and `held` stand in the queue. The rest adds up."""

    running: int
    idle: int
    held: int
    other: int

    @property
    def total(self) -> int:
        return self.running + self.idle + self.held + self.other


async def list_jobs(
    lens: Lens, principal: Principal, query: JobQuery, *, limit: int, cursor: str | None
) -> Page[JobSummary]:
    """Newest first, of the jobs that this user may see."""
    asked = seen_by(principal, query)
    if asked is None:
        return Page()
    page = await lens.store.ask(lambda store: store.jobs(asked, limit=limit, cursor=cursor))
    return replace(page, rows=[row for row in page.rows if may_see(principal, row)])


async def count_jobs(lens: Lens, principal: Principal, query: JobQuery) -> Counts:
    """Of all states, whatever states the query names."""
    asked = seen_by(principal, replace(query, states=None))
    if asked is None:
        return Counts(0, 0, 0, 0)
    measured = await lens.store.ask(lambda store: store.counts(asked))
    idle, held = await _waiting(lens, asked)
    running = measured.get(JobState.RUNNING, 0)
    return Counts(running, idle, held, sum(measured.values()) - running)


def seen_by(principal: Principal, query: JobQuery) -> JobQuery | None:
    """The part of it that this user may see; None where that is nothing."""
    if principal.administers:
        return query
    if query.users is not None and principal.username not in query.users:
        return None
    return replace(query, users=(principal.username,))


async def _waiting(lens: Lens, query: JobQuery) -> tuple[int, int]:
    """Idle and held jobs; none where hosts are asked for, as what waits is on none."""
    if query.hosts is not None:
        return 0, 0
    idle = held = 0
    for index in _indexes(lens, query.cluster):
        jobs = list(_of(index, query.users))
        found = await offload(lambda jobs=jobs, texts=index: _counted(jobs, texts, query), len(jobs))
        idle, held = idle + found[0], held + found[1]
    return idle, held


def _counted(jobs: Sequence[Job], index: QueueIndex, query: JobQuery) -> tuple[int, int]:
    fitting = [job for job in jobs if _fits(job, index, query)]
    return sum(job.state in IDLE for job in fitting), sum(job.state is QueueState.HOLDING for job in fitting)


def _fits(job: Job, index: QueueIndex, query: JobQuery) -> bool:
    submitted = job.submitted_at.timestamp() if job.submitted_at else 0.0
    if query.until is not None and submitted >= query.until:
        return False
    return not query.text or query.text.lower() in index.texts[job.job_id]


def _indexes(lens: Lens, cluster: str | None) -> Iterator[QueueIndex]:
    """Of the clusters that are up; of one that is not, nothing waits that is known."""
    for name in lens.queues.clusters() if cluster is None else (cluster,):
        try:
            yield lens.queues.index(name)
        except InkError:
            continue


def _of(index: QueueIndex, users: Sequence[str] | None) -> Iterator[Job]:
    for owner in (EVERYBODY,) if users is None else dict.fromkeys(users):
        yield from index.by_owner.get(owner, ())
