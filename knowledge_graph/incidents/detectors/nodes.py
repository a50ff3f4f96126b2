"""Nodes that went down, or are gone without having been taken out. Many of one cluster at once are one sign."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

from knowledge_graph.facts import NodeId, NodeKind, name_of, node_id
from knowledge_graph.incidents.detectors.affected import affecting
from knowledge_graph.incidents.node_states import NodeCondition
from knowledge_graph.incidents.scene import Scene, SeenJob, SeenNode, nodes_by_cluster
from knowledge_graph.incidents.signs import IncidentKind, Sign

TOGETHER = 4
"""So many nodes of one cluster down at once have a cause in common more likely than not."""
NAMED = 8
SEVERE_SHARE = 0.2
RUNNING = "RUNNING"


def nodes_down(scene: Scene) -> Sequence[Sign]:
    """None of a cluster that does not answer: what is told of its nodes may be old."""
    running = _running_on(scene.jobs)
    return [
        sign
        for cluster, nodes in sorted(nodes_by_cluster(scene.nodes).items())
        if cluster and cluster not in scene.blind
        for sign in _of_cluster(cluster, nodes, running)
    ]


def _of_cluster(cluster: str, nodes: Sequence[SeenNode], running: Mapping[NodeId, Sequence[SeenJob]]) -> Iterator[Sign]:
    down = sorted((node for node in nodes if node.condition is NodeCondition.DOWN), key=lambda node: node.id)
    if len(down) >= TOGETHER:
        yield _together(cluster, down, len(nodes), running)
    else:
        yield from (_alone(node, running.get(node.id, ())) for node in down)


def _alone(node: SeenNode, jobs: Sequence[SeenJob]) -> Sign:
    name = name_of(node.id)
    why = f": {node.reason}" if node.reason else ""
    text = f"Node {name} of {node.cluster} {'no longer reports' if node.absent else f'is {node.state}'}{why}."
    on_it = f" {len(jobs)} jobs were running there." if jobs else ""
    return Sign(
        kind=IncidentKind.NODE_DOWN,
        subject=node.id,
        cluster=node.cluster,
        title=f"Node {name} is down",
        text=text + on_it,
        evidence=node.evidence,
        **affecting(jobs),
    )


def _together(cluster: str, down: Sequence[SeenNode], total: int, running: Mapping[NodeId, Sequence[SeenJob]]) -> Sign:
    jobs = [job for node in down for job in running.get(node.id, ())]
    names = ", ".join(name_of(node.id) for node in down[:NAMED])
    more = f" and {len(down) - NAMED} more" if len(down) > NAMED else ""
    return Sign(
        kind=IncidentKind.NODE_DOWN,
        subject=node_id(NodeKind.CLUSTER, cluster),
        cluster=cluster,
        title=f"{len(down)} nodes of {cluster} are down",
        text=f"{len(down)} of {total} nodes of {cluster} are down at once: {names}{more}. {len(jobs)} jobs ran there.",
        evidence=tuple(fact for node in down for fact in node.evidence),
        scope=frozenset({node_id(NodeKind.CLUSTER, cluster), *(node.id for node in down)}),
        severe=len(down) >= SEVERE_SHARE * total,
        **affecting(jobs),
    )


def _running_on(jobs: Sequence[SeenJob]) -> Mapping[NodeId, Sequence[SeenJob]]:
    found: dict[NodeId, list[SeenJob]] = defaultdict(list)
    for job in jobs:
        if job.state == RUNNING and job.node is not None:
            found[job.node].append(job)
    return found
