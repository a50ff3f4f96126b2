"""Clusters and schedds that do not answer, and queues where nothing starts though there is room.

Limits: whether a waiting job fits is judged by its CPUs alone; what waits for a GPU, or by a limit of its owner's, is
told from that by the scheduler's reason only, which HTCondor does not give.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import timedelta

from knowledge_graph.facts import NodeKind, name_of, node_id
from knowledge_graph.incidents.detectors.affected import affecting
from knowledge_graph.incidents.node_states import NodeCondition
from knowledge_graph.incidents.scene import Scene, SeenJob, SeenPart
from knowledge_graph.incidents.signs import IncidentKind, Sign

ACTIVE = frozenset({"QUEUEING", "RUNNING", "HOLDING", "SUSPENDED", "SUBMITTING"})
WAITED = timedelta(minutes=30)
JOBS = 20
OWNERS = 3
FREE_SHARE = 0.1
FITTING_SHARE = 0.5
EVIDENCE = 20
_WAITS_ON_PURPOSE = ("dependency", "begintime", "jobheld", "qos", "assoc", "limit", "reservation", "max", "license")


def schedds_away(scene: Scene) -> Sequence[Sign]:
    clusters = [_away(one, "Cluster", scene) for one in scene.clusters if one.problem]
    schedds = [_away(one, "Schedd", scene) for one in scene.schedds if one.problem and one.cluster not in scene.blind]
    return [*clusters, *schedds]


def _away(part: SeenPart, what: str, scene: Scene) -> Sign:
    name, whole, why = name_of(part.id), what == "Cluster", (part.problem or "").rstrip(". ")
    jobs = [job for job in scene.jobs if job.state in ACTIVE and job.cluster == part.cluster]
    if not whole:
        jobs = [job for job in jobs if job.id.endswith(f"@{name}")]
    return Sign(
        kind=IncidentKind.SCHEDD_AWAY,
        subject=part.id,
        cluster=part.cluster,
        title=f"{what} {name} does not answer",
        text=f"{what} {name} does not answer: {why}. {len(jobs)} jobs that are not over were last seen there.",
        evidence=part.evidence,
        scope=frozenset({part.id, node_id(NodeKind.CLUSTER, part.cluster)}) if whole else frozenset({part.id}),
        severe=whole,
        **affecting(jobs),
    )


def queues_stuck(scene: Scene) -> Sequence[Sign]:
    names = sorted({one.cluster for one in scene.clusters} - scene.blind)
    return [sign for cluster in names for sign in _stuck(cluster, scene)]


def _stuck(cluster: str, scene: Scene) -> Iterator[Sign]:
    nodes = [one for one in scene.nodes if one.cluster == cluster and one.condition is NodeCondition.WORKS]
    cpus, free = sum(one.cpus for one in nodes), sum(max(0, one.cpus - one.cpus_used) for one in nodes)
    jobs = [job for job in scene.jobs if job.cluster == cluster]
    waiting = [job for job in jobs if _waits_for_long(job, scene)]
    owners = {job.owner for job in waiting}
    if len(waiting) < JOBS or len(owners) < OWNERS or not cpus or free < FREE_SHARE * cpus:
        return
    if any(job.started_at is not None and scene.at - job.started_at < WAITED for job in jobs):
        return
    most = max(one.cpus - one.cpus_used for one in nodes)
    if sum((job.cpus or 1) <= most for job in waiting) < FITTING_SHARE * len(waiting):
        return
    yield Sign(
        kind=IncidentKind.QUEUE_STUCK,
        subject=node_id(NodeKind.CLUSTER, cluster),
        cluster=cluster,
        title=f"Nothing starts on {cluster}",
        text=f"No job has started on {cluster} for half an hour, though {free} of {cpus} CPUs of its working nodes are "
        f"free and {len(waiting)} jobs of {len(owners)} users have waited for longer than that.",
        evidence=tuple(fact for job in sorted(waiting, key=lambda job: job.id)[:EVIDENCE] for fact in job.evidence),
        severe=True,
        **affecting(waiting),
    )


def _waits_for_long(job: SeenJob, scene: Scene) -> bool:
    if job.state != "QUEUEING" or job.submitted_at is None or scene.at - job.submitted_at < WAITED:
        return False
    code = (job.reason_code or "").lower()
    return not any(word in code for word in _WAITS_ON_PURPOSE)
