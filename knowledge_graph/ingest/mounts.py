"""File systems of the manager's host as facts: how large, how full, and whether they answer.

What is mounted there is what the site's users share; the nodes' own disks are not seen. `filesystem:/shared` is the
mount point, as JobLens names the file systems of jobs.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from ink_core.labels import Confidentiality, Integrity, Label
from knowledge_graph.facts import Fact, Layer, NodeKind, Origin, node_id
from knowledge_graph.ingest.saying import attributes

LABEL = Label(Confidentiality.SCRATCH, Integrity.TRUSTED)
LIVE_FOR = timedelta(hours=1)
TB = 10**12


@dataclass(frozen=True)
class Space:
    """Bytes and inodes; `inodes` is 0 where the file system has no number of them."""

    size: int
    free: int
    inodes: int
    inodes_free: int


@dataclass(frozen=True)
class Mount:
    """`space` is None where the file system did not answer; `type` as the kernel names it, `nfs4`."""

    point: str
    type: str
    space: Space | None


def facts_of_mounts(mounts: Iterable[Mount], host: str, at: datetime) -> Iterator[Fact]:
    source = f"mounts@{host}"
    lasting = Origin(source, Layer.TOPOLOGY, at, label=LABEL)
    current = Origin(source, Layer.RUNTIME, at, expires_at=at + LIVE_FOR, label=LABEL)
    for mount in mounts:
        subject = node_id(NodeKind.FILE_SYSTEM, mount.point)
        yield from attributes(subject, lasting, {"type": mount.type})
        if mount.space is None:
            problem = f"it does not answer on {host}"
            yield from attributes(subject, current, {"state": "silent", "problem": problem})
            continue
        space = mount.space
        told = {
            "state": "ok",
            "capacity_tb": round(space.size / TB, 3),
            "used_fraction": _used(space.size, space.free),
            "inodes_used_fraction": _used(space.inodes, space.inodes_free) if space.inodes else None,
        }
        yield from attributes(subject, current, told)


def _used(all_of_it: int, free: int) -> float:
    """In hundredths: a figure that never rests would be a change at every look."""
    return round(1 - free / all_of_it, 2) if all_of_it else 0.0
