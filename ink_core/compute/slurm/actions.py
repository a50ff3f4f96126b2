"""Removes, holds and releases Slurm jobs, and tells for each what became of it.

The jobs are looked at first, because Slurm says yes to holding a running job and does nothing.
"""

from __future__ import annotations

import re
import subprocess
from collections.abc import Mapping, Sequence
from typing import Any

from ink_core.compute.model import ENDED_STATES, ActionResult, JobAction, JobState
from ink_core.compute.slurm.records import jobs_from
from ink_core.compute.slurm.rest import SlurmRest
from ink_core.errors import JobNotFound, SchedulerDown, SchedulerRefused

_ID = re.compile(r"\d{1,10}(_\d{1,10})?")


def act(rest: SlurmRest, action: JobAction, job_ids: Sequence[str]) -> ActionResult:
    unique = tuple(dict.fromkeys(job_ids))
    states = {job.job_id: job.state for record in rest.get("/jobs/")["jobs"] for job in jobs_from("", record)}
    refused = {name: why for name in unique if (why := _refusal(action, name, states.get(name))) is not None}
    targets = [name for name in unique if name not in refused]
    if action is JobAction.REMOVE:
        refused |= _remove(rest, targets)
    else:
        held = {name: _set_hold(rest, name, action is JobAction.HOLD) for name in targets}
        refused |= {name: why for name, why in held.items() if why is not None}
    return ActionResult(done=tuple(name for name in unique if name not in refused), refused=refused)


def _refusal(action: JobAction, job_id: str, state: JobState | None) -> str | None:
    """What can be said before Slurm is asked."""
    if state is None or not _ID.fullmatch(job_id):
        return "there is no such job"
    if state in ENDED_STATES:
        return f"it is {state}"
    if action is JobAction.HOLD and state is JobState.RUNNING:
        return "it is RUNNING, and Slurm holds only waiting jobs: remove it instead"
    if action is JobAction.HOLD and state is JobState.HOLDING:
        return "it is HOLDING already"
    if action is JobAction.RELEASE and state is not JobState.HOLDING:
        return f"it is {state}, so it cannot be released"
    return None


def _remove(rest: SlurmRest, job_ids: Sequence[str]) -> dict[str, str]:
    if not job_ids:
        return {}
    answer = rest.delete("/jobs/", {"jobs": list(job_ids), "flags": ["VERBOSE"]})
    failures = {str(status.get("step_id")): _failure(status) for status in answer.get("status") or ()}
    return {job_id: words for job_id in job_ids if (words := failures.get(job_id))}


def _failure(status: Mapping[str, Any]) -> str | None:
    error: Mapping[str, Any] = status.get("error") or {}
    return str(error.get("message") or error.get("string")) if error.get("code") else None


def _set_hold(rest: SlurmRest, job_id: str, hold: bool) -> str | None:
    """Why it was refused, or None. The REST interface updates no single task of an array; `scontrol` does."""
    if "_" in job_id:
        return _scontrol(rest, "hold" if hold else "release", job_id)
    try:
        rest.post(f"/job/{job_id}", {"hold": hold})
    except (SchedulerRefused, JobNotFound) as refusal:
        return str(refusal)
    return None


def _scontrol(rest: SlurmRest, verb: str, job_id: str) -> str | None:
    argv = [rest.options.scontrol, verb, job_id]
    try:
        done = subprocess.run(argv, capture_output=True, text=True, timeout=rest.options.deadline_s, check=False)
    except (OSError, subprocess.TimeoutExpired) as error:
        raise SchedulerDown(f"{argv[0]} failed: {error}") from error
    return None if done.returncode == 0 else done.stderr.strip() or f"{argv[0]} ended with {done.returncode}"
