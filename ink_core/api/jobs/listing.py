"""Jobs from the queue mirror, newest first; no request asks a scheduler for the list.

Every answer says how old it is: `observed_at` in it, or the header `Ink-Observed-At` beside it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Annotated

import orjson
from fastapi import Query, Response
from pydantic import BaseModel

from ink_core.api.area import Area
from ink_core.api.core import Core, CoreParts
from ink_core.api.etag import IfNoneMatch, answer_tagged
from ink_core.api.kept_rows import KeptRows
from ink_core.api.security import requires
from ink_core.compute.listing import JobQuery, Listed, list_jobs
from ink_core.compute.model import Explanation, Job, JobState
from ink_core.compute.queue_index import Place, QueueIndex, place
from ink_core.errors import BadInput, JobNotFound, SchedulerDown
from ink_core.identity.principal import Principal, Scope
from ink_core.offload import json_joined, offload

router = Area(prefix="/api/v1/jobs", tags=["jobs"])
Reader = Annotated[Principal, requires(Scope.JOBS_READ)]


class JobPage(BaseModel):
    """`counts` are of all jobs that the filters leave, before that by state; `problem` is why it is not newer."""

    cluster: str
    observed_at: datetime
    problem: str | None
    jobs: Sequence[Job]
    total: int
    counts: Mapping[str, int]
    next_cursor: str | None


@router.get("", response_model=JobPage)
async def get_jobs(
    principal: Reader,
    core: CoreParts,
    cluster: str | None = None,
    owner: str | None = None,
    state: Annotated[list[JobState] | None, Query()] = None,
    q: Annotated[str, Query(max_length=200)] = "",
    array: Annotated[str | None, Query(max_length=280, pattern=r"^\d+(@.+)?$")] = None,
    cursor: Annotated[str | None, Query(max_length=200)] = None,
    limit: Annotated[int, Query(ge=1, le=10_000)] = 200,
) -> Response:
    """Newest first, of one user: one's own without `owner`."""
    index = core.queues.index(cluster or core.queues.clusters()[0])
    query = JobQuery(
        owner=owner or principal.username,
        states=frozenset(state or ()),
        text=q,
        array=array,
        after=_read_cursor(cursor) if cursor else None,
        limit=limit,
    )
    listed = await _listed(index, query)
    name = index.snapshot.cluster
    page = JobPage(
        cluster=name,
        observed_at=index.snapshot.observed_at,
        problem=core.queues.status(name).problem,
        jobs=listed.jobs,
        total=listed.total,
        counts=listed.counts,
        next_cursor=_cursor(listed.jobs[-1]) if listed.goes_on else None,
    )
    return await offload(lambda: _answer(page), len(page.jobs))


@router.get("/{cluster}/{job_id}", response_model=Job)
async def get_job(
    principal: Reader,
    core: CoreParts,
    response: Response,
    cluster: str,
    job_id: str,
    if_none_match: IfNoneMatch = None,
) -> Job | Response:
    """In the queue, or ended."""
    job = await job_of(core, cluster, job_id)
    if observed_at := core.queues.status(cluster).observed_at:
        response.headers["Ink-Observed-At"] = observed_at.isoformat()
    return answer_tagged(response, job, if_none_match)


@router.get("/{cluster}/{job_id}/explanation")
async def explain_job(principal: Reader, core: CoreParts, cluster: str, job_id: str) -> Explanation:
    """Why it is where it is, from the scheduler's own facts, and what to do."""
    return await core.queues.explain(cluster, job_id)


async def job_of(core: Core, cluster: str, job_id: str) -> Job:
    """In the queue, or ended and in the history."""
    try:
        return core.queues.job(cluster, job_id)
    except (JobNotFound, SchedulerDown):
        if (ended := await core.history.job(cluster, job_id)) is None:
            raise
        return ended


async def _listed(index: QueueIndex, query: JobQuery) -> Listed:
    reads = len(index.by_owner.get(query.owner, ())) if query.reads_every_job else 0
    return await offload(lambda: list_jobs(index, query), reads)


def _answer(page: JobPage) -> Response:
    about = page.model_dump(mode="json", exclude={"jobs"})
    jobs = json_joined(map(_rows.of, page.jobs))
    return Response(orjson.dumps(about | {"jobs": jobs}), media_type="application/json")


def _cursor(job: Job) -> str:
    submitted, job_id = place(job)
    return f"{submitted!r}~{job_id}"


def _read_cursor(cursor: str) -> Place:
    submitted, _, job_id = cursor.partition("~")
    try:
        return float(submitted), job_id
    except ValueError as error:
        raise BadInput("this cursor is none of ours; start again without one") from error


_rows = KeptRows(lambda job: job.model_dump_json().encode())
