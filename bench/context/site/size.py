"""How large a synthetic site is."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Size:
    """Counts of a site. `ended` are jobs of the last day; `notes` are passages and findings that answer nothing."""

    nodes: int
    slots: int
    jobs: int
    ended: int
    users: int
    experiments: int
    switches: int
    faults: int
    past_incidents: int
    notes: int


SMALL = Size(
    nodes=24, slots=96, jobs=220, ended=60, users=24, experiments=4, switches=6, faults=1, past_incidents=6, notes=40
)
FULL = Size(
    nodes=1_200,
    slots=64_000,
    jobs=10_000,
    ended=14_000,
    users=1_000,
    experiments=10,
    switches=60,
    faults=3,
    past_incidents=120,
    notes=9_000,
)
"""With its documents and its memory about 100,000 nodes and 500,000 edges."""
