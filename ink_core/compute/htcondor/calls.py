"""Arguments of the calls that the HTCondor adapters send to their child process."""

from __future__ import annotations

from ink_core.compute.model import JobAction, JobSpec, Value


class ExplainJob(Value):
    job_id: str


class Submit(Value):
    spec: JobSpec
    operation_id: str


class Find(Value):
    operation_id: str


class Act(Value):
    action: JobAction
    job_ids: tuple[str, ...]
    reason: str
