"""Why an HTCondor job is where it is: the schedd's and the machines' own facts, then proposals."""

from __future__ import annotations

import re
import time
from typing import Any

from ink_core.compute.htcondor.ads import moment, number, state_of, text, whole
from ink_core.compute.htcondor.ended import explain_ended
from ink_core.compute.htcondor.hold_codes import hold_code, subcode_words
from ink_core.compute.htcondor.idle import explain_idle
from ink_core.compute.htcondor.pool import Pool
from ink_core.compute.model import Explanation, JobState
from ink_core.errors import JobNotFound

_ID = re.compile(r"(\d{1,9})\.(\d{1,9})")


def explain(pool: Pool, job_id: str) -> Explanation:
    ad = _find(pool, job_id)
    match state_of(ad):
        case JobState.QUEUEING:
            return explain_idle(pool, job_id, ad)
        case JobState.HOLDING:
            return _explain_held(job_id, ad)
        case JobState.RUNNING:
            return _explain_running(job_id, ad)
        case state:
            return explain_ended(job_id, state, ad)


def _find(pool: Pool, job_id: str) -> Any:
    """The whole ad, from the queue or the history."""
    ids = _ID.fullmatch(job_id)
    if ids is not None:
        constraint = f"ClusterId == {ids[1]} && ProcId == {ids[2]}"
        ended_after = int(time.time() - pool.options.history_s)
        found = pool.query(constraint) or pool.history(constraint, (), limit=1, ended_after=ended_after)
        if found:
            return found[0]
    raise JobNotFound(
        f"cluster {pool.options.name} has no job {job_id}, neither in the queue nor in the recent history"
    )


def _explain_held(job_id: str, ad: Any) -> Explanation:
    code, subcode = whole(ad, "HoldReasonCode"), whole(ad, "HoldReasonSubCode")
    known = hold_code(code)
    evidence = [f"hold reason: {text(ad, 'HoldReason')}", f"hold reason code {code}, subcode {subcode}"]
    if (words := subcode_words(code, subcode)) is not None:
        evidence.append(f"the subcode is the system's error {subcode}: {words}")
    if (since := moment(ad, "EnteredCurrentStatus")) is not None:
        evidence.append(f"held since {since:%Y-%m-%d %H:%M:%S} UTC")
    return Explanation(
        job_id=job_id,
        state=JobState.HOLDING,
        summary=f"the job is held: {known.words}",
        evidence=tuple(evidence),
        proposals=(known.proposal,),
    )


def _explain_running(job_id: str, ad: Any) -> Explanation:
    evidence = [f"it runs on {text(ad, 'RemoteHost')}"]
    if (resident := number(ad, "ResidentSetSize")) is not None:
        evidence.append(f"{int(resident / 1024)} MB of {whole(ad, 'RequestMemory')} MB of memory in use")
    return Explanation(
        job_id=job_id,
        state=JobState.RUNNING,
        summary="the job is running",
        evidence=tuple(evidence),
        proposals=(),
    )
