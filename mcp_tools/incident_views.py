"""Who sees what of incidents: administrators all; users those that affect jobs of theirs, without names of others."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime

from pydantic import Field, JsonValue

from ink_core.identity.principal import Principal
from knowledge_graph.facts import NodeKind, kind_of, name_of, node_id, prefixes
from knowledge_graph.incidents.book import IncidentNotFound
from knowledge_graph.incidents.incident import PERSONAL, Closing, Incident, IncidentState, Step
from knowledge_graph.incidents.machine import is_flapping
from knowledge_graph.incidents.proposals import proposals
from knowledge_graph.incidents.signs import IncidentKind
from mcp_tools.tool_value import ToolValue


class IncidentRow(ToolValue):
    """`job_count` are the jobs named in it that the reader may see."""

    incident_id: str
    kind: IncidentKind
    state: IncidentState
    title: str
    subject: str = Field(description="Node of the global model: kind:name.")
    cluster: str | None
    severe: bool
    flapping: bool
    text: str
    opened_at: datetime
    changed_at: datetime
    resolved_at: datetime | None
    job_count: int
    merged_into: str | None


class IncidentStep(ToolValue):
    what: str
    at: datetime
    text: str
    by: str | None
    call_id: str | None


class LikeCase(ToolValue):
    """An earlier incident with its cause."""

    incident_id: str
    title: str
    closed_at: datetime | None
    cause: str
    helped: str


class IncidentView(IncidentRow):
    """`users` is how many it affects and `owners` who, as far as the reader may know. `evidence` are ids of facts."""

    users: int
    owners: tuple[str, ...]
    jobs: tuple[str, ...]
    evidence: tuple[str, ...]
    course: tuple[IncidentStep, ...]
    merged: tuple[str, ...]
    closed_at: datetime | None
    closed_by: str | None
    cause: str | None
    helped: str | None
    causes: tuple[str, ...]
    like: tuple[LikeCase, ...]


class ProposalView(ToolValue):
    """A call that could be made about it; nothing is done before somebody asks for it, and then it takes the gate."""

    name: str
    tool: str
    arguments: dict[str, JsonValue]
    why: str


class PackedFactView(ToolValue):
    id: str
    text: str
    source: str
    age_s: float
    why: str


class Diagnosis(ToolValue):
    """The incident, what the global model knows around it (`context`, made of `facts`), and what could be done."""

    incident: IncidentView
    context: str
    facts: tuple[PackedFactView, ...]
    proposals: tuple[ProposalView, ...]


def visible(principal: Principal, incidents: Iterable[Incident]) -> Sequence[Incident]:
    """Those that this reader may see, in the same order."""
    return [one for one in incidents if principal.administers or principal.username in one.owners]


def check_visible(principal: Principal, incident: Incident) -> Incident:
    """Raises `IncidentNotFound`: whoever may not see it is not told that it is there."""
    if not visible(principal, [incident]):
        raise IncidentNotFound(f"there is no incident {incident.id!r}")
    return incident


def row(principal: Principal, incident: Incident, now: datetime) -> IncidentRow:
    sign = incident.sign
    return IncidentRow(
        incident_id=incident.id,
        kind=sign.kind,
        state=incident.state,
        title=sign.title,
        subject=sign.subject,
        cluster=sign.cluster,
        severe=sign.severe,
        flapping=is_flapping(incident, now),
        text=sign.text,
        opened_at=incident.opened_at,
        changed_at=incident.changed_at,
        resolved_at=incident.resolved_at,
        job_count=len(jobs_seen(principal, incident)),
        merged_into=incident.merged_into or None,
    )


def view(principal: Principal, incident: Incident, like: Sequence[Incident], now: datetime) -> IncidentView:
    closing = incident.closing
    everything = principal.administers
    owners = sorted(incident.owners) if everything else sorted(incident.owners & {principal.username})
    return IncidentView(
        **row(principal, incident, now).model_dump(),
        users=len(incident.owners),
        owners=tuple(owners),
        jobs=jobs_seen(principal, incident),
        evidence=_evidence_seen(principal, incident),
        course=tuple(_step(one, with_names=everything) for one in incident.course),
        merged=incident.merged,
        closed_at=incident.closed_at,
        closed_by=(incident.closed_by or None) if everything else None,
        cause=closing and closing.cause,
        helped=closing and closing.helped,
        causes=_causes_seen(principal, closing) if closing else (),
        like=tuple(_like(one) for one in like) if everything else (),
    )


def jobs_seen(principal: Principal, incident: Incident) -> tuple[str, ...]:
    """`CLUSTER/ID` of the affected jobs that are named."""
    return tuple(name_of(one.job) for one in narrowed(principal, incident).sign.jobs)


def narrowed(principal: Principal, incident: Incident) -> Incident:
    """The incident with those of its jobs that this reader may see."""
    if principal.administers:
        return incident
    own = tuple(one for one in incident.sign.jobs if one.owner == principal.username)
    return replace(incident, sign=replace(incident.sign, jobs=own))


def proposal_views(principal: Principal, incident: Incident) -> tuple[ProposalView, ...]:
    return tuple(
        ProposalView(name=one.name, tool=one.tool, arguments=dict(one.arguments), why=one.why)
        for one in proposals(narrowed(principal, incident))
    )


def _evidence_seen(principal: Principal, incident: Incident) -> tuple[str, ...]:
    """Facts about others' jobs, and about others, are left out."""
    if principal.administers:
        return incident.evidence
    own = {node_id(NodeKind.JOB, name) for name in jobs_seen(principal, incident)}
    personal = prefixes(*PERSONAL)
    return tuple(
        fact
        for fact in incident.evidence
        if not fact.startswith(personal) or any(fact.startswith((f"{job}.", f"{job} ")) for job in own)
    )


def _causes_seen(principal: Principal, closing: Closing) -> tuple[str, ...]:
    return tuple(node for node in closing.causes if principal.administers or kind_of(node) not in PERSONAL)


def _step(step: Step, *, with_names: bool) -> IncidentStep:
    by = step.by if with_names else ""
    return IncidentStep(
        what=step.what.value,
        at=step.at,
        text=step.text,
        by=by or None,
        call_id=(step.call_id or None) if with_names else None,
    )


def _like(incident: Incident) -> LikeCase:
    assert incident.closing is not None
    return LikeCase(
        incident_id=incident.id,
        title=incident.sign.title,
        closed_at=incident.closed_at,
        cause=incident.closing.cause,
        helped=incident.closing.helped,
    )
