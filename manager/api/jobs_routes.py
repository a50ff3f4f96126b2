"""Jobs from the queue mirror, newest first; no request asks a scheduler for the list."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import BaseModel

from ink_core.api.security import requires
from ink_core.compute.model import Explanation, Job, JobState
from ink_core.errors import BadInput
from ink_core.identity.principal import Principal, Scope
from manager.api.platform import Parts

router = APIRouter(prefix="/api/v1/jobs", tags=["jobs"])
Reader = Annotated[Principal, requires(Scope.JOBS_READ)]


class JobPage(BaseModel):
    """`counts` are of all jobs that the owner and text filters leave, before the state filter."""

    cluster: str
    observed_at: datetime
    jobs: Sequence[Job]
    total: int
    counts: dict[str, int]
    next_cursor: str | None


@router.get("")
async def list_jobs(
    principal: Reader,
    platform: Parts,
    cluster: str | None = None,
    owner: str | None = None,
    state: Annotated[list[JobState] | None, Query()] = None,
    q: Annotated[str, Query(max_length=200)] = "",
    cursor: Annotated[str | None, Query(max_length=200)] = None,
    limit: Annotated[int, Query(ge=1, le=10_000)] = 200,
) -> JobPage:
    snapshot = platform.queues.snapshot(cluster or platform.default_cluster)
    wanted = owner or principal.username
    matching = [job for job in snapshot.jobs if _matches(job, wanted, q.lower())]
    counts = Counter(job.state.value for job in matching)
    selected = sorted((job for job in matching if not state or job.state in state), key=_place, reverse=True)
    last = _read_cursor(cursor) if cursor else None
    remaining = [job for job in selected if last is None or _place(job) < last]
    page = remaining[:limit]
    return JobPage(
        cluster=snapshot.cluster,
        observed_at=snapshot.observed_at,
        jobs=page,
        total=len(selected),
        counts=dict(counts),
        next_cursor=_cursor(page[-1]) if len(remaining) > limit else None,
    )


@router.get("/{cluster}/{job_id}")
async def get_job(principal: Reader, platform: Parts, cluster: str, job_id: str) -> Job:
    return platform.queues.job(cluster, job_id)


@router.get("/{cluster}/{job_id}/explanation")
async def explain_job(principal: Reader, platform: Parts, cluster: str, job_id: str) -> Explanation:
    return await platform.queues.explain(cluster, job_id)


def _matches(job: Job, owner: str, text: str) -> bool:
    if owner not in ("*", job.owner):
        return False
    if not text:
        return True
    shown = f"{job.job_id} {job.owner} {job.name} {job.command} {job.node or ''} {job.reason or ''}"
    return text in shown.lower()


def _place(job: Job) -> tuple[float, str]:
    """Newest first when sorted in reverse; unique, so that a page goes on where the last one ended."""
    return (job.submitted_at.timestamp() if job.submitted_at else 0.0, job.job_id)


def _cursor(job: Job) -> str:
    submitted, job_id = _place(job)
    return f"{submitted!r}~{job_id}"


def _read_cursor(cursor: str) -> tuple[float, str]:
    submitted, _, job_id = cursor.partition("~")
    try:
        return float(submitted), job_id
    except ValueError as error:
        raise BadInput("this cursor is none of ours; start again without one") from error
