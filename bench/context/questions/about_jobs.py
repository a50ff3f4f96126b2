"""Questions about single jobs: their state, and why they are held, slow, waiting or failed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator

from bench.context.questions.evidence import cause_of, fact, job_edge, measured, of_job
from bench.context.questions.question import Case, Need
from bench.context.site.faults import Trouble
from bench.context.site.jobs import REASON_CODES, SLOW, Job
from bench.context.site.site import Site
from bench.context.site.sources import CATALOGUE, attribute_id
from ink_core.compute.model import ENDED_STATES, JobState
from knowledge_graph.facts import NodeKind, Relation, node_id


def _each(chosen: Callable[[Job], bool], needs: Callable[[Job], tuple[Need, ...]]) -> Callable[[Site], Iterator[Case]]:
    """A question for each such job, by its owner."""
    return lambda site: (Case({"job": job.job_id}, job.owner.name, needs(job)) for job in site.jobs if chosen(job))


def _place(job: Job) -> tuple[Need, ...]:
    assert job.machine is not None
    return (job_edge(job, Relation.RUNS_ON, job.machine.node), of_job(job, "started_at"))


def _what_to_do(job: Job) -> tuple[Need, ...]:
    assert job.fault is not None
    error = node_id(NodeKind.ERROR, REASON_CODES[job.fault.trouble])
    return (of_job(job, "reason"), fact(attribute_id(error, "text", CATALOGUE)))


def _my_held(site: Site) -> Iterator[Case]:
    held: dict[str, list[Job]] = defaultdict(list)
    for job in site.jobs:
        if job.state is JobState.HOLDING:
            held[job.owner.name].append(job)
    for owner, jobs in held.items():
        if len(jobs) <= 3:
            yield Case({}, owner, tuple(of_job(job, "state") for job in jobs))


def _is_running(job: Job) -> bool:
    return job.state is JobState.RUNNING


def _is_held(job: Job) -> bool:
    return job.state is JobState.HOLDING


def _is_slow(job: Job) -> bool:
    return _is_running(job) and job.fault is not None and job.fault.trouble in SLOW


def _waits(job: Job) -> bool:
    return job.fault is not None and job.fault.trouble in (Trouble.SCHEDD, Trouble.DRAINED)


STATES = {
    "state": _each(lambda job: job.state not in ENDED_STATES, lambda job: (of_job(job, "state"),)),
    "place": _each(_is_running, _place),
    "ended": _each(lambda job: job.state in ENDED_STATES, lambda job: (of_job(job, "state"), of_job(job, "exit_code"))),
    "memory": _each(_is_running, lambda job: (of_job(job, "memory_mb"), measured(job, "measured_memory_peak_mb"))),
    "my_held": _my_held,
    "queue": _each(lambda job: True, lambda job: (job_edge(job, Relation.SUBMITTED_TO, job.queue.node),)),
    "account": _each(lambda job: True, lambda job: (job_edge(job, Relation.CHARGED_TO, job.group.node),)),
}
REASONS = {
    "held": _each(_is_held, lambda job: (of_job(job, "reason"), *cause_of(job))),
    "slow": _each(_is_slow, lambda job: (measured(job, "verdict"), *cause_of(job))),
    "waiting": _each(_waits, cause_of),
    "failed": _each(lambda job: job.state is JobState.FAILED, lambda job: (of_job(job, "reason"), *cause_of(job))),
    "what_to_do": _each(_is_held, _what_to_do),
}
PLACES = {
    "job_reads": _each(_is_running, lambda job: tuple(job_edge(job, Relation.READS, one.node) for one in job.reads)),
    "stdout": _each(lambda job: job.machine is not None, lambda job: (of_job(job, "stdout"),)),
}
