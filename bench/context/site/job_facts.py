"""What scheduler, history and JobLens say of jobs of a synthetic site. They are for the job's owner and admins."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from functools import cache

from bench.context.site.faults import Trouble
from bench.context.site.jobs import REASON_CODES, SLOW, Job
from bench.context.site.people import User
from bench.context.site.sources import NOW, PERSONAL, WRITTEN_BY_JOBS, Sources
from bench.context.site.topology import POOL, WALL_TIME_H, schedd_node
from ink_core.compute.model import ENDED_STATES, JobState
from ink_core.labels import Label
from knowledge_graph.facts import Layer, NodeKind, Origin, Relation, node_id

MIRROR = "mirror"
"""What was seen yesterday; it has expired."""

_EXIT_CODES = {Trouble.BLACK_HOLE: 127, Trouble.FULL: 74}


def scheduler(job: Job) -> str:
    """The source of what the job's scheduler says."""
    if job.state in ENDED_STATES:
        return f"history@{job.cluster}"
    return f"{job.schedd}@{POOL}" if job.schedd else "slurmctld@slurm/jobs"


def lens(job: Job) -> str:
    return f"joblens@{job.cluster}"


def verdict(job: Job) -> str | None:
    """What JobLens makes of a running job."""
    if job.state is not JobState.RUNNING:
        return None
    trouble = job.fault.trouble if job.fault else None
    if trouble is Trouble.FILE_SERVER:
        return "waits for its input 92 % of the time"
    return "network transfers stall 71 % of the time" if trouble is Trouble.SWITCH else "computes steadily"


def say_jobs(made: Iterable[Job], say: Sources) -> None:
    told = cache(lambda source, user: _origin(say, source, user, seconds=45))
    watched = cache(lambda source, user: _origin(say, source, user, seconds=90, label=WRITTEN_BY_JOBS))
    for number, job in enumerate(made):
        _say_queue(job, told(scheduler(job), job.owner), say)
        if job.state is JobState.RUNNING:
            _say_lens(job, watched(lens(job), job.owner), say)
        if number % 10 == 0:
            yesterday = _origin(say, MIRROR, job.owner, seconds=86_400)
            say.attributes(job.node, yesterday, state=JobState.QUEUEING.value)


def _origin(say: Sources, source: str, owner: User, *, seconds: int, label: Label = PERSONAL) -> Origin:
    return say.origin(
        source,
        Layer.RUNTIME,
        age=timedelta(seconds=seconds),
        lives=timedelta(days=7) if source.startswith("history") else timedelta(minutes=10),
        readers=owner.readers,
        label=label,
    )


def _say_queue(job: Job, origin: Origin, say: Sources) -> None:
    began = NOW - timedelta(minutes=sum(map(ord, job.job_id)) % 900 + 5)
    trouble = job.fault.trouble if job.fault else None
    say.attributes(
        job.node,
        origin,
        name=job.name,
        state=job.state.value,
        command=f"{job.folder}/{job.name}.sh",
        submitted_at=(began - timedelta(minutes=30)).isoformat(),
        started_at=began.isoformat() if job.machine else None,
        memory_mb=job.asked_mb,
        wall_time_s=WALL_TIME_H[job.queue.name] * 3600,
        working_directory=job.folder,
        stdout=f"{job.folder}/{job.name}.out",
        reason=job.reason,
        exit_code=_EXIT_CODES.get(trouble, 0) if trouble and job.state in ENDED_STATES else None,
    )
    if job.state is JobState.COMPLETED:
        say.attributes(job.node, origin, exit_code=0)
    say.edge(job.node, Relation.OWNED_BY, job.owner.node, origin)
    say.edge(job.node, Relation.CHARGED_TO, job.group.node, origin)
    say.edge(job.node, Relation.SUBMITTED_TO, job.queue.node, origin)
    if job.schedd:
        say.edge(job.node, Relation.SUBMITTED_TO, schedd_node(job.schedd), origin)
    if job.machine:
        say.edge(job.node, Relation.RUNS_ON, job.machine.node, origin)
        say.edge(job.node, Relation.RUNS_ON, node_id(NodeKind.SLOT, f"slot{job.slot}@{job.machine.name}"), origin)
    if job.reason and trouble and trouble in REASON_CODES:
        code = REASON_CODES[trouble]
        say.attributes(job.node, origin, reason_code=code)
        say.edge(job.node, Relation.CAUSED_BY, node_id(NodeKind.ERROR, code), origin)
    for one in job.reads:
        say.edge(job.node, Relation.READS, one.node, origin)
    say.edge(job.node, Relation.WRITES, job.writes.node, origin)


def _say_lens(job: Job, origin: Origin, say: Sources) -> None:
    slow = bool(job.fault and job.fault.trouble in SLOW)
    say.attributes(
        job.node,
        origin,
        verdict=verdict(job),
        cpu_efficiency=0.07 if slow else 0.93,
        measured_memory_peak_mb=job.peak_mb,
    )
