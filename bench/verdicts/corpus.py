"""The jobs and what each was made to be. `held_out` ones have other parameters than those that limits were tried on."""

from __future__ import annotations

from typing import NamedTuple

from joblens.verdicts.limits import Limits
from joblens.verdicts.verdict import Cause

SECONDS = 8.0
LIMITS = Limits().scaled(1 / 20)
"""A second of a job of the corpus stands for twenty: a short job is one of less than three seconds."""


class Case(NamedTuple):
    label: Cause
    kind: str
    numbers: tuple[int, ...] = ()
    cpus: int = 1
    memory_mib: int = 256
    seconds: float = SECONDS
    held_out: bool = False

    @property
    def name(self) -> str:
        return "-".join([self.label.value, self.kind, *map(str, self.numbers), "held" if self.held_out else "seen"])

    @property
    def arguments(self) -> list[str]:
        return [self.kind, str(self.seconds), *map(str, self.numbers)]


def _pair(label: Cause, kind: str, seen: tuple[int, ...], held: tuple[int, ...], **more: int | float) -> list[Case]:
    options = {name: more[name] for name in more}
    first = Case(label, kind, seen)._replace(**options)
    return [first, first._replace(numbers=held, held_out=True, seconds=first.seconds * 1.25)]


CORPUS: tuple[Case, ...] = (
    *_pair(Cause.HEALTHY, "busy", (100,), (95,)),
    *_pair(Cause.SHORT, "busy", (100,), (90,), seconds=1.0),
    *_pair(Cause.MEMORY_LEAK, "leaks", (10,), (16,)),
    *_pair(Cause.MEMORY_SHORT, "holds", (120,), (180,), memory_mib=128),
    *_pair(Cause.MEMORY_OVER_REQUESTED, "holds", (40,), (90,), memory_mib=2048),
    *_pair(Cause.RUNAWAY, "sleepers", (60,), (45,)),
    *_pair(Cause.FAULT_STORM, "faults", (16,), (64,)),
    *_pair(Cause.SMALL_FILES, "small_files", (1500, 2000), (1200, 9000)),
    *_pair(Cause.SMALL_IO, "small_reads", (64,), (700,)),
    *_pair(Cause.HOT_FILE, "hot_file", (32,), (20,)),
    *_pair(Cause.OVERSUBSCRIBED, "threads", (6,), (10,)),
    *_pair(Cause.NETWORK_BOUND, "network", (4000,), (2500,)),
    *_pair(Cause.IO_BOUND, "storage", (4,), (2,)),
    *_pair(Cause.IDLE, "idle", (), ()),
    *_pair(Cause.NO_OUTPUT, "busy", (25,), (10,)),
    *_pair(Cause.SINGLE_THREADED, "busy", (100,), (98,), cpus=4),
    *_pair(Cause.CPUS_OVER_REQUESTED, "threads", (2,), (2,), cpus=8),
    *_pair(Cause.WAITING, "waits", (20,), (35,)),
)
