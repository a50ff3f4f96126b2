"""CPU time of jobs that calls submitted: reserved until the jobs have ended, then what they took, in the database.

A job is found by the operation id of its call, which the job carries, or by the DAG that it is of. What counts is the
time that its cores were taken, used or not: that is what was reserved, and what nobody else could have. Blocking.

Limits: of jobs whose end nobody saw (they left the queue while the server was down) what was reserved counts as used
after `UNSEEN`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import (
    BigInteger,
    Column,
    ColumnElement,
    Connection,
    Index,
    Select,
    String,
    Table,
    delete,
    func,
    insert,
    select,
    update,
)

from ink_core.compute.model import Job
from ink_core.db import Database, Utc, metadata
from manager.budgets.amounts import MOST_CPU_S, NOTHING, Amounts
from manager.budgets.spender import Spender
from manager.budgets.usage import BATCH, BUDGETS, Of, Used, add_rows, spender_columns, spender_of, spender_row

UNSEEN = timedelta(days=45)
KEPT = timedelta(days=400)
DAG_LENGTH = 64
"""Of the id of a DAG, what is searched by."""

submissions = Table(
    "submissions",
    metadata,
    Column("operation_id", String(64), primary_key=True),
    Column("cluster", String(64), nullable=False),
    Column("dag", String(DAG_LENGTH), nullable=True),
    Column("at", Utc, nullable=False),
    *spender_columns(),
    Column("jobs", BigInteger, nullable=False),
    Column("reserved_s", BigInteger, nullable=False),
    Index("ix_submissions_dag", "dag"),
    Index("ix_submissions_reserved_s", "reserved_s"),
    Index("ix_submissions_username", "username"),
    Index("ix_submissions_session_id", "session_id"),
    Index("ix_submissions_task_id", "task_id"),
)


@dataclass(frozen=True)
class Submission:
    """`jobs` have not ended yet, and `reserved_s` is kept for them; of a DAG the id as well."""

    operation_id: str
    cluster: str
    at: datetime
    spender: Spender
    jobs: int
    reserved_s: int
    dag: str | None = None


@dataclass(frozen=True)
class Turned:
    """Of this spender's reservation so much was released, and so much was used."""

    spender: Spender
    released: Amounts
    used: Amounts


class Submissions:
    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, made: Sequence[Submission]) -> None:
        """What is there already is left as it is: jobs of it may have ended by now."""
        for start in range(0, len(made), BATCH):
            several = made[start : start + BATCH]
            with self._database.write() as connection:
                ids = [each.operation_id for each in several]
                wanted = select(submissions.c.operation_id).where(submissions.c.operation_id.in_(ids))
                known = set(connection.execute(wanted).scalars())
                if rows := [_row(each) for each in several if each.operation_id not in known]:
                    connection.execute(insert(submissions), rows)

    def reserved(self, of: Of) -> Amounts:
        """Of submissions whenever they were made."""
        wanted = reserved_for_jobs(*replace(of, since=None).conditions(submissions))
        with self._database.read() as connection:
            return Amounts(cpu_s=int(connection.execute(wanted).scalar() or 0))

    def ended(self, jobs: Sequence[Job], now: datetime) -> tuple[Sequence[Turned], Sequence[Job]]:
        """What these jobs took, and those of which no submission is known (yet). A job counts once."""
        turned, unknown = list[Turned](), list[Job]()
        for start in range(0, len(jobs), BATCH):
            several = jobs[start : start + BATCH]
            with self._database.read() as connection:
                rows = connection.execute(select(submissions).where(_of_jobs(several))).all()
            known = [(job, _operation_of(job, rows)) for job in several]
            unknown += [job for job, operation in known if operation is None]
            if len(unknown) < len(several):
                with self._database.write_alone(BUDGETS) as connection:
                    turned += [_end(connection, operation, job, now) for job, operation in known if operation]
        return turned, unknown

    def give_up(self, now: datetime) -> Sequence[Turned]:
        """What is reserved for too long counts as used; what has long been settled goes."""
        long_open = (submissions.c.at < now - UNSEEN) & (submissions.c.reserved_s > 0)
        turned = list[Turned]()
        with self._database.write_alone(BUDGETS) as connection:
            for found in connection.execute(select(submissions).where(long_open)).all():
                spender, cpu_s = spender_of(found), Amounts(cpu_s=found.reserved_s)
                lost = Used(id=f"lost {found.operation_id}", at=now, spender=spender, cpu_s=found.reserved_s)
                add_rows(connection, [lost])
                turned.append(Turned(spender, cpu_s, cpu_s))
            connection.execute(update(submissions).where(long_open).values(reserved_s=0))
            connection.execute(delete(submissions).where(submissions.c.at < now - KEPT))
        return turned


def reserved_for_jobs(*conditions: ColumnElement[bool]) -> Select[Any]:
    """A query of the CPU time (s) that is kept for jobs."""
    return select(func.sum(submissions.c.reserved_s)).where(submissions.c.reserved_s > 0, *conditions)


def cores_taken_s(job: Job, now: datetime) -> int:
    """Seconds of wall time by cores; 0 for a job that never ran."""
    if job.started_at is None:
        return 0
    ran_s = ((job.ended_at or now) - job.started_at).total_seconds()
    return min(max(0, round(ran_s * (job.cpus or 1))), MOST_CPU_S)


def _of_jobs(jobs: Sequence[Job]) -> ColumnElement[bool]:
    operations = {job.operation_id for job in jobs if job.operation_id}
    dags = {job.dag[:DAG_LENGTH] for job in jobs if job.dag}
    return submissions.c.operation_id.in_(operations) | submissions.c.dag.in_(dags)


def _operation_of(job: Job, rows: Sequence[Any]) -> str | None:
    """Anybody's job can say that it is of an operation or a DAG: it has to be of the same user, and there."""
    dag = job.dag[:DAG_LENGTH] if job.dag else None
    for row in rows:
        is_of = row.operation_id == job.operation_id or (dag is not None and row.dag == dag)
        if is_of and (row.username, row.cluster) == (job.owner, job.cluster):
            return str(row.operation_id)
    return None


def _end(connection: Connection, operation_id: str, job: Job, now: datetime) -> Turned:
    """Its part of what is reserved is released; all of it when the job is the one that manages the whole DAG."""
    found = connection.execute(select(submissions).where(submissions.c.operation_id == operation_id)).one()
    spender, manages = spender_of(found), found.dag == job.job_id
    cpu_s = 0 if manages else cores_taken_s(job, now)
    row_id = f"job {found.operation_id} {job.job_id}"
    if not add_rows(connection, [Used(id=row_id, at=job.ended_at or now, spender=spender, cpu_s=cpu_s)]):
        return Turned(spender, NOTHING, NOTHING)
    jobs = 0 if manages else max(found.jobs - 1, 0)
    reserved_s = found.reserved_s * jobs // found.jobs if found.jobs else 0
    changed = update(submissions).where(submissions.c.operation_id == found.operation_id)
    connection.execute(changed.values(jobs=jobs, reserved_s=reserved_s))
    return Turned(spender, Amounts(cpu_s=found.reserved_s - reserved_s), Amounts(cpu_s=cpu_s))


def _row(made: Submission) -> dict[str, Any]:
    columns = {name: value for name, value in vars(made).items() if name != "spender"}
    dag = made.dag and made.dag[:DAG_LENGTH]
    return {**columns, "dag": dag, **spender_row(made.spender)}
