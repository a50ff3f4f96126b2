"""Which Slurm job and step a tree belongs to, by what the user cannot forge.

In this order: the title that `slurmstepd` gives itself (`slurmstepd: [67890.batch]`); the control group that slurmd
made (`…/job_67890/step_0/…`, from 26.05 on named by SLUID); the environment, if it was seen at the first exec:
`slurmstepd` sets job, step and SLUID there whatever the user wrote, but not the array (tried on 26.05).
"""

from __future__ import annotations

import re
from typing import NamedTuple

from joblens.collector.probes.probe import Found

_TITLE = re.compile(r"^slurmstepd: \[(?P<job>\w+)(?:\+\d+)?\.(?P<step>\w+)(?:\+\d+)?\]")
_GROUP = re.compile(r"/job_(?P<job>\w+)(?:/step_(?P<step>\w+))?(?:/|$)", re.MULTILINE)
_SPECIAL = {
    "-4": "extern",
    "-5": "batch",
    "-6": "interactive",
    "4294967292": "extern",
    "4294967291": "batch",
    "4294967290": "interactive",
}


class Step(NamedTuple):
    """`job` is the number of the job, which for a task of an array is not that of the array, or its SLUID."""

    job: str
    step: str


def told_by_system(found: Found) -> Step | None:
    """From title or control group."""
    return _match(_TITLE, found.evidence.starter_title) or _match(_GROUP, found.cgroup)


def told_by_environment(environ: dict[str, str]) -> Step | None:
    job = environ.get("SLURM_JOB_ID", "")
    if not job.isdecimal():
        return None
    step = environ.get("SLURM_STEP_ID", "")
    return Step(job, _SPECIAL.get(step, step))


def _match(pattern: re.Pattern[str], text: str) -> Step | None:
    match = pattern.search(text)
    return Step(match["job"], match["step"] or "") if match else None
