"""Why an HTCondor job ended as it did."""

from __future__ import annotations

from typing import Any

from ink_core.compute.htcondor.ads import WALL_TIME, exit_code, text, whole
from ink_core.compute.model import Explanation, JobState

_READ_STDERR = "read the end of the job's standard error"


def explain_ended(job_id: str, state: JobState, ad: Any) -> Explanation:
    summary, proposals = _words(state, ad)
    facts = {
        "exit code": exit_code(ad),
        "remove reason": text(ad, "RemoveReason"),
        "standard error": text(ad, "Err"),
        "last node": text(ad, "LastRemoteHost"),
        "memory asked for in MB": whole(ad, "RequestMemory"),
    }
    evidence = tuple(f"{what}: {value}" for what, value in facts.items() if value is not None)
    return Explanation(job_id=job_id, state=state, summary=summary, evidence=evidence, proposals=proposals)


def _words(state: JobState, ad: Any) -> tuple[str, tuple[str, ...]]:
    code = exit_code(ad)
    match state:
        case JobState.COMPLETED:
            return "the job ended with exit code 0", ()
        case JobState.TIMEOUT:
            words = f"the job was removed when it reached its wall time of {whole(ad, WALL_TIME)} s"
            return words, ("submit it again with a longer wall time, or split the work",)
        case JobState.CANCELLED:
            return "the job was removed from the queue", ()
        case JobState.FAILED if code is not None and code < 0:
            return f"the job was ended by signal {-code}", (_READ_STDERR, "check its use of memory against its request")
        case JobState.FAILED:
            return f"the job's program ended with exit code {code}", (_READ_STDERR,)
        case _:
            return f"HTCondor calls the job's state {whole(ad, 'JobStatus')}", ()
