"""Changes jobs in the queue: their requests, wall time, priority and name.

One attribute after the other, each for all jobs in one call. What is asked of a running job counts from its next start,
so its CPUs and memory are refused here rather than accepted in vain.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ink_core.compute.htcondor.actions import ads_of
from ink_core.compute.htcondor.ads import COMPLETED, HELD, IDLE, REMOVED, WALL_TIME, state_of, text, whole
from ink_core.compute.htcondor.pool import Pool, quoted
from ink_core.compute.htcondor.submission import remove_when
from ink_core.compute.model import ActionResult, JobChanges
from ink_core.compute.own_user import own_user


def edit(pool: Pool, changes: JobChanges, job_ids: Sequence[str]) -> ActionResult:
    unique = tuple(dict.fromkeys(job_ids))
    ads = ads_of(pool, unique)
    refused = {name: why for name in unique if (why := _refusal(changes, ads.get(name))) is not None}
    targets = [name for name in unique if name not in refused]
    if targets and not _set(pool, targets, attributes(changes)):
        left = ads_of(pool, targets)
        refused |= {name: "it left the queue before it was changed" for name in targets if name not in left}
    return ActionResult(done=tuple(name for name in unique if name not in refused), refused=refused)


def _set(pool: Pool, targets: Sequence[str], values: Mapping[str, str]) -> bool:
    """Whether all of them have all the values."""
    counts = [pool.edit(targets, name, value) for name, value in values.items()]
    return set(counts) == {len(targets)}


def attributes(changes: JobChanges) -> Mapping[str, str]:
    """Names and values (expressions) in the job ad."""
    found = {
        "RequestMemory": changes.memory_mb,
        "RequestCpus": changes.cpus,
        "JobPrio": changes.priority,
        "JobBatchName": None if changes.name is None else quoted(changes.name),
        WALL_TIME: changes.wall_time_s,
        "PeriodicRemove": None if changes.wall_time_s is None else remove_when(changes.wall_time_s),
    }
    return {name: str(value) for name, value in found.items() if value is not None}


def _refusal(changes: JobChanges, ad: Any) -> str | None:
    if ad is None:
        return "there is no such job in the queue"
    owner, status = text(ad, "Owner"), whole(ad, "JobStatus")
    if owner != own_user():
        return f"it is a job of {owner}"
    if status in (REMOVED, COMPLETED):
        return f"it is {state_of(ad)}"
    if changes.only_while_waiting and status not in (IDLE, HELD):
        return f"it is {state_of(ad)}: hold it first, then change its CPUs or memory"
    return None
