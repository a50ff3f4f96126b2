"""Classes of how a job uses its memory."""

from __future__ import annotations

from itertools import pairwise

from joblens.verdicts import submit_lines
from joblens.verdicts.figures import Figures
from joblens.verdicts.limits import Limits
from joblens.verdicts.units import percent, size
from joblens.verdicts.verdict import Cause, Finding, Saving

PARTS = 5


def leak(job: Figures, limits: Limits) -> Finding | None:
    """It grows in each fifth of its time, and in the last by at least half of what is usual: no filling that ends."""
    parts = _parts(job.rss)
    if not parts:
        return None
    rises = [after - before for before, after in pairwise(parts)]
    grown = parts[-1] - parts[0]
    usual = grown / len(rises)
    steady = min(rises) >= limits.leak_step * parts[-1] and rises[-1] >= limits.leak_last_step * usual
    if grown < limits.leak_bytes or not steady:
        return None
    per_hour = usual * PARTS / job.duration_s * 3600
    return Finding(
        Cause.MEMORY_LEAK,
        f"Its memory grows all the time, by {size(per_hour)} an hour, up to {size(job.rss_peak_bytes)}.",
        {"growth_bytes_per_hour": per_hour, "rss_peak_bytes": job.rss_peak_bytes, "growth_bytes": grown},
        margin=min(rises[-1] / usual / limits.leak_last_step, grown / limits.leak_bytes),
        change=submit_lines.memory(job.rss_peak_bytes * limits.memory_margin),
    )


def short_of_memory(job: Figures, limits: Limits) -> Finding | None:
    requested = job.request.memory_bytes or 0
    used = job.rss_peak_bytes / requested if requested else 0.0
    if used < limits.memory_full and job.swap_peak_bytes < limits.swap_bytes:
        return None
    whole = size(requested) if requested else "what there is"
    swapped = f" and {size(job.swap_peak_bytes)} were swapped out" if job.swap_peak_bytes >= limits.swap_bytes else ""
    return Finding(
        Cause.MEMORY_SHORT,
        f"Its memory is full: {size(job.rss_peak_bytes)} of {whole}{swapped}.",
        {"rss_peak_bytes": job.rss_peak_bytes, "requested_bytes": requested, "swap_bytes": job.swap_peak_bytes},
        margin=max(used / limits.memory_full + 1, job.swap_peak_bytes / limits.swap_bytes),
        change=submit_lines.memory((job.rss_peak_bytes + job.swap_peak_bytes) * limits.memory_margin),
    )


def over_requested(job: Figures, limits: Limits) -> Finding | None:
    requested = job.request.memory_bytes or 0
    spare = requested - job.rss_peak_bytes * limits.memory_margin
    if job.rss_peak_bytes >= limits.half * requested or spare < limits.spare_memory_bytes:
        return None
    return Finding(
        Cause.MEMORY_OVER_REQUESTED,
        f"It asked for {size(requested)} of memory and never used more than {size(job.rss_peak_bytes)} "
        f"({percent(job.rss_peak_bytes / requested)}).",
        {"rss_peak_bytes": job.rss_peak_bytes, "requested_bytes": requested},
        margin=limits.half * requested / max(job.rss_peak_bytes, 1),
        change=submit_lines.memory(job.rss_peak_bytes * limits.memory_margin),
        saving=Saving(memory_gb_hours=job.hosts * spare / 1e9 * job.duration_s / 3600),
    )


def fault_storm(job: Figures, limits: Limits) -> Finding | None:
    rate = job.rate(job.minor_faults)
    if rate < limits.fault_rate:
        return None
    return Finding(
        Cause.FAULT_STORM,
        f"It takes {rate:,.0f} page faults a second: memory is given back and taken anew, again and again.",
        {"minor_faults_per_s": rate},
        margin=rate / limits.fault_rate,
        change=submit_lines.SubmitChange(
            ('environment = "MALLOC_TRIM_THRESHOLD_=1073741824 MALLOC_MMAP_THRESHOLD_=1073741824"',),
            ("export MALLOC_TRIM_THRESHOLD_=1073741824 MALLOC_MMAP_THRESHOLD_=1073741824",),
        ),
    )


def _parts(values: tuple[float, ...]) -> list[float]:
    """The means of `PARTS` stretches of equal length; nothing where there are fewer than two values in each."""
    length = len(values) // PARTS
    if length < 2:
        return []
    return [sum(values[at * length : (at + 1) * length]) / length for at in range(PARTS)]
