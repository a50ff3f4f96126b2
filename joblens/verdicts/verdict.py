"""What a judgement consists of."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum


class Cause(StrEnum):
    """The classes, the one that explains the others first: the first that applies is the verdict."""

    SHORT = "short"
    MEMORY_LEAK = "memory_leak"
    MEMORY_SHORT = "memory_short"
    RUNAWAY = "runaway_processes"
    TOO_SHORT_TO_TELL = "too_short_to_tell"
    GPU_IDLE = "gpu_idle"
    FAULT_STORM = "fault_storm"
    SMALL_FILES = "many_small_files"
    SMALL_IO = "many_small_reads"
    HOT_FILE = "hot_file"
    OVERSUBSCRIBED = "oversubscribed"
    NETWORK_BOUND = "network_bound"
    IO_BOUND = "io_bound"
    IDLE = "idle"
    NO_OUTPUT = "no_output"
    SINGLE_THREADED = "single_threaded"
    CPUS_OVER_REQUESTED = "cpus_over_requested"
    CONTENDED = "contended"
    WAITING = "waiting"
    MEMORY_OVER_REQUESTED = "memory_over_requested"
    HEALTHY = "healthy"


@dataclass(frozen=True, slots=True)
class SubmitChange:
    """Lines for the submit file of each scheduler; a line that begins with # is a remark in that file."""

    htcondor: tuple[str, ...] = ()
    slurm: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Saving:
    """What one such job takes from others without using it."""

    core_hours: float = 0.0
    memory_gb_hours: float = 0.0
    gpu_hours: float = 0.0


@dataclass(frozen=True, slots=True)
class Finding:
    """One class that applies. `margin` is how far beyond its limit the deciding figure is (1: just there)."""

    cause: Cause
    sentence: str
    evidence: dict[str, float | str]
    margin: float
    change: SubmitChange = field(default_factory=SubmitChange)
    saving: Saving = field(default_factory=Saving)


@dataclass(frozen=True, slots=True)
class Verdict:
    cause: Cause
    sentence: str
    evidence: dict[str, float | str]
    change: SubmitChange
    saving: Saving
    confidence: float  # 0 to 1
    also: tuple[Finding, ...] = ()  # what applies besides
    unseen: tuple[str, ...] = ()  # figures that were not recorded, so that classes built on them cannot be told
