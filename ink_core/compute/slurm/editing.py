"""Changes Slurm jobs. What a user may change of a job is Slurm's to say: its refusals are told per job.

A job's priority among its user's is Slurm's nice value with the other sign; only an operator may raise it above 0.
"""

from __future__ import annotations

from collections.abc import Sequence

from ink_core.compute.model import ENDED_STATES, ActionResult, JobChanges, JobState
from ink_core.compute.slurm.actions import states_of
from ink_core.compute.slurm.interface import Slurm
from ink_core.compute.slurm.scontrol import for_jobs

_WAITING = (JobState.QUEUEING, JobState.HOLDING)


def edit(slurm: Slurm, changes: JobChanges, job_ids: Sequence[str]) -> ActionResult:
    unique = tuple(dict.fromkeys(job_ids))
    states = states_of(slurm)
    refused = {name: why for name in unique if (why := _refusal(changes, states.get(name))) is not None}
    targets = [name for name in unique if name not in refused]
    refused |= for_jobs(slurm.options, ("update", *settings(changes)), targets, "JobId=")
    return ActionResult(done=tuple(name for name in unique if name not in refused), refused=refused)


def settings(changes: JobChanges) -> Sequence[str]:
    """As `scontrol update` takes them."""
    found = {
        "MinMemoryNode": changes.memory_mb,
        "NumCPUs": changes.cpus,
        "TimeLimit": None if changes.wall_time_s is None else -(-changes.wall_time_s // 60),
        "Nice": None if changes.priority is None else -changes.priority,
        "JobName": changes.name,
    }
    return [f"{name}={value}" for name, value in found.items() if value is not None]


def _refusal(changes: JobChanges, state: JobState | None) -> str | None:
    if state is None:
        return "there is no such job"
    if state in ENDED_STATES:
        return f"it is {state}"
    if changes.only_while_waiting and state not in _WAITING:
        return f"it is {state}, and what runs keeps its CPUs and memory"
    return None
