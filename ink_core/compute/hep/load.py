"""How loaded a cluster is for a group: jobs by state and wall time, or by partition."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from ink_core.compute.model import Job, JobState

_WAITING = (JobState.QUEUEING, JobState.SUBMITTING)


@dataclass(frozen=True)
class Load:
    """Jobs under one name; `cpus` are those of the running ones."""

    name: str
    running: int
    idle: int
    held: int
    cpus: int


def of_group(jobs: Iterable[Job], group: str, *, by_wall_time: bool) -> Sequence[Load]:
    """Jobs whose accounting group is `EXPERIMENT.group.walltime` of this group."""
    return _counted(jobs, lambda job: _name(job, group, by_wall_time))


def by_partition(jobs: Iterable[Job]) -> Sequence[Load]:
    return _counted(jobs, lambda job: job.queue or "-")


def _name(job: Job, group: str, by_wall_time: bool) -> str | None:
    words = (job.group or "").split(".")
    if len(words) < 3 or words[1] != group:
        return None
    return words[2] if by_wall_time else group


def _counted(jobs: Iterable[Job], name_of: Callable[[Job], str | None]) -> Sequence[Load]:
    states: Counter[tuple[str, str]] = Counter()
    for job in jobs:
        if (name := name_of(job)) is None:
            continue
        if job.state is JobState.RUNNING:
            states[name, "running"] += 1
            states[name, "cpus"] += job.cpus or 1
        elif job.state in _WAITING:
            states[name, "idle"] += 1
        elif job.state is JobState.HOLDING:
            states[name, "held"] += 1
    names = sorted({name for name, _ in states})
    return [Load(name, *(states[name, what] for what in ("running", "idle", "held", "cpus"))) for name in names]
