"""The ClassAd expression that chooses jobs by their ids."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence

MOST_PROCS = 100
"""Of more jobs of one cluster all are chosen: the schedd finds a whole cluster without looking at any other job."""
_ID = re.compile(r"(\d{1,9})\.(\d{1,9})", re.ASCII)


def choosing(job_ids: Sequence[str]) -> str | None:
    """An expression that holds for these jobs, perhaps for their siblings too. None where nothing is an id.

    A cluster may have very many jobs, and whoever asks for one of them is not to pay for all.
    """
    procs: dict[int, set[int]] = defaultdict(set)
    for found in filter(None, map(_ID.fullmatch, job_ids)):
        procs[int(found[1])].add(int(found[2]))
    return " || ".join(_of_cluster(cluster, chosen) for cluster, chosen in sorted(procs.items())) or None


def _of_cluster(cluster: int, procs: set[int]) -> str:
    if len(procs) > MOST_PROCS:
        return f"ClusterId == {cluster}"
    if len(procs) == 1:
        return f"ClusterId == {cluster} && ProcId == {min(procs)}"
    return f"ClusterId == {cluster} && member(ProcId, {{{', '.join(map(str, sorted(procs)))}}})"
