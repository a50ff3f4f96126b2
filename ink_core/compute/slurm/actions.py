"""Removes, holds, releases, suspends and resumes Slurm jobs, and tells for each what became of it.

The jobs are looked at first, because Slurm says yes to holding a running job and does nothing. Slurm's own suspension
is for operators; a user stops and continues all processes of a job by signals, and Slurm shows it as STOPPED.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from ink_core.compute.model import ENDED_STATES, PAST, ActionResult, JobAction, JobState
from ink_core.compute.slurm.interface import Slurm
from ink_core.compute.slurm.records import jobs_from
from ink_core.compute.slurm.scontrol import for_jobs

_ID = re.compile(r"\d{1,10}(_\d{1,10})?")
_FITS: Mapping[JobAction, frozenset[JobState]] = {
    JobAction.REMOVE: frozenset(JobState) - ENDED_STATES,
    JobAction.HOLD: frozenset({JobState.QUEUEING, JobState.OTHER}),
    JobAction.RELEASE: frozenset({JobState.HOLDING}),
    JobAction.SUSPEND: frozenset({JobState.RUNNING}),
    JobAction.RESUME: frozenset({JobState.SUSPENDED}),
}
_SIGNALS = {JobAction.SUSPEND: "STOP", JobAction.RESUME: "CONT"}


def act(slurm: Slurm, action: JobAction, job_ids: Sequence[str]) -> ActionResult:
    unique = tuple(dict.fromkeys(job_ids))
    states = states_of(slurm)
    refused = {name: why for name in unique if (why := _refusal(action, name, states.get(name))) is not None}
    targets = [name for name in unique if name not in refused]
    if action in (JobAction.HOLD, JobAction.RELEASE):
        refused |= for_jobs(slurm.options, (action.value,), targets)
    else:
        refused |= slurm.signal(targets, _SIGNALS.get(action))
    return ActionResult(done=tuple(name for name in unique if name not in refused), refused=refused)


def _refusal(action: JobAction, job_id: str, state: JobState | None) -> str | None:
    """What can be said before Slurm is asked."""
    if state is None or not _ID.fullmatch(job_id):
        return "there is no such job"
    if action is JobAction.HOLD and state is JobState.RUNNING:
        return "it is RUNNING, and Slurm holds only waiting jobs: remove or suspend it instead"
    return None if state in _FITS[action] else f"it is {state}, so it cannot be {PAST[action]}"


def states_of(slurm: Slurm) -> Mapping[str, JobState]:
    """Of all jobs that slurmctld knows."""
    return {job.job_id: job.state for record in slurm.jobs() for job in jobs_from("", record)}


def remove(slurm: Slurm, job_ids: Sequence[str]) -> None:
    """Without a look at them first."""
    slurm.signal(job_ids, None)
