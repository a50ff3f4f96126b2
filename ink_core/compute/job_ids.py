"""Ids of jobs that were submitted together: `172.0` is one of HTCondor's cluster `172`, `67890_3` of Slurm's array."""

from __future__ import annotations

import re


def family_of(job_id: str) -> str:
    """The id that the job shares with its siblings; its own where it has none."""
    return re.split("[._]", job_id, maxsplit=1)[0]
