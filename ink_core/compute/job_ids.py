"""Ids of jobs that were submitted together: `172.0` is one of HTCondor's cluster `172`, `67890_3` of Slurm's array.

In a pool of several schedds they end with `@` and a name: `172.0@schedd` is one of `172@schedd`.
"""

from __future__ import annotations


def family_of(job_id: str) -> str:
    """The id that the job shares with its siblings; its own where it has none."""
    number, at, schedd = job_id.partition("@")
    return number.replace("_", ".").partition(".")[0] + at + schedd


def first_of(family: str) -> str:
    """The first job of an HTCondor cluster, by the cluster's id; any other id as it is."""
    number, at, schedd = family.partition("@")
    return f"{number}.0{at}{schedd}" if number.isdecimal() else family
