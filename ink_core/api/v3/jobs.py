"""`/api/v3/jobs`: own jobs from the queue mirror, in INK's columns, and what they have written."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from typing import Annotated

from fastapi import APIRouter, Path, Query
from pydantic import BaseModel

from ink_core.api.core import CoreParts
from ink_core.api.v2.as_user import read_end
from ink_core.api.v2.finding import find_job
from ink_core.api.v2.job_rows import jobs_of, row_of
from ink_core.api.v3.bearer import bearer_requires
from ink_core.compute.output import JobOutput
from ink_core.identity.principal import Principal, Scope

router = APIRouter(prefix="/api/v3/jobs", tags=["INK v3"])
ClusterId = Annotated[str, Query(min_length=1, max_length=64)]


class InkJobPage(BaseModel):
    """`jobs` in the columns of `/api/v2/cr/query_jobs`, newest first."""

    jobs: Sequence[Mapping[str, str]]
    total: int
    page: int


class InkOutput(BaseModel):
    job_id: str
    output: str
    error: str


@router.get("")
async def list_jobs(
    principal: Annotated[Principal, bearer_requires(Scope.JOBS_READ)],
    core: CoreParts,
    cluster_id: ClusterId | None = None,
    job_type: Annotated[str | None, Query(max_length=64)] = None,
    page: Annotated[int, Query(ge=1, le=1_000_000)] = 1,
    limit: Annotated[int, Query(ge=1, le=5000)] = 5000,
) -> InkJobPage:
    """One's own, of one cluster or of all; a cluster that cannot be read is an error and not an empty list."""
    found = jobs_of(core.queues, cluster_id, principal.username, job_type)
    rows = [row_of(job) for job in found[(page - 1) * limit : page * limit]]
    return InkJobPage(jobs=rows, total=len(found), page=page)


@router.get("/{job_id}/output")
async def get_job_output(
    principal: Annotated[Principal, bearer_requires(Scope.JOBS_READ, Scope.FILES_READ)],
    core: CoreParts,
    job_id: Annotated[str, Path(max_length=100)],
    cluster_id: ClusterId,
) -> InkOutput:
    """The ends of both files, as the caller may read them; empty while the job has not written."""
    job = find_job(core.queues, job_id, cluster_id)
    JobOutput.check_own(principal.username, job)

    async def end_of(path: str | None) -> str:
        return (await read_end(core, principal, path)).decode(errors="replace") if path else ""

    output, error = await asyncio.gather(end_of(job.stdout), end_of(job.stderr))
    return InkOutput(job_id=job.job_id, output=output, error=error)
