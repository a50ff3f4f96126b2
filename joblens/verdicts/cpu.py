"""Classes of how a job uses its cores."""

from __future__ import annotations

import math

from joblens.verdicts import submit_lines
from joblens.verdicts.figures import Figures
from joblens.verdicts.limits import Limits
from joblens.verdicts.units import percent, size
from joblens.verdicts.verdict import Cause, Finding, Saving

ONE_CORE = 1.1
"""Cores of a program with one thread that computes and helpers that hardly do."""
WRAPPERS = 2
"""Threads that only wait for others: a job's script, and the main thread of a program with workers."""


def idle(job: Figures, limits: Limits) -> Finding | None:
    moved = job.rate(job.call_bytes + job.net_bytes)
    if job.cores >= limits.idle_cores or moved >= limits.throughput_bytes_s or starved(job, limits):
        return None
    return Finding(
        Cause.IDLE,
        f"It did nothing: {percent(job.cores)} of one core, {size(moved)} a second read, written or sent.",
        {"cores_used": job.cores, "bytes_per_s": moved},
        margin=limits.idle_cores / max(job.cores, 1e-3),
        saving=Saving(core_hours=_spare_hours(job, 0)),
    )


def single_threaded(job: Figures, limits: Limits) -> Finding | None:
    if job.cpus < 2 or job.cores < limits.half or job.wanted > ONE_CORE:
        return None
    return Finding(
        Cause.SINGLE_THREADED,
        f"It computes on one core and holds {job.cpus}: it used {job.cores:.2f} of them.",
        {"cores_used": job.cores, "cores_requested": job.cpus, "threads": job.threads},
        margin=job.cpus / max(job.cores, 0.1) / 2 + 0.5,
        change=submit_lines.cpus(1, job.hosts),
        saving=Saving(core_hours=_spare_hours(job, 1)),
    )


def cpus_over_requested(job: Figures, limits: Limits) -> Finding | None:
    if job.cpus < 2 or job.cores <= ONE_CORE or job.wanted >= limits.half * job.cpus:
        return None
    enough = math.ceil(job.cores)
    return Finding(
        Cause.CPUS_OVER_REQUESTED,
        f"It holds {job.cpus} cores and used {job.cores:.1f} of them on average.",
        {"cores_used": job.cores, "cores_requested": job.cpus},
        margin=limits.half * job.cpus / job.cores,
        change=submit_lines.cpus(enough, job.hosts),
        saving=Saving(core_hours=_spare_hours(job, enough)),
    )


def oversubscribed(job: Figures, limits: Limits) -> Finding | None:
    """More threads than cores that all want to run: it takes its neighbours' cores, or its threads take turns."""
    per_core = (job.threads - WRAPPERS) / job.cpus
    wants_more = job.cores > (1 + limits.half) * job.cpus or starved(job, limits)
    if per_core < limits.oversubscription or not wants_more:
        return None
    return Finding(
        Cause.OVERSUBSCRIBED,
        f"{job.threads} threads compete for the {job.cpus} core(s) it asked for; it used {job.cores:.1f}.",
        {
            "threads": job.threads,
            "cores_requested": job.cpus,
            "cores_used": job.cores,
            "involuntary_switches_per_cpu_s": job.involuntary_switches / max(job.cpu_s, 1e-3),
        },
        margin=max(per_core / limits.oversubscription, job.cores / job.cpus),
        change=submit_lines.threads(job.cpus, job.hosts),
    )


def contended(job: Figures, limits: Limits) -> Finding | None:
    if job.cores >= limits.busy * job.cpus or not starved(job, limits):
        return None
    return Finding(
        Cause.CONTENDED,
        f"It wanted to compute and the machine gave it {job.cores:.2f} of {job.cpus} core(s): others ran in its place.",
        {
            "cores_used": job.cores,
            "cores_requested": job.cpus,
            "threads_waiting_for_a_core": job.rate(job.cpu_wait_s),
            "involuntary_switches_per_cpu_s": job.involuntary_switches / max(job.cpu_s, 1e-3),
        },
        margin=limits.busy * job.cpus / max(job.cores, 1e-3),
    )


def waiting(job: Figures, limits: Limits) -> Finding | None:
    if job.cores >= limits.half * min(job.cpus, 1):
        return None
    return Finding(
        Cause.WAITING,
        f"It waits most of the time, neither for storage nor for the network that it uses: {percent(job.cores)} of one "
        "core. Look for locks, a licence, a service that answers slowly, or sleeps.",
        {"cores_used": job.cores, "voluntary_switches": job.voluntary_switches},
        margin=limits.half / max(job.cores, 1e-3),
        saving=Saving(core_hours=_spare_hours(job, min(job.cpus, 1))),
    )


def healthy(job: Figures, limits: Limits) -> Finding | None:
    share = job.cores / job.cpus
    return Finding(
        Cause.HEALTHY,
        f"It computes: {percent(share)} of the {job.cpus} core(s) it asked for.",
        {"cores_used": job.cores, "cores_requested": job.cpus},
        margin=share / limits.half,
    )


def starved(job: Figures, limits: Limits) -> bool:
    """It wanted to compute and stood ready for a core instead. Where the kernel does not tell for how long: it was
    taken off a core again and again with work left, and seldom because it waited."""
    if job.cpu_wait_s:
        return job.wanted >= limits.half * min(job.cpus, 1) and job.rate(job.cpu_wait_s) >= limits.half * job.cores
    switches = job.involuntary_switches
    often = switches > limits.starved_switches * job.cpu_s and job.rate(switches) > limits.starved_rate
    return often and switches > job.voluntary_switches


def _spare_hours(job: Figures, used: float) -> float:
    return max(job.cpus - used, 0) * job.duration_s / 3600
