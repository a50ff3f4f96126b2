"""Why a scheduler keeps a job, as error codes: the reason of a job leads to what it means and what to do."""

from __future__ import annotations

from collections.abc import Iterator

from ink_core.compute.htcondor.hold_codes import HOLD_CODES
from ink_core.compute.model import Job, JobState
from ink_core.compute.slurm.reasons import REASONS
from knowledge_graph.ingest.catalogue import ErrorText

_WAITS = {"htcondor": {JobState.HOLDING}, "slurm": {JobState.HOLDING, JobState.QUEUEING}}
"""In which states a job has a reason of its scheduler's list."""


def scheduler_reasons() -> Iterator[ErrorText]:
    for number, held in HOLD_CODES.items():
        yield ErrorText(f"htcondor/{number}", held.words, held.proposal)
    for name, reason in REASONS.items():
        yield ErrorText(f"slurm/{name}", reason.words, reason.proposal)


def error_of(job: Job, scheduler: str) -> str | None:
    """The code under which the catalogue has the reason of this job; `scheduler` is the type of its cluster."""
    code = job.reason_code
    return f"{scheduler}/{code}" if code and job.state in _WAITS.get(scheduler, ()) else None
