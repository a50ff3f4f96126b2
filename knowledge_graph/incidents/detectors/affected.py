"""Which jobs a sign affects, and whose they are."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypedDict

from knowledge_graph.incidents.scene import SeenJob
from knowledge_graph.incidents.signs import MOST_JOBS, AffectedJob


class Affected(TypedDict):
    jobs: tuple[AffectedJob, ...]
    owners: frozenset[str]


def affecting(jobs: Sequence[SeenJob]) -> Affected:
    """The first of the jobs by id, and all their owners."""
    named = sorted(AffectedJob(job.id, job.owner) for job in jobs)
    return Affected(jobs=tuple(named[:MOST_JOBS]), owners=frozenset(job.owner for job in jobs))
