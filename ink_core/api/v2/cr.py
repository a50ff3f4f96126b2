"""`/api/v2/cr`: compute resources. Jobs are listed from the queue mirror and changed through the gate."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Annotated

from fastapi import Query
from pydantic import BaseModel, JsonValue
from starlette.responses import Response

from ink_core.api.area import Area
from ink_core.api.core import Core, CoreParts
from ink_core.api.ink_credentials import ink_requires
from ink_core.api.ink_rows.finding import find_job
from ink_core.api.ink_rows.jobs import jobs_of, page_of, row_of, rows_of, to_look_at
from ink_core.api.ink_rows.output import output_of
from ink_core.api.v2.as_user import in_home
from ink_core.api.v2.envelope import InkRoute, answer, fails_with
from ink_core.api.v2.errors import Status
from ink_core.api.v2.job_bodies import InkJob
from ink_core.api.v2.submitting import submit
from ink_core.apps.folder import JOBS_DIRECTORY
from ink_core.compute.model import ActionResult
from ink_core.errors import BadInput, JobNotFound, SchedulerRefused
from ink_core.identity.principal import Principal, Scope
from ink_core.offload import json_list, offload

router = Area(prefix="/api/v2/cr", tags=["INK v2: cr"], route_class=InkRoute)
Reader = Annotated[Principal, ink_requires(Scope.JOBS_READ)]
FileReader = Annotated[Principal, ink_requires(Scope.JOBS_READ, Scope.FILES_READ)]
Submitter = Annotated[Principal, ink_requires(Scope.JOBS_SUBMIT)]
Manager = Annotated[Principal, ink_requires(Scope.JOBS_MANAGE)]
ClusterId = Annotated[str | None, Query(max_length=64)]
JobId = Annotated[str, Query(min_length=1, max_length=100)]
JobType = Annotated[str | None, Query(max_length=64)]
Page = Annotated[int, Query(ge=1, le=1_000_000)]
Limit = Annotated[int, Query(ge=1, le=10_000)]


class DeleteJob(BaseModel):
    job_id: str | int | None = None
    submit_uuid: str | None = None
    cluster_id: str | None = None


@router.post("/create_job")
@fails_with(Status.SUBMIT)
async def create_job(core: CoreParts, principal: Submitter, body: InkJob) -> Response:
    """Submit; the job's id."""
    return _submitted(body, {"jobid": (await submit(core, principal, body)).job_id})


@router.post("/create_common_job")
@fails_with(Status.SUBMIT)
async def create_common_job(core: CoreParts, principal: Submitter, body: InkJob) -> Response:
    """The job's id is always there: what INK submits later, asynchronously, is submitted here before the answer."""
    made = await submit(core, principal, body)
    named = {"cluster": made.cluster, "job_id": made.job_id}
    return _submitted(body, named | {"submit_uuid": made.submit_uuid, "job_status": made.state})


@router.post("/create_job_with_path")
@fails_with(Status.SUBMIT)
async def create_job_with_path(core: CoreParts, principal: Submitter, body: InkJob) -> Response:
    """Submit; the job's id and where it works."""
    made = await submit(core, principal, body)
    return _submitted(body, {"jobId": made.job_id, "jobType": body.job_type, "jobPath": made.path})


def _submitted(body: InkJob, data: Mapping[str, JsonValue]) -> Response:
    return answer({**data, "unread": body.unread} if body.unread else data)


@router.get("/query_jobs")
@fails_with(Status.QUERY)
async def query_jobs(
    core: CoreParts,
    principal: Reader,
    cluster_id: ClusterId = None,
    job_type: JobType = None,
    page: Page = 1,
    limit: Limit = 1000,
) -> Response:
    """Own jobs, newest first. No scheduler is asked."""
    user, ready = principal.username, core.apps.ready_jobs(principal.username)

    def listed() -> Response:
        found = jobs_of(core.queues, cluster_id, user, job_type)
        rows = rows_of(page_of(found, page, limit), ready)
        return answer({"job_list": rows, "total": len(found)})

    return await offload(listed, to_look_at(core.queues, cluster_id, user, job_type, limit))


@router.get("/get_systemjobs")
@fails_with(Status.QUERY)
async def get_systemjobs(
    core: CoreParts, principal: Reader, cluster_id: ClusterId = None, page: Page = 1, limit: Limit = 1000
) -> Response:
    """Everybody's jobs with their owners: the queue is open to all users."""

    def listed() -> Response:
        found = jobs_of(core.queues, cluster_id, None, None)
        rows = json_list(page_of(found, page, limit), lambda job: row_of(job) | {"owner": job.owner})
        return answer({"job_total_list": rows, "total": len(found)})

    return await offload(listed, to_look_at(core.queues, cluster_id, None, None, limit))


@router.get("/get_joboutput")
@fails_with(Status.OUTPUT)
async def get_joboutput(
    core: CoreParts, principal: FileReader, job_id: JobId, cluster_id: ClusterId = None
) -> Response:
    """The ends of both files, as the caller may read them; empty while the job has not written."""
    job = find_job(core.queues, job_id, cluster_id)
    return answer(await output_of(core, principal, job))


@router.post("/delete_job")
@fails_with(Status.REMOVE)
async def delete_job(core: CoreParts, principal: Manager, body: DeleteJob) -> Response:
    """One job, all of an HTCondor cluster or Slurm array, or all that one submission made."""
    arguments: dict[str, JsonValue] = {"job_ids": list(_meant(core, principal, body)), "cluster": body.cluster_id}
    result = ActionResult.model_validate(await core.actions.call(principal, "remove_jobs", arguments))
    if result.refused:
        raise SchedulerRefused("; ".join(f"{job_id}: {why}" for job_id, why in result.refused.items()))
    return answer({"job_id": result.done[0]})


@router.get("/get_userassoc")
@fails_with(Status.ASSOCIATIONS)
async def get_userassoc(core: CoreParts, principal: Reader, cluster_id: ClusterId = None) -> Response:
    """What the caller may name in a submission; empty lists on a cluster where there is nothing to choose."""
    cluster = cluster_id or core.queues.clusters()[0]
    found = await core.queues.associations(cluster, principal.username)
    return answer({"account": found.accounts, "qos": found.qos, "partition": found.partitions})


@router.get("/get_user_jobs_dir")
@fails_with(Status.QUERY)
async def get_user_jobs_dir(core: CoreParts, principal: Reader) -> Response:
    """Where the scripts of submitted texts and the folders of app jobs are."""
    return answer({"jobs_dir": in_home(core, principal, JOBS_DIRECTORY)})


def _meant(core: Core, principal: Principal, body: DeleteJob) -> Sequence[str]:
    if body.job_id:
        return (str(body.job_id),)
    if not body.submit_uuid:
        raise BadInput("name the job by job_id or by submit_uuid")
    own = jobs_of(core.queues, body.cluster_id, principal.username, None)
    if not (found := [job.job_id for job in own if job.operation_id == body.submit_uuid]):
        raise JobNotFound(f"no job of yours was submitted as {body.submit_uuid}")
    return found
