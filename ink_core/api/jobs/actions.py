"""Acting on jobs: single ones, whole clusters and arrays by their id, or all of one user's.

What many are asked of is answered job by job; a request about one job that was refused is an error.
"""

from __future__ import annotations

from contextlib import suppress
from typing import Annotated, Self

from fastapi import Response
from pydantic import Field, JsonValue, model_validator

from ink_core.api.actions import Precondition, RequestKey
from ink_core.api.area import Area
from ink_core.api.core import Core, CoreParts
from ink_core.api.etag import IfMatch, check_unchanged, etag_of
from ink_core.api.idempotency import IdempotencyKey
from ink_core.api.security import requires
from ink_core.compute.model import ActionResult, Job, JobAction, JobChanges, Value
from ink_core.compute.scheduler_calls import MAX_JOBS
from ink_core.errors import Conflict, InkError
from ink_core.identity.principal import Principal, Scope

router = Area(prefix="/api/v1/jobs", tags=["jobs"])
Manager = Annotated[Principal, requires(Scope.JOBS_MANAGE)]


class JobRefused(Conflict):
    """The scheduler did not do it to this job; its reason is in the message."""

    code = "job_refused"


class _Chosen(Value):
    """Which jobs: by their ids, where 172 stands for 172.0, 172.1 and so on, or all of one user."""

    job_ids: tuple[str, ...] = Field(default=(), max_length=MAX_JOBS)
    all: bool = Field(default=False, description="Instead of ids: all of one's own jobs on the cluster.")
    owner: str | None = Field(default=None, min_length=1, max_length=100, description="The same for another user.")
    cluster: str | None = Field(default=None, description="Cluster name; without it the default cluster.")

    @model_validator(mode="after")
    def _one_way_to_choose(self) -> Self:
        if [bool(self.job_ids), self.all, self.owner is not None].count(True) != 1:
            raise ValueError("give job_ids, or all, or owner")
        return self

    def chosen_by(self, principal: Principal) -> dict[str, JsonValue]:
        """As the tools take it."""
        if self.job_ids:
            return {"job_ids": list[JsonValue](self.job_ids), "cluster": self.cluster}
        return {"owner": self.owner or principal.username, "cluster": self.cluster}


class JobActionRequest(_Chosen):
    action: JobAction
    reason: str = Field(default="", max_length=1000, description="Why; the owner of a job may see it.")


class JobEdit(_Chosen):
    changes: JobChanges


@router.post("/actions")
async def act_on_jobs(
    principal: Manager, core: CoreParts, asked: JobActionRequest, key: IdempotencyKey = None
) -> ActionResult:
    """Remove, hold, release, suspend or resume; answered job by job."""
    arguments = {**asked.chosen_by(principal), "reason": asked.reason}
    return await result_of(core, principal, f"{asked.action.value}_jobs", arguments, key)


@router.post("/edits")
async def edit_jobs(principal: Manager, core: CoreParts, asked: JobEdit, key: IdempotencyKey = None) -> ActionResult:
    """Change what they ask for; answered job by job."""
    arguments = {**asked.chosen_by(principal), **asked.changes.model_dump(exclude_none=True)}
    return await result_of(core, principal, "edit_jobs", arguments, key)


@router.delete("/{cluster}/{job_id}", status_code=204)
async def remove_job(
    principal: Manager, core: CoreParts, cluster: str, job_id: str, key: IdempotencyKey = None
) -> None:
    """A job, or a whole cluster or array."""
    arguments: dict[str, JsonValue] = {"job_ids": [job_id], "cluster": cluster}
    raise_refused(await result_of(core, principal, "remove_jobs", arguments, key))


@router.patch("/{cluster}/{job_id}")
async def change_job(
    principal: Manager,
    core: CoreParts,
    response: Response,
    cluster: str,
    job_id: str,
    changes: JobChanges,
    key: IdempotencyKey = None,
    if_match: IfMatch = None,
) -> Job:
    """Change what it asks for, with `If-Match` only if it is as it was seen."""

    async def as_seen() -> None:
        if if_match is not None:
            check_unchanged(f"job {job_id}", {etag_of(core.queues.job(cluster, job_id))}, if_match)

    with suppress(InkError):  # what does not show yet is looked for by the tool
        job_id = core.queues.job(cluster, job_id).job_id  # one: to the tool, 172 is all jobs of that cluster
    arguments: dict[str, JsonValue] = {"job_ids": [job_id], "cluster": cluster}
    arguments |= changes.model_dump(exclude_none=True)
    raise_refused(await result_of(core, principal, "edit_jobs", arguments, key, as_seen))
    job = core.queues.job(cluster, job_id)
    response.headers["ETag"] = etag_of(job)
    return job


async def result_of(
    core: Core,
    principal: Principal,
    tool: str,
    arguments: dict[str, JsonValue],
    key: RequestKey | None,
    only_if: Precondition | None = None,
) -> ActionResult:
    return ActionResult.model_validate(await core.actions.call(principal, tool, arguments, key=key, only_if=only_if))


def raise_refused(result: ActionResult) -> None:
    """Only where nothing was done."""
    if result.refused and not result.done:
        job_id, why = next(iter(result.refused.items()))
        raise JobRefused(f"job {job_id}: {why}")
