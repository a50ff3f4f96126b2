"""From figures to a verdict: of all classes that apply, the one that explains the others comes first."""

from __future__ import annotations

from collections.abc import Callable

from joblens.verdicts import cpu, io, life, memory
from joblens.verdicts.figures import Figures
from joblens.verdicts.limits import Limits
from joblens.verdicts.verdict import Cause, Finding, Verdict

CLASSES: tuple[Callable[[Figures, Limits], Finding | None], ...] = (
    life.short,
    memory.leak,
    memory.short_of_memory,
    life.runaway,
    life.too_short_to_tell,
    life.gpu_idle,
    memory.fault_storm,
    io.small_files,
    io.small_io,
    io.hot_file,
    cpu.oversubscribed,
    io.network_bound,
    io.io_bound,
    cpu.idle,
    io.no_output,
    cpu.single_threaded,
    cpu.cpus_over_requested,
    cpu.contended,
    cpu.waiting,
    memory.over_requested,
    cpu.healthy,
)
"""In the order of `Cause`."""

FEW_SAMPLES = 10
ALWAYS = frozenset({Cause.HEALTHY, Cause.WAITING})
"""What is said when nothing else is, and never besides."""


OF_TIME = frozenset({Cause.SHORT, Cause.TOO_SHORT_TO_TELL})
"""What is as sure of a job that was seen once."""


def judge(job: Figures, limits: Limits | None = None) -> Verdict:
    found = _told([finding for look in CLASSES if (finding := look(job, limits or Limits()))])
    first = found[0]
    return Verdict(
        cause=first.cause,
        sentence=first.sentence,
        evidence=first.evidence,
        change=first.change,
        saving=first.saving,
        confidence=_confidence(first, job),
        also=tuple(finding for finding in found[1:] if finding.cause not in ALWAYS),
        unseen=job.unseen,
    )


def _told(found: list[Finding]) -> list[Finding]:
    """Of what is too short to tell nothing is told that comes after: those classes are made of rates."""
    causes = [finding.cause for finding in found]
    return found[: causes.index(Cause.TOO_SHORT_TO_TELL) + 1] if Cause.TOO_SHORT_TO_TELL in causes else found


def _confidence(finding: Finding, job: Figures) -> float:
    """1/2 at the limit of the class, 3/4 at twice it; less where the job was seen only a few times."""
    certain = 1 - 0.5 / max(finding.margin, 1.0)
    seen = min(job.samples / FEW_SAMPLES, 1.0) if finding.cause not in OF_TIME else 1.0
    return round(certain * (0.5 + 0.5 * seen), 2)
