"""Nodes where jobs fail at once that do not fail elsewhere: such a node empties a queue within minutes.

Limits: where the same users' jobs ran nowhere else lately there is nothing to compare with, and nothing is said.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import timedelta

from knowledge_graph.facts import NodeId, name_of
from knowledge_graph.incidents.detectors.affected import affecting
from knowledge_graph.incidents.detectors.held import held_lately
from knowledge_graph.incidents.scene import Scene, SeenJob
from knowledge_graph.incidents.signs import IncidentKind, Sign

LATELY = timedelta(minutes=30)
QUICK = timedelta(minutes=2)
JOBS = 5
OWNERS = 2
ELSEWHERE = 5
SHARE_HERE = 0.8
SHARE_ELSEWHERE = 0.3
EVIDENCE = 20
ENDED = frozenset({"COMPLETED", "FAILED", "TIMEOUT", "OUT_OF_MEMORY"})
FAILED = "FAILED"


def black_holes(scene: Scene) -> Sequence[Sign]:
    failed: dict[NodeId, list[SeenJob]] = defaultdict(list)
    tried: dict[NodeId, list[SeenJob]] = defaultdict(list)
    held = {job.id for job in held_lately(scene.jobs, scene.at)}
    for job in scene.jobs:
        if job.node is not None and (job.id in held or _ended_lately(job, scene)):
            tried[job.node].append(job)
            if job.id in held or failed_at_once(job):
                failed[job.node].append(job)
    clusters = {node.id: node.cluster for node in scene.nodes}
    return [
        _sign(node, clusters.get(node), failed[node], tried[node])
        for node in sorted(failed)
        if _swallows(node, failed, tried) and clusters.get(node) not in scene.blind
    ]


def _swallows(node: NodeId, failed: dict[NodeId, list[SeenJob]], tried: dict[NodeId, list[SeenJob]]) -> bool:
    """Whether nearly all fail here, and the same users' jobs do not elsewhere."""
    here, owners = failed[node], {job.owner for job in failed[node]}
    if len(here) < JOBS or len(owners) < OWNERS or len(here) < SHARE_HERE * len(tried[node]):
        return False
    elsewhere = _of(owners, tried, node)
    return elsewhere >= ELSEWHERE and _of(owners, failed, node) < SHARE_ELSEWHERE * elsewhere


def _of(owners: set[str], jobs: dict[NodeId, list[SeenJob]], but: NodeId) -> int:
    return sum(job.owner in owners for node, there in jobs.items() if node != but for job in there)


def _sign(node: NodeId, cluster: str | None, failed: Sequence[SeenJob], tried: Sequence[SeenJob]) -> Sign:
    name, owners = name_of(node), {job.owner for job in failed}
    return Sign(
        kind=IncidentKind.BLACK_HOLE,
        subject=node,
        cluster=cluster,
        title=f"Jobs fail at once on {name}",
        text=f"{len(failed)} of {len(tried)} jobs that were on {name} in the last half hour failed within minutes or "
        f"were held, of {len(owners)} users whose jobs do not fail like that on other nodes.",
        evidence=tuple(fact for job in sorted(failed, key=lambda job: job.id)[:EVIDENCE] for fact in job.evidence),
        severe=True,
        **affecting(failed),
    )


def _ended_lately(job: SeenJob, scene: Scene) -> bool:
    return job.state in ENDED and job.ended_at is not None and scene.at - job.ended_at < LATELY


def failed_at_once(job: SeenJob) -> bool:
    if job.state != FAILED or job.started_at is None or job.ended_at is None:
        return False
    return job.ended_at - job.started_at < QUICK
