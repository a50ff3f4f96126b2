"""Submitting jobs: each request is one call through the gate."""

from __future__ import annotations

from typing import Annotated, Self

from fastapi import Response
from pydantic import Field, JsonValue, model_validator

from ink_core.api.actions import RequestKey
from ink_core.api.area import Area
from ink_core.api.core import CoreParts
from ink_core.api.idempotency import IdempotencyKey
from ink_core.api.security import requires
from ink_core.compute.model import JobOptions, Submitted, Value
from ink_core.identity.principal import Principal, Scope
from ink_core.plugins import hookable

router = Area(prefix="/api/v1/jobs", tags=["jobs"])
Submitter = Annotated[Principal, requires(Scope.JOBS_SUBMIT)]


class Place(Value):
    """Where jobs go, and where their paths begin."""

    cluster: str | None = Field(default=None, description="Cluster name; without it the default cluster.")
    working_directory: str | None = Field(default=None, max_length=4096, description="From the home; without it that.")


class NewJobs(JobOptions, Place):
    """A script or program to run as one or several jobs."""

    script: str = Field(min_length=1, max_length=4096, description="Path on the access point, from the home.")


class NewDescription(Place):
    """An HTCondor submit description or a Slurm batch script, as text or as the path of a file."""

    text: str | None = Field(default=None, min_length=1, max_length=1_000_000)
    path: str | None = Field(default=None, min_length=1, max_length=4096)
    schedd: str | None = Field(default=None, max_length=255, description="Where the pool has several (HTCondor).")

    @model_validator(mode="after")
    def _one_of_both(self) -> Self:
        if (self.text is None) == (self.path is None):
            raise ValueError("give either text or path")
        return self


@router.post("", status_code=201)
async def submit_jobs(
    principal: Submitter, core: CoreParts, response: Response, new: NewJobs, key: IdempotencyKey = None
) -> Submitted:
    """One job or, with `count`, as many equal ones."""
    return await _submitted(principal, core, response, "submit_job", new, key)


@router.post("/descriptions", status_code=201)
async def submit_description(
    principal: Submitter, core: CoreParts, response: Response, new: NewDescription, key: IdempotencyKey = None
) -> Submitted:
    """In the scheduler's own language."""
    return await _submitted(principal, core, response, "submit_description", new, key)


async def _submitted(
    principal: Principal, core: CoreParts, response: Response, tool: str, new: Value, key: RequestKey | None
) -> Submitted:
    arguments = tool_arguments(principal, tool, new)
    submitted = Submitted.model_validate(await core.actions.call(principal, tool, arguments, key=key))
    response.headers["Location"] = f"/api/v1/jobs/{submitted.cluster}/{submitted.job_ids[0]}"
    return submitted


@hookable
def tool_arguments(principal: Principal, tool: str, new: Value) -> dict[str, JsonValue]:
    """Arguments of the tool: `submit_job`, `submit_description` or `submit_dag`, whose nodes have a `job` each."""
    return new.model_dump(mode="json", exclude_unset=True)
