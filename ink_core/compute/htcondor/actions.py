"""Removes, holds and releases jobs, and tells for each what became of it.

The bindings only count outcomes. So the jobs are looked at first, acted on in one call, and looked at again where the
counts do not say that all went well.
"""

from __future__ import annotations

import getpass
import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from ink_core.compute.htcondor.ads import HELD, REMOVED, job_id, state_of, text, whole
from ink_core.compute.htcondor.pool import Pool, htcondor
from ink_core.compute.model import ActionResult, JobAction

_ID = re.compile(r"\d{1,9}\.\d{1,9}")
_VERB = {JobAction.HOLD: "Hold", JobAction.RELEASE: "Release", JobAction.REMOVE: "Remove"}
_PAST = {JobAction.HOLD: "held", JobAction.RELEASE: "released", JobAction.REMOVE: "removed"}


def act(pool: Pool, action: JobAction, job_ids: Sequence[str], reason: str) -> ActionResult:
    unique = tuple(dict.fromkeys(job_ids))
    ads = _ads(pool, unique)
    refused = {name: why for name in unique if (why := _refusal(action, ads.get(name))) is not None}
    targets = [name for name in unique if name not in refused]
    if targets:
        result = pool.act(getattr(htcondor.JobAction, _VERB[action]), targets, reason or "no reason given")
        if result["TotalSuccess"] != len(targets):
            refused |= _failures(action, targets, _ads(pool, targets))
    return ActionResult(done=tuple(name for name in unique if name not in refused), refused=refused)


def _ads(pool: Pool, job_ids: Sequence[str]) -> Mapping[str, Any]:
    procs: dict[str, list[str]] = defaultdict(list)
    for name in job_ids:
        if _ID.fullmatch(name):
            cluster, proc = name.split(".")
            procs[cluster].append(proc)
    if not procs:
        return {}
    terms = (f"(ClusterId == {cluster} && member(ProcId, {{{','.join(ids)}}}))" for cluster, ids in procs.items())
    ads = pool.query(" || ".join(terms), ("ClusterId", "ProcId", "Owner", "JobStatus"))
    return {job_id(ad): ad for ad in ads}


def _refusal(action: JobAction, ad: Any) -> str | None:
    """What can be said before the schedd is asked."""
    if ad is None:
        return "there is no such job in the queue"
    status = whole(ad, "JobStatus")
    fits = {JobAction.HOLD: status != HELD, JobAction.RELEASE: status == HELD, JobAction.REMOVE: status != REMOVED}
    return None if fits[action] else f"it is {state_of(ad)}, so it cannot be {_PAST[action]}"


def _failures(action: JobAction, targets: Sequence[str], ads: Mapping[str, Any]) -> dict[str, str]:
    return {name: _why(ads[name]) for name in targets if name in ads and not _is_done(action, ads[name])}


def _is_done(action: JobAction, ad: Any) -> bool:
    status = whole(ad, "JobStatus")
    return {JobAction.HOLD: status == HELD, JobAction.RELEASE: status != HELD, JobAction.REMOVE: status == REMOVED}[
        action
    ]


def _why(ad: Any) -> str:
    owner = text(ad, "Owner")
    if owner != getpass.getuser():
        return f"it is a job of {owner}"
    return f"the schedd refused; the job is {state_of(ad)}"
