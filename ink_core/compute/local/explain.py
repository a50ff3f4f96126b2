"""Why a local job is where it is, in plain words."""

from __future__ import annotations

from ink_core.compute.local.capacity import Capacity
from ink_core.compute.local.schema import LocalJob
from ink_core.compute.model import Explanation, JobState


def explain(job: LocalJob, *, ahead: int, machine: Capacity, used: Capacity) -> Explanation:
    """`ahead` counts the waiting jobs that come first."""
    match JobState(job.state):
        case JobState.QUEUEING:
            return _queueing(job, ahead, machine, used)
        case JobState.HOLDING:
            return _holding(job)
        case JobState.RUNNING:
            return _explanation(job, "the job is running", (f"it has {job.cpus} of {machine.cpus} slots",), ())
        case JobState.COMPLETED:
            return _explanation(job, "the job ended with exit code 0", _use(job), ())
        case _:
            return _ended_badly(job)


def _queueing(job: LocalJob, ahead: int, machine: Capacity, used: Capacity) -> Explanation:
    if job.waits_for:
        summary = f"the job begins when {job.waits_for}, before it in its DAG, have ended well"
        return _explanation(
            job, summary, (f"it waits for {job.waits_for} of its DAG",), ("wait, or look at those jobs",)
        )
    evidence = (
        f"{used.cpus} of {machine.cpus} slots are in use; this job needs {job.cpus}",
        f"running jobs ask for {used.memory_mb} of {machine.memory_mb} MB of memory, this job for {job.memory_mb}",
        f"{ahead} waiting jobs are ahead",
    )
    summary = "the job waits for slots and memory; jobs start by their priority, then in the order in which they came"
    return _explanation(job, summary, evidence, ("wait, or remove running jobs that are not needed",))


def _holding(job: LocalJob) -> Explanation:
    evidence = (f"hold reason: {job.reason}", f"hold code: {job.reason_code}")
    if job.reason_code == "start_failed":
        proposal = "make the files and directories that the reason names available, then release the job"
        return _explanation(job, "the job is held because it could not be started", evidence, (proposal,))
    if job.reason_code == "too_large":
        summary = "the job is held because it asks for more than this machine has"
        return _explanation(job, summary, evidence, ("ask for less, then release the job",))
    return _explanation(job, "the job is held because somebody asked for that", evidence, ("release the job",))


def _ended_badly(job: LocalJob) -> Explanation:
    summary = job.reason or f"the job is {job.state}"
    return _explanation(job, summary, _use(job), _PROPOSALS.get(job.reason_code or "", ()))


_PROPOSALS: dict[str, tuple[str, ...]] = {
    "wall_time": ("submit it again with a longer wall time, or split the work",),
    "exit_code": ("read the end of the job's standard error",),
    "signal": ("read the end of the job's standard error", "check whether the machine ran out of memory"),
    "runner_died": ("submit it again",),
}


def _use(job: LocalJob) -> tuple[str, ...]:
    facts = (
        ("exit code", job.exit_code),
        ("peak memory in MB", job.memory_peak_mb),
        ("CPU time in s", job.cpu_used_s),
        ("standard error", job.stderr),
    )
    return tuple(f"{what}: {value}" for what, value in facts if value is not None)


def _explanation(job: LocalJob, summary: str, evidence: tuple[str, ...], proposals: tuple[str, ...]) -> Explanation:
    return Explanation(
        job_id=job.job_id, state=JobState(job.state), summary=summary, evidence=evidence, proposals=proposals
    )
