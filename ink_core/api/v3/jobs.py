"""`/api/v3/jobs`: own jobs from the queue mirror, in INK's columns, and what they have written."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Annotated

import orjson
from fastapi import APIRouter, Path, Query, Response
from pydantic import BaseModel

from ink_core.api.core import CoreParts
from ink_core.api.ink_rows.finding import find_job
from ink_core.api.ink_rows.jobs import jobs_of, page_of, rows_of, to_look_at
from ink_core.api.ink_rows.output import output_of
from ink_core.api.v3.bearer import bearer_requires
from ink_core.identity.principal import Principal, Scope
from ink_core.offload import offload

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


@router.get("", response_model=InkJobPage)
async def list_jobs(
    principal: Annotated[Principal, bearer_requires(Scope.JOBS_READ)],
    core: CoreParts,
    cluster_id: ClusterId | None = None,
    job_type: Annotated[str | None, Query(max_length=64)] = None,
    page: Annotated[int, Query(ge=1, le=1_000_000)] = 1,
    limit: Annotated[int, Query(ge=1, le=5000)] = 5000,
) -> Response:
    """One's own, of one cluster or of all; a cluster that cannot be read is an error and not an empty list."""
    user, ready = principal.username, core.apps.ready_jobs(principal.username)

    def listed() -> Response:
        found = jobs_of(core.queues, cluster_id, user, job_type)
        rows = rows_of(page_of(found, page, limit), ready)
        return Response(orjson.dumps({"jobs": rows, "total": len(found), "page": page}), media_type="application/json")

    return await offload(listed, to_look_at(core.queues, cluster_id, user, job_type, limit))


@router.get("/{job_id}/output")
async def get_job_output(
    principal: Annotated[Principal, bearer_requires(Scope.JOBS_READ, Scope.FILES_READ)],
    core: CoreParts,
    job_id: Annotated[str, Path(max_length=100)],
    cluster_id: ClusterId,
) -> InkOutput:
    """The ends of both files, as the caller may read them; empty while the job has not written."""
    job = find_job(core.queues, job_id, cluster_id)
    return InkOutput.model_validate(await output_of(core, principal, job))
