"""Jobs of several users held with one reason, on several nodes. One user's own held jobs are that user's matter.

Limits: only jobs that were held or that began lately count, for held jobs lie in queues for weeks; a reason that a
mistyped path has too must have been met by more users.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta

from knowledge_graph.facts import NodeId, NodeKind, node_id
from knowledge_graph.incidents.detectors.affected import affecting
from knowledge_graph.incidents.detectors.reasons import alike, folders_in, may_be_the_sites, often_the_users
from knowledge_graph.incidents.scene import HELD, Scene, SeenJob
from knowledge_graph.incidents.signs import IncidentKind, Sign

LATELY = timedelta(hours=6)
JOBS = 5
OWNERS = 3
OWNERS_OF_MISTAKES = 6
MOST_OF_ONE = 0.9
"""Where one owner has more of them than this share, it is that owner's matter."""
SEVERE_JOBS = 100
EVIDENCE = 20


def jobs_held(scene: Scene) -> Sequence[Sign]:
    alike_held: dict[tuple[str, str], list[SeenJob]] = defaultdict(list)
    for job in held_lately(scene.jobs, scene.at):
        if job.cluster not in scene.blind:
            alike_held[job.cluster, alike(job.reason or "no reason given")].append(job)
    storages = {name: one.id for one in scene.file_systems if (name := one.id.partition(":")[2]).startswith("/")}
    return [
        sign
        for (cluster, reason), jobs in sorted(alike_held.items())
        for sign in _of_reason(cluster, reason, jobs, storages)
    ]


def held_lately(jobs: Sequence[SeenJob], now: datetime) -> Iterator[SeenJob]:
    """Those that a fault of the site may have held."""
    for job in jobs:
        since = job.held_at or job.started_at or job.submitted_at
        if job.state == HELD and may_be_the_sites(job) and since is not None and now - since < LATELY:
            yield job


def _of_reason(cluster: str, reason: str, jobs: Sequence[SeenJob], storages: Mapping[str, NodeId]) -> Iterator[Sign]:
    owners = Counter(job.owner for job in jobs)
    nodes = {job.node for job in jobs if job.node is not None}
    needed = OWNERS_OF_MISTAKES if often_the_users(reason) else OWNERS
    if len(jobs) < JOBS or len(owners) < needed or owners.most_common(1)[0][1] > MOST_OF_ONE * len(jobs):
        return
    if len(nodes) == 1:
        return  # the node is at fault: see `black_holes`
    where = f" on {len(nodes)} nodes" if nodes else ""
    ordered = sorted(jobs, key=lambda job: job.id)
    yield Sign(
        kind=IncidentKind.JOBS_HELD,
        subject=_subject(cluster, jobs, storages),
        cluster=cluster,
        title=f"{len(jobs)} jobs on {cluster} are held with one reason",
        text=f"{len(jobs)} jobs of {len(owners)} users{where} are held on {cluster} with the same reason: {reason}",
        evidence=tuple(fact for job in ordered[:EVIDENCE] for fact in job.evidence),
        severe=len(jobs) >= SEVERE_JOBS,
        topic=reason,
        **affecting(jobs),
    )


def _subject(cluster: str, jobs: Sequence[SeenJob], storages: Mapping[str, NodeId]) -> NodeId:
    """The file system that all reasons name, where there is one; else the cluster."""
    named = frozenset[str].intersection(*(folders_in(job.reason or "") for job in jobs))
    known = sorted(folder for folder in named if folder in storages)
    return storages[known[0]] if known else node_id(NodeKind.CLUSTER, cluster)
