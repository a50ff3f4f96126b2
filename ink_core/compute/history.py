"""Ended jobs in the database: what queues no longer show, found by time, owner and name.

The poller of each cluster hands over what has ended since its last poll. Bounded in age and number: the oldest leave.
Limits: jobs that end and leave the queue's own memory while the server is down are
not in it.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta

from pydantic import BaseModel
from sqlalchemy import (
    Column,
    ColumnElement,
    Connection,
    Index,
    String,
    Table,
    Text,
    delete,
    func,
    insert,
    select,
    tuple_,
)

from ink_core.clock import Clock
from ink_core.compute.job_ids import first_of
from ink_core.compute.model import Job, JobState
from ink_core.compute.queue_index import EVERYBODY
from ink_core.db import Database, Utc, metadata

KEPT_FOR = timedelta(days=400)
KEPT_JOBS = 1_000_000
BATCH = 200
MAX_JOBS_OF_DAG = 20_000
DAG_LENGTH = 64
"""Of the id of a DAG, what is searched by."""

ended_jobs = Table(
    "ended_jobs",
    metadata,
    Column("cluster", String(64), primary_key=True),
    Column("job_id", String(64), primary_key=True),
    Column("owner", String(255), nullable=False),
    Column("name", String(255), nullable=False),
    Column("state", String(16), nullable=False),
    Column("ended_at", Utc, nullable=False),
    Column("body", Text, nullable=False),
    Column("dag", String(DAG_LENGTH), nullable=True),
    Index("ix_ended_jobs_owner_ended_at", "owner", "ended_at"),
    Index("ix_ended_jobs_ended_at", "ended_at"),
    Index("ix_ended_jobs_cluster_dag", "cluster", "dag"),
)


@dataclass(frozen=True, kw_only=True)
class HistoryQuery:
    """`owner` may be `*`; `name` is a part of it, in any case; `after` is where the last page ended."""

    owner: str
    cluster: str | None = None
    name: str = ""
    states: frozenset[JobState] = frozenset()
    since: datetime | None = None
    until: datetime | None = None
    after: tuple[datetime, str, str] | None = None
    limit: int = 200


class _Times(BaseModel):
    """Of a job."""

    submitted_at: datetime | None
    ended_at: datetime | None


@dataclass(frozen=True)
class DayCounts:
    """Jobs by the day (UTC) on which they were submitted, where that is known, and ended."""

    submitted: Counter[date] = field(default_factory=Counter[date])
    ended: Counter[date] = field(default_factory=Counter[date])

    def add(self, job: Job | _Times) -> None:
        for moment, counts in ((job.submitted_at, self.submitted), (job.ended_at, self.ended)):
            if moment is not None:
                counts[moment.astimezone(UTC).date()] += 1


class JobHistory:
    def __init__(self, database: Database, clock: Clock, kept_jobs: int = KEPT_JOBS) -> None:
        self._database = database
        self._clock = clock
        self._kept_jobs = kept_jobs

    def record(self, jobs: Sequence[Job]) -> None:
        """Jobs that have ended, for the first time or again: the latest end of a job is the one that is kept.

        Blocking: the pollers call it in their own threads.
        """
        for start in range(0, len(jobs), BATCH):
            several = jobs[start : start + BATCH]
            with self._database.write() as connection:
                keys = [(job.cluster, job.job_id) for job in several]
                known = tuple_(ended_jobs.c.cluster, ended_jobs.c.job_id).in_(keys)
                connection.execute(delete(ended_jobs).where(known))
                connection.execute(insert(ended_jobs), [self._row(job) for job in several])
        if jobs:
            with self._database.write() as connection:
                self._forget_oldest(connection)

    async def find(self, query: HistoryQuery) -> Sequence[Job]:
        """The latest first; at most one more than the limit, by which a reader sees that there are more."""
        return await asyncio.to_thread(self._find, query)

    async def counts(self, query: HistoryQuery) -> Mapping[str, Mapping[str, int]]:
        """Numbers of the jobs that it selects, by owner and state; all of them, whatever its limit."""
        return await asyncio.to_thread(self._counts, query)

    async def days(self, query: HistoryQuery) -> DayCounts:
        """The same by the days on which they were submitted and ended."""
        return await asyncio.to_thread(self._days, query)

    async def of_dag(self, cluster: str, dag: str, user: str) -> Sequence[Job]:
        """This user's, and only where there are none those of others: anybody's job can say that it is of a DAG."""
        return await asyncio.to_thread(self._of_dag, cluster, dag, user)

    async def job(self, cluster: str, job_id: str) -> Job | None:
        """By its id, or that of the HTCondor cluster whose first job it is."""
        return await asyncio.to_thread(self._job, cluster, job_id)

    def _job(self, cluster: str, job_id: str) -> Job | None:
        table = ended_jobs.c
        named = table.job_id.in_({job_id, first_of(job_id)})
        wanted = select(table.body).where(table.cluster == cluster, named).order_by(func.length(table.job_id)).limit(1)
        with self._database.read() as connection:
            body = connection.execute(wanted).scalar()
        return None if body is None else Job.model_validate_json(body)

    def _of_dag(self, cluster: str, dag: str, user: str) -> Sequence[Job]:
        table = ended_jobs.c
        anybodys = (
            select(table.body).where(table.cluster == cluster, table.dag == dag[:DAG_LENGTH]).limit(MAX_JOBS_OF_DAG)
        )
        with self._database.read() as connection:
            bodies = connection.execute(anybodys.where(table.owner == user)).scalars().all()
            bodies = bodies or connection.execute(anybodys).scalars().all()
        return [Job.model_validate_json(body) for body in bodies]

    def _counts(self, query: HistoryQuery) -> Mapping[str, Mapping[str, int]]:
        table = ended_jobs.c
        wanted = select(table.owner, table.state, func.count()).where(*_conditions(query))
        counts: dict[str, dict[str, int]] = {}
        with self._database.read() as connection:
            for owner, state, number in connection.execute(wanted.group_by(table.owner, table.state)):
                counts.setdefault(owner, {})[state] = number
        return counts

    def _days(self, query: HistoryQuery) -> DayCounts:
        wanted = select(ended_jobs.c.body).where(*_conditions(query)).execution_options(yield_per=BATCH)
        counts = DayCounts()
        with self._database.read() as connection:
            for body in connection.execute(wanted).scalars():
                counts.add(_Times.model_validate_json(body))
        return counts

    def _find(self, query: HistoryQuery) -> Sequence[Job]:
        table = ended_jobs.c
        order = (table.ended_at.desc(), table.cluster.desc(), table.job_id.desc())
        wanted = select(table.body).where(*_conditions(query)).order_by(*order).limit(query.limit + 1)
        with self._database.read() as connection:
            bodies = connection.execute(wanted).scalars().all()
        return [Job.model_validate_json(body) for body in bodies]

    def _row(self, job: Job) -> dict[str, object]:
        ended_at = job.ended_at or self._clock.now()
        kept = job if job.ended_at else job.model_copy(update={"ended_at": ended_at})
        return {
            "cluster": job.cluster,
            "job_id": job.job_id,
            "owner": job.owner,
            "name": job.name[:255],
            "state": job.state.value,
            "ended_at": ended_at,
            "body": kept.model_dump_json(),
            "dag": None if job.dag is None else job.dag[:DAG_LENGTH],
        }

    def _forget_oldest(self, connection: Connection) -> None:
        table = ended_jobs.c
        connection.execute(delete(ended_jobs).where(table.ended_at < self._clock.now() - KEPT_FOR))
        beyond = select(table.ended_at).order_by(table.ended_at.desc()).offset(self._kept_jobs).limit(1)
        oldest = connection.execute(beyond).scalar()
        if oldest is not None:
            connection.execute(delete(ended_jobs).where(table.ended_at <= oldest))


def _conditions(query: HistoryQuery) -> Iterator[ColumnElement[bool]]:
    table = ended_jobs.c
    if query.owner != EVERYBODY:
        yield table.owner == query.owner
    if query.cluster is not None:
        yield table.cluster == query.cluster
    if query.name:
        yield func.lower(table.name).contains(query.name.lower(), autoescape=True)
    if query.states:
        yield table.state.in_(state.value for state in query.states)
    if query.since is not None:
        yield table.ended_at >= query.since
    if query.until is not None:
        yield table.ended_at < query.until
    if query.after is not None:
        yield tuple_(table.ended_at, table.cluster, table.job_id) < tuple_(*query.after)
