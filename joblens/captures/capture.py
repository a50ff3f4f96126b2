"""One capture: for a limited time a job is sampled more often, with its processes, connections and stacks. Pure.

Collectors ask for the captures that are active and drop one by themselves when its time is over, so that a capture ends
also where the manager cannot be reached. Standard library only: collectors read these.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from joblens.records import JobKey

MAX_SECONDS = 3600.0
MIN_INTERVAL_S = 0.5
MAX_INTERVAL_S = 60.0
MAX_ON_HOST, MAX_ON_HOST_EACH = 8, 2
"""At once on a node, and of those by one user or rule."""


class Detail(StrEnum):
    """What is sampled beside the job's own counters."""

    PROCESSES = "processes"
    CONNECTIONS = "connections"
    FILES = "files"  # at its interval, as exact as the collector is set to
    STACKS = "stacks"  # in which calls its processes spend their CPU time


@dataclass(frozen=True, slots=True)
class Capture:
    """Times are seconds since the epoch. `ended` is when it was ended early, or None."""

    id: str
    key: JobKey
    begun: float
    until: float
    interval_s: float
    details: tuple[Detail, ...]
    by: str  # a user, or the rule that began it
    reason: str
    hosts: tuple[str, ...] = ()  # where the job had been seen when it began; none for not yet
    ended: float | None = None

    def active(self, now: float) -> bool:
        return self.ended is None and now < self.until

    def may_be_on(self, host: str) -> bool:
        return not self.hosts or host in self.hosts
