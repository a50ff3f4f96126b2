"""Arguments and answers between an adapter and its child process."""

from __future__ import annotations

from datetime import datetime

from ink_core.compute.dag import Dag
from ink_core.compute.model import Description, Job, JobAction, JobChanges, JobSpec, Value

PAGE = 500
"""Jobs per answer: few enough that reading one does not keep the caller's other threads waiting."""


class Observe(Value):
    """`since`: the mark of the snapshot whose jobs the caller has."""

    since: str | None


class Observed(Value):
    """A snapshot was taken, which `mark` names. Fetched in pages are so many `jobs`, which came or changed since the
    caller's, or, where that is not known, the `whole` queue.
    """

    observed_at: datetime
    mark: str
    whole: bool
    jobs: int
    left: tuple[str, ...]


class PageAt(Value):
    offset: int


class JobPage(Value):
    jobs: tuple[Job, ...]


class LookAt(Value):
    job_ids: tuple[str, ...]


class ExplainJob(Value):
    job_id: str


class Submit(Value):
    spec: JobSpec
    operation_id: str


class SubmitText(Value):
    description: Description
    operation_id: str


class SubmitWhole(Value):
    dag: Dag
    operation_id: str


class AssociationsOf(Value):
    user: str


class Find(Value):
    operation_id: str


class Act(Value):
    action: JobAction
    job_ids: tuple[str, ...]
    reason: str


class Edit(Value):
    changes: JobChanges
    job_ids: tuple[str, ...]
