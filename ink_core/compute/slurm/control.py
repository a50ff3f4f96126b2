"""Submits to Slurm and acts on its jobs, as this process's user.

The operation's id is the job's comment. It is found as long as slurmctld remembers the job: `MinJobAge` after its end.
"""

from __future__ import annotations

import os
import pwd
import re
import threading
from collections.abc import Mapping, Sequence
from typing import Any

from pydantic import JsonValue

from ink_core.compute.model import ActionResult, JobAction, JobSpec, Submitted
from ink_core.compute.options import SlurmOptions
from ink_core.compute.precheck import Command, check
from ink_core.compute.slurm.records import jobs_from
from ink_core.compute.slurm.rest import SlurmRest
from ink_core.errors import BadInput, JobNotFound, SchedulerDown, SchedulerRefused

_ID = re.compile(r"\d{1,10}(_\d{1,10})?")
_SCRIPT = """#!/bin/sh
INK_JOB_ID=${SLURM_ARRAY_JOB_ID:+${SLURM_ARRAY_JOB_ID}_$SLURM_ARRAY_TASK_ID}
export INK_JOB_ID="${INK_JOB_ID:-$SLURM_JOB_ID}"
exec "$@"
"""
"""The same for every job: what the user runs comes as its arguments and is never read by a shell."""


class SlurmControl:
    def __init__(self, options: SlurmOptions, rest: SlurmRest | None = None) -> None:
        self._cluster = options.name
        self._rest = rest or SlurmRest(options)
        self._submitting = threading.Lock()

    @property
    def cluster(self) -> str:
        return self._cluster

    def close(self) -> None:
        self._rest.close()

    def submit(self, spec: JobSpec, operation_id: str) -> Submitted:
        with self._submitting:
            if (found := self.find_operation(operation_id)) is not None:
                return found
            body: JsonValue = {"script": _SCRIPT, "job": describe(spec, check(spec), operation_id)}
            try:
                job_id = str(self._rest.post("/job/submit", body)["job_id"])
            except SchedulerDown:
                # The answer may have been lost after Slurm took the job.
                if (found := self.find_operation(operation_id)) is not None:
                    return found
                raise
        tasks = tuple(f"{job_id}_{task}" for task in range(spec.count))
        return Submitted(cluster=self._cluster, job_ids=tasks if spec.count > 1 else (job_id,))

    def find_operation(self, operation_id: str) -> Submitted | None:
        user = pwd.getpwuid(os.getuid()).pw_name
        records = [
            record
            for record in self._rest.get("/jobs/")["jobs"]
            if record.get("comment") == operation_id and record.get("user_name") == user
        ]
        job_ids = {job.job_id for record in records for job in jobs_from(self._cluster, record)}
        if not job_ids:
            return None
        return Submitted(cluster=self._cluster, job_ids=tuple(sorted(job_ids, key=_in_order)))

    def act(self, action: JobAction, job_ids: Sequence[str], reason: str) -> ActionResult:
        """Slurm keeps no reason for these actions: `reason` stays with the caller's own records."""
        unique = tuple(dict.fromkeys(job_ids))
        known = [job_id for job_id in unique if _ID.fullmatch(job_id)]
        refused = {job_id: "this is no id of a Slurm job" for job_id in unique if job_id not in known}
        if action is JobAction.REMOVE:
            refused |= self._remove(known)
        else:
            refused |= self._set_hold(known, action is JobAction.HOLD)
        return ActionResult(done=tuple(job_id for job_id in unique if job_id not in refused), refused=refused)

    def _remove(self, job_ids: Sequence[str]) -> dict[str, str]:
        if not job_ids:
            return {}
        answer = self._rest.delete("/jobs/", {"jobs": list(job_ids), "flags": ["VERBOSE"]})
        failures = {str(status.get("step_id")): _failure(status) for status in answer.get("status") or ()}
        return {job_id: words for job_id in job_ids if (words := failures.get(job_id))}

    def _set_hold(self, job_ids: Sequence[str], hold: bool) -> dict[str, str]:
        refused: dict[str, str] = {}
        for job_id in job_ids:
            try:
                self._rest.post(f"/job/{job_id}", {"hold": hold})
            except (SchedulerRefused, JobNotFound) as refusal:
                refused[job_id] = str(refusal)
        return refused


def describe(spec: JobSpec, command: Command, operation_id: str) -> dict[str, JsonValue]:
    ids = "%A_%a" if spec.count > 1 else "%j"
    job: dict[str, JsonValue] = {
        "name": command.name,
        "comment": operation_id,
        "argv": ["ink-job", *command.argv],
        "current_working_directory": command.working_directory,
        "environment": [f"{name}={value}" for name, value in _environment(spec).items()],
        "standard_output": _file(spec.stdout) if spec.stdout else f"{command.label}.out.{ids}",
        "standard_error": _file(spec.stderr) if spec.stderr else f"{command.label}.err.{ids}",
        "tasks": 1,
        "cpus_per_task": spec.cpus,
        "memory_per_node": _number(spec.memory_mb),
    }
    if spec.wall_time_s is not None:
        job["time_limit"] = _number(-(-spec.wall_time_s // 60))
    if spec.queue is not None:
        job["partition"] = spec.queue
    if spec.group is not None:
        job["account"] = spec.group
    if spec.count > 1:
        job["array"] = f"0-{spec.count - 1}"
    return job


def _environment(spec: JobSpec) -> dict[str, str]:
    user = pwd.getpwuid(os.getuid())
    basics = {
        "HOME": user.pw_dir,
        "USER": user.pw_name,
        "LOGNAME": user.pw_name,
        "PATH": "/usr/local/bin:/usr/bin:/bin",
    }
    return {**basics, **spec.environment}


def _file(path: str) -> str:
    """A file name for Slurm, to which `%` and a backslash mean something."""
    if "\\" in path:
        raise BadInput(f"Slurm takes no backslash in the name of an output file: {path}")
    return path.replace("%", "%%")


def _number(value: int) -> JsonValue:
    return {"set": True, "infinite": False, "number": value}


def _failure(status: Mapping[str, Any]) -> str | None:
    error: Mapping[str, Any] = status.get("error") or {}
    return str(error.get("message") or error.get("string")) if error.get("code") else None


def _in_order(job_id: str) -> tuple[int, int]:
    job, _, task = job_id.partition("_")
    return int(job), int(task or 0)
