"""What could be done about an incident: calls of existing tools, for somebody to have done through the gate.

Nothing here is done by itself. Jobs are named one by one, so that what is approved is what was shown.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from pydantic import JsonValue

from knowledge_graph.facts import NodeId, name_of
from knowledge_graph.incidents.incident import Incident, IncidentState
from knowledge_graph.incidents.signs import AffectedJob, IncidentKind

_HELD_BY_IT = frozenset(
    {IncidentKind.JOBS_HELD, IncidentKind.FILE_SYSTEM_FULL, IncidentKind.SLOW_FILE_SYSTEM, IncidentKind.BLACK_HOLE}
)


@dataclass(frozen=True)
class Proposal:
    """One call. `name` stays the same while the incident does not change."""

    name: str
    tool: str
    arguments: Mapping[str, JsonValue] = field(hash=False)
    why: str


def proposals(incident: Incident) -> Sequence[Proposal]:
    """First what only looks, then what changes something and can be taken back."""
    if incident.state not in (IncidentState.OPEN, IncidentState.RESOLVED):
        return ()
    return (*_looks(incident), *_changes(incident))


def _looks(incident: Incident) -> Iterator[Proposal]:
    sign = incident.sign
    if sign.cluster is not None:
        yield Proposal("look", "cluster_status", {"cluster": sign.cluster}, "See nodes, load and problems as they are.")
    if sign.jobs:
        cluster, job_id = _place(sign.jobs[0].job)
        why = "Ask the scheduler about the first of the affected jobs."
        yield Proposal("explain", "explain_job", {"job_id": job_id, "cluster": cluster}, why)


def _changes(incident: Incident) -> Iterator[Proposal]:
    sign = incident.sign
    if sign.kind is IncidentKind.JOBS_HELD or (incident.state is IncidentState.RESOLVED and sign.kind in _HELD_BY_IT):
        yield from _on_jobs(sign.jobs, "release_jobs", "release", "Once the cause is mended: let the held jobs go on.")
    if sign.kind is IncidentKind.FILE_SYSTEM_FULL and incident.state is IncidentState.OPEN:
        yield from _on_jobs(_of_the_busiest(sign.jobs), "hold_jobs", "hold", "Hold the jobs that write most there.")


def _of_the_busiest(jobs: Sequence[AffectedJob]) -> Sequence[AffectedJob]:
    """The jobs of the owner who has most of them; of equals the first by name."""
    counts = sorted(Counter(one.owner for one in jobs).items(), key=lambda pair: (-pair[1], pair[0]))
    return [one for one in jobs if counts and one.owner == counts[0][0]]


def _on_jobs(jobs: Sequence[AffectedJob], tool: str, name: str, why: str) -> Iterator[Proposal]:
    by_cluster: dict[str, list[JsonValue]] = defaultdict(list)
    for one in jobs:
        cluster, job_id = _place(one.job)
        by_cluster[cluster].append(job_id)
    for cluster, job_ids in sorted(by_cluster.items()):
        yield Proposal(f"{name}-{cluster}", tool, {"cluster": cluster, "job_ids": job_ids}, why)


def _place(job: NodeId) -> tuple[str, str]:
    """Cluster and id in `job:CLUSTER/ID`."""
    cluster, _, job_id = name_of(job).partition("/")
    return cluster, job_id
