"""What a detector sees at one look. Values only."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

from knowledge_graph.facts import NodeId

MOST_JOBS = 200
"""Of the jobs that a sign affects, those that it names."""


class IncidentKind(StrEnum):
    NODE_DOWN = "node_down"
    SCHEDD_AWAY = "schedd_away"
    FILE_SYSTEM_FULL = "file_system_full"
    JOBS_HELD = "jobs_held"
    BLACK_HOLE = "black_hole"
    SLOW_FILE_SYSTEM = "slow_file_system"
    QUEUE_STUCK = "queue_stuck"


Key = tuple[IncidentKind, NodeId, str]


class AffectedJob(NamedTuple):
    job: NodeId
    owner: str


@dataclass(frozen=True, slots=True)
class Sign:
    """Something is wrong with `subject`: `title` in short and `text` in whole name no user and no job.

    `evidence` are the ids of the facts that say so. `scope` are nodes of which a like or a resulting sign is explained
    by this one. `jobs` are the first of those that it affects, `owners` are theirs all; a `severe` one keeps many from
    working. `topic` tells signs of one kind about one subject apart, by what users or programs wrote.
    """

    kind: IncidentKind
    subject: NodeId
    cluster: str | None
    title: str
    text: str
    evidence: tuple[str, ...] = ()
    scope: frozenset[NodeId] = frozenset()
    jobs: tuple[AffectedJob, ...] = ()
    owners: frozenset[str] = frozenset()
    severe: bool = False
    topic: str = ""

    @property
    def key(self) -> Key:
        return self.kind, self.subject, self.topic

    def explains(self, other: Sign) -> bool:
        """Whether the other one is a part or a consequence of this one."""
        like = other.kind is self.kind and other.key != self.key
        return (like or other.kind in CAUSES.get(self.kind, ())) and other.subject in self.scope


@dataclass(frozen=True, slots=True)
class Patience:
    """Seconds that a sign must last before it is an incident, and be away before the incident counts as over."""

    confirm_s: float
    clear_s: float


PATIENCE = {
    IncidentKind.NODE_DOWN: Patience(120, 120),
    IncidentKind.SCHEDD_AWAY: Patience(90, 60),
    IncidentKind.FILE_SYSTEM_FULL: Patience(60, 300),
    IncidentKind.JOBS_HELD: Patience(120, 600),
    IncidentKind.BLACK_HOLE: Patience(60, 1800),
    IncidentKind.SLOW_FILE_SYSTEM: Patience(300, 600),
    IncidentKind.QUEUE_STUCK: Patience(600, 300),
}

MEASURED = frozenset({IncidentKind.FILE_SYSTEM_FULL, IncidentKind.SLOW_FILE_SYSTEM})
"""Kinds of signs that tell of what was measured of jobs, which is as confidential as data of users."""

CAUSES = {
    IncidentKind.SCHEDD_AWAY: frozenset({IncidentKind.QUEUE_STUCK}),
    IncidentKind.FILE_SYSTEM_FULL: frozenset({IncidentKind.JOBS_HELD, IncidentKind.SLOW_FILE_SYSTEM}),
    IncidentKind.SLOW_FILE_SYSTEM: frozenset({IncidentKind.JOBS_HELD}),
    IncidentKind.NODE_DOWN: frozenset({IncidentKind.QUEUE_STUCK}),
}
"""Which kinds of signs may be mere consequences of one of the kind, where they are in its scope."""
