"""Removes, holds, releases, suspends and resumes jobs, and tells for each what became of it.

The bindings only count outcomes. So the jobs are looked at first, acted on in one call, and looked at again where the
counts do not say that all went well.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from ink_core.compute.htcondor.ads import HELD, REMOVED, RUNNING, SUSPENDED, job_id, state_of, text, whole
from ink_core.compute.htcondor.pool import Pool, htcondor
from ink_core.compute.htcondor.selection import choosing
from ink_core.compute.model import PAST, ActionResult, JobAction
from ink_core.compute.own_user import own_user

_VERB = {
    JobAction.HOLD: "Hold",
    JobAction.RELEASE: "Release",
    JobAction.REMOVE: "Remove",
    JobAction.SUSPEND: "Suspend",
    JobAction.RESUME: "Continue",
}
_BEFORE: Mapping[JobAction, Callable[[int | None], bool]] = {
    JobAction.HOLD: lambda status: status != HELD,
    JobAction.RELEASE: lambda status: status == HELD,
    JobAction.REMOVE: lambda status: status != REMOVED,
    JobAction.SUSPEND: lambda status: status == RUNNING,
    JobAction.RESUME: lambda status: status == SUSPENDED,
}
_AFTER: Mapping[JobAction, Callable[[int | None], bool]] = {
    JobAction.HOLD: lambda status: status == HELD,
    JobAction.RELEASE: lambda status: status != HELD,
    JobAction.REMOVE: lambda status: status == REMOVED,
    JobAction.SUSPEND: lambda status: status == SUSPENDED,
    JobAction.RESUME: lambda status: status != SUSPENDED,
}


def act(pool: Pool, action: JobAction, job_ids: Sequence[str], reason: str) -> ActionResult:
    unique = tuple(dict.fromkeys(job_ids))
    ads = ads_of(pool, unique)
    refused = {name: why for name in unique if (why := _refusal(action, ads.get(name))) is not None}
    targets = [name for name in unique if name not in refused]
    if targets:
        result = pool.act(getattr(htcondor.JobAction, _VERB[action]), targets, reason or "no reason given")
        if result["TotalSuccess"] != len(targets):
            refused |= _failures(action, targets, ads_of(pool, targets))
    return ActionResult(done=tuple(name for name in unique if name not in refused), refused=refused)


def ads_of(pool: Pool, job_ids: Sequence[str]) -> Mapping[str, Any]:
    """The little that must be known of these jobs to act on them; without those that are not in the queue."""
    constraint = choosing(job_ids)
    if constraint is None:
        return {}
    ads = pool.query(constraint, ("ClusterId", "ProcId", "Owner", "JobStatus"))
    return {job_id(ad): ad for ad in ads}


def _refusal(action: JobAction, ad: Any) -> str | None:
    """What can be said before the schedd is asked."""
    if ad is None:
        return "there is no such job in the queue"
    return None if _BEFORE[action](whole(ad, "JobStatus")) else f"it is {state_of(ad)}, so it cannot be {PAST[action]}"


def _failures(action: JobAction, targets: Sequence[str], ads: Mapping[str, Any]) -> dict[str, str]:
    return {name: _why(ads[name]) for name in targets if name in ads and not _is_done(action, ads[name])}


def _is_done(action: JobAction, ad: Any) -> bool:
    return _AFTER[action](whole(ad, "JobStatus"))


def _why(ad: Any) -> str:
    owner = text(ad, "Owner")
    if owner != own_user():
        return f"it is a job of {owner}"
    return f"the schedd refused; the job is {state_of(ad)}"
