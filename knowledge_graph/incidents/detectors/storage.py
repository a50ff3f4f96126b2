"""File systems that are full, and those that many measured jobs of several users wait for.

Limits: how full one is is known only of those that somebody tells; slowness is seen by the jobs that JobLens measures.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import timedelta

from knowledge_graph.facts import NodeId, name_of
from knowledge_graph.incidents.detectors.affected import affecting
from knowledge_graph.incidents.scene import Scene, SeenFileSystem, SeenJob
from knowledge_graph.incidents.signs import IncidentKind, Sign

FULL = 0.95
SEVERELY_FULL = 0.99
LATELY = timedelta(hours=1)
WAITS = frozenset({"io_bound", "waiting"})
JOBS = 5
OWNERS = 3
NODES = 2
SHARE_THERE = 0.5
TIMES_ELSEWHERE = 2.0
EVIDENCE = 20
_ALWAYS_FULL = re.compile(r"squashfs|iso9660|erofs|(fuse\.)?cvmfs2?")
"""Images that nobody writes to, and caches that fill what they may."""


def file_systems_full(scene: Scene) -> Sequence[Sign]:
    return [
        _full(one, one.used, scene)
        for one in scene.file_systems
        if one.used is not None and one.used >= FULL and not _ALWAYS_FULL.fullmatch(one.type)
    ]


def _full(one: SeenFileSystem, used: float, scene: Scene) -> Sign:
    name = name_of(one.id)
    users = [job for job in scene.jobs if one.id in job.uses and job.state == "RUNNING"]
    return Sign(
        kind=IncidentKind.FILE_SYSTEM_FULL,
        subject=one.id,
        cluster=None,
        title=f"File system {name} is full",
        text=f"File system {name} is {used:.0%} full; {len(users)} running jobs are known to use it.",
        evidence=one.evidence,
        scope=frozenset({one.id}),
        severe=used >= SEVERELY_FULL,
        **affecting(users),
    )


def slow_file_systems(scene: Scene) -> Sequence[Sign]:
    measured = [job for job in scene.jobs if job.verdict is not None and _is_of_now(job, scene)]
    by_storage: dict[NodeId, list[SeenJob]] = defaultdict(list)
    for job in measured:
        for storage in job.uses:
            by_storage[storage].append(job)
    return [sign for storage, jobs in sorted(by_storage.items()) for sign in _slow(storage, jobs, measured)]


def _slow(storage: NodeId, there: Sequence[SeenJob], measured: Sequence[SeenJob]) -> Iterator[Sign]:
    waiting = [job for job in there if job.verdict in WAITS]
    enough = len(waiting) >= JOBS and len({job.owner for job in waiting}) >= OWNERS
    if not enough or len({job.node for job in waiting}) < NODES:
        return
    elsewhere = [job for job in measured if storage not in job.uses]
    share = len(waiting) / len(there)
    usual = sum(job.verdict in WAITS for job in elsewhere) / len(elsewhere) if elsewhere else 0.0
    if share < max(SHARE_THERE, TIMES_ELSEWHERE * usual):
        return
    name = name_of(storage)
    yield Sign(
        kind=IncidentKind.SLOW_FILE_SYSTEM,
        subject=storage,
        cluster=None,
        title=f"Jobs wait for file system {name}",
        text=f"{len(waiting)} of {len(there)} measured jobs that use {name} wait for storage, on several nodes and of "
        f"{len({job.owner for job in waiting})} users; of the others {usual:.0%} do.",
        evidence=tuple(fact for job in sorted(waiting, key=lambda job: job.id)[:EVIDENCE] for fact in job.evidence),
        scope=frozenset({storage}),
        **affecting(waiting),
    )


def _is_of_now(job: SeenJob, scene: Scene) -> bool:
    return job.state == "RUNNING" or (job.ended_at is not None and scene.at - job.ended_at < LATELY)
