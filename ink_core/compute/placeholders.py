"""The numbers of a job in its arguments and file names: `%{ClusterId}` and `%{ProcId}`, as `hepjob` writes them.

They are known only when the scheduler has taken the job, so each adapter puts them in. Limits: Slurm does so in file
names only.
"""

from __future__ import annotations

CLUSTER = "%{ClusterId}"
PROC = "%{ProcId}"


def numbered(text: str, cluster: str, proc: str) -> str:
    """The text with what these two stand for."""
    return text.replace(CLUSTER, cluster).replace(PROC, proc)


def has_numbers(text: str) -> bool:
    return CLUSTER in text or PROC in text
