"""Wire models of the scheduler pack's methods: what the manager sends to a user's access-point agent and gets back."""

from __future__ import annotations

from pydantic import Field

from ink_core.compute.dag import Dag, SubmittedDag
from ink_core.compute.model import Description, JobAction, JobChanges, JobSpec, Submitted, Value

MAX_JOBS = 10_000
"""Most jobs of one call."""
SUBMIT = "scheduler.submit"
SUBMIT_DESCRIPTION = "scheduler.submit_description"
SUBMIT_DAG = "scheduler.submit_dag"
FIND_OPERATION = "scheduler.find_operation"
ACT = "scheduler.act"
EDIT = "scheduler.edit"


class SubmitJobs(Value):
    """Arguments of `scheduler.submit`; the call's operation id becomes the jobs'. Result: `Submitted`."""

    cluster: str
    spec: JobSpec


class SubmitDescription(Value):
    """Arguments of `scheduler.submit_description`. Result: `Submitted`."""

    cluster: str
    description: Description


class SubmitDag(Value):
    """Arguments of `scheduler.submit_dag`. Result: `SubmittedDag`."""

    cluster: str
    dag: Dag


class FindOperation(Value):
    """Arguments of `scheduler.find_operation`."""

    cluster: str
    operation_id: str


class OperationFound(Value):
    submitted: SubmittedDag | Submitted | None


class ActOnJobs(Value):
    """Arguments of `scheduler.act`. Result: `ActionResult`."""

    cluster: str
    action: JobAction
    job_ids: tuple[str, ...] = Field(min_length=1, max_length=MAX_JOBS)
    reason: str = Field(default="", max_length=1000)


class EditJobs(Value):
    """Arguments of `scheduler.edit`. Result: `ActionResult`."""

    cluster: str
    job_ids: tuple[str, ...] = Field(min_length=1, max_length=MAX_JOBS)
    changes: JobChanges
