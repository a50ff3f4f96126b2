"""Why a Slurm job is where it is: Slurm's own reason first, then what the nodes could give."""

from __future__ import annotations

from collections.abc import Sequence

from ink_core.compute.model import Explanation, Job, JobState, Node
from ink_core.compute.slurm.reasons import reason_for

_READ_STDERR = "read the end of the job's standard error"


def explain(job: Job, queue: Sequence[Job], nodes: Sequence[Node]) -> Explanation:
    match job.state:
        case JobState.QUEUEING:
            return _waiting(job, queue, nodes)
        case JobState.HOLDING:
            return _held(job)
        case JobState.RUNNING:
            return _explanation(job, "the job is running", (f"it runs on {job.node}",), ())
        case _:
            return _ended(job)


def _waiting(job: Job, queue: Sequence[Job], nodes: Sequence[Node]) -> Explanation:
    code = job.reason_code or "None"
    waiting = sum(1 for other in queue if other.state is JobState.QUEUEING and other.job_id != job.job_id)
    free = sum(node.cpus - node.cpus_used for node in nodes)
    evidence = (
        f"Slurm's reason: {code}",
        f"it asks for {job.cpus} CPUs and {job.memory_mb} MB of memory",
        f"{len(nodes)} nodes with {free} free CPUs; {waiting} other jobs wait",
    )
    for what, asked, largest in (
        ("CPUs", job.cpus, max((node.cpus for node in nodes), default=0)),
        ("MB of memory", job.memory_mb, max((node.memory_mb for node in nodes), default=0)),
    ):
        if nodes and asked is not None and asked > largest:
            summary = f"no node can ever run the job: it asks for {asked} {what}, the largest has {largest}"
            return _explanation(job, summary, evidence, (f"ask for at most {largest} {what}",))
    known = reason_for(code)
    return _explanation(job, f"the job waits: {known.words}", evidence, (known.proposal,))


def _held(job: Job) -> Explanation:
    known = reason_for(job.reason_code or "JobHeldUser")
    return _explanation(
        job, f"the job is held: {known.words}", (f"Slurm's reason: {job.reason_code}",), (known.proposal,)
    )


def _ended(job: Job) -> Explanation:
    facts = {
        "exit code": job.exit_code,
        "Slurm's reason": job.reason_code,
        "standard error": job.stderr,
        "node": job.node,
    }
    evidence = tuple(f"{what}: {value}" for what, value in facts.items() if value is not None)
    match job.state:
        case JobState.COMPLETED:
            return _explanation(job, "the job ended with exit code 0", evidence, ())
        case JobState.CANCELLED:
            return _explanation(job, "the job was removed", evidence, ())
        case JobState.TIMEOUT:
            proposal = "submit it again with a longer wall time, or split the work"
            return _explanation(job, "the job reached its wall time", evidence, (proposal,))
        case JobState.OUT_OF_MEMORY:
            proposal = f"submit it again with more than {job.memory_mb} MB of memory"
            return _explanation(job, "the job used more memory than it asked for", evidence, (proposal,))
        case _:
            return _explanation(job, job.reason or f"the job is {job.state}", evidence, (_READ_STDERR,))


def _explanation(job: Job, summary: str, evidence: tuple[str, ...], proposals: tuple[str, ...]) -> Explanation:
    return Explanation(job_id=job.job_id, state=job.state, summary=summary, evidence=evidence, proposals=proposals)
