"""Classes of a job as a whole: how long it lives, how many processes it has, whether it uses its card."""

from __future__ import annotations

import math

from joblens.verdicts import submit_lines
from joblens.verdicts.figures import Figures
from joblens.verdicts.limits import Limits
from joblens.verdicts.units import span
from joblens.verdicts.verdict import Cause, Finding, Saving


def short(job: Figures, limits: Limits) -> Finding | None:
    if not job.ended or job.duration_s >= limits.short_s:
        return None
    together = max(2, math.ceil(10 * limits.short_s / job.duration_s))
    return Finding(
        Cause.SHORT,
        f"It ran for {span(job.duration_s)}: to schedule and start such a job takes longer than its work.",
        {"duration_s": job.duration_s},
        margin=limits.short_s / job.duration_s,
        change=submit_lines.merged(together),
    )


def runaway(job: Figures, limits: Limits) -> Finding | None:
    most = max(limits.runaway_processes, limits.runaway_per_core * job.cpus)
    if job.processes < most:
        return None
    return Finding(
        Cause.RUNAWAY,
        f"It ran {job.processes} processes at once on {job.cpus} core(s).",
        {"processes": job.processes, "cores_requested": job.cpus},
        margin=job.processes / most,
        change=submit_lines.SubmitChange(
            ("# in the program: start no more workers than request_cpus, and wait for them",),
            ("# in the program: start no more workers than $SLURM_CPUS_PER_TASK, and wait for them",),
        ),
    )


def too_short_to_tell(job: Figures, limits: Limits) -> Finding | None:
    """What it is bound by follows from rates, and these would be of a start and an end alone."""
    if job.samples >= limits.few_samples or job.duration_s >= limits.short_s:
        return None
    return Finding(
        Cause.TOO_SHORT_TO_TELL,
        f"It has been sampled {job.samples} time(s) in {span(job.duration_s)}: too short to tell what it is bound by.",
        {"samples": job.samples, "duration_s": job.duration_s},
        margin=limits.few_samples / max(job.samples, 1),
    )


def gpu_idle(job: Figures, limits: Limits) -> Finding | None:
    if job.gpu_percent is None or job.gpu_percent >= limits.gpu_percent:
        return None
    return Finding(
        Cause.GPU_IDLE,
        f"It holds a GPU and leaves it idle: {job.gpu_percent:.1f} % of the time anything ran there.",
        {"gpu_percent": job.gpu_percent},
        margin=limits.gpu_percent / max(job.gpu_percent, 0.5),
        change=submit_lines.no_gpu(),
        saving=Saving(gpu_hours=(job.request.gpus or 1) * job.duration_s / 3600),
    )
