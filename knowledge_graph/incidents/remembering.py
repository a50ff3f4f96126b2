"""Incidents as facts of the global model's memory, so that the next like case is met with what is known of this one.

Administrators read all of it; a user reads of those that affect jobs of theirs, and of the jobs only about their own.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from ink_core.labels import Confidentiality, Integrity, Label
from knowledge_graph.changes import Observation
from knowledge_graph.facts import (
    ADMINS,
    Attribute,
    Edge,
    Fact,
    Layer,
    NodeId,
    NodeKind,
    Origin,
    Relation,
    Scalar,
    kind_of,
    node_id,
)
from knowledge_graph.incidents.incident import PERSONAL, Closing, Incident, IncidentState
from knowledge_graph.incidents.signs import MEASURED, IncidentKind

SOURCE = "incidents"


def observation_of(incidents: Iterable[Incident]) -> Observation:
    """All that there is to say of them now. What became a part of another one is told by that one."""
    told = [one for one in incidents if one.state is not IncidentState.MERGED]
    return Observation(SOURCE, [fact for one in told for fact in facts_of(one)])


def facts_of(incident: Incident) -> Iterator[Fact]:
    readers = frozenset({ADMINS, *(node_id(NodeKind.USER, owner) for owner in incident.owners)})
    told, words = _origin(incident, readers), _origin(incident, readers, quoting=bool(incident.sign.topic))
    subject = node_id(NodeKind.INCIDENT, incident.id)
    for name, value in _attributes(incident).items():
        if value not in (None, ""):
            yield Attribute(subject, name, value, told)
    yield Attribute(subject, "title", incident.sign.title, words)
    yield Attribute(subject, "text", incident.sign.text, words)
    yield Edge(subject, Relation.ABOUT, incident.sign.subject, told)
    if incident.closing is not None:
        yield from _closing(incident.closing, subject, _origin(incident, readers, quoting=not incident.closing.by_hand))
    if incident.state is IncidentState.OPEN:
        yield from _affected(incident)


def _attributes(incident: Incident) -> dict[str, Scalar]:
    return {
        "kind": incident.sign.kind.value,
        "state": incident.state.value,
        "severe": incident.sign.severe,
        "opened_at": incident.opened_at.isoformat(timespec="seconds"),
        "resolved_at": incident.resolved_at.isoformat(timespec="seconds") if incident.resolved_at else "",
        "users": len(incident.owners),
    }


def _closing(closing: Closing, subject: NodeId, origin: Origin) -> Iterator[Fact]:
    for name, value in (("cause", closing.cause), ("helped", closing.helped)):
        if value:
            yield Attribute(subject, name, value, origin)
    for cause in closing.causes:
        readers = frozenset({ADMINS}) if kind_of(cause) in PERSONAL else origin.readers
        yield Edge(subject, Relation.CAUSED_BY, cause, replace(origin, readers=readers))


def _affected(incident: Incident) -> Iterator[Fact]:
    """While it lasts, each affected job; whoever reads that is its owner or an administrator."""
    subject = node_id(NodeKind.INCIDENT, incident.id)
    for job, owner in incident.sign.jobs:
        readers = frozenset({ADMINS, node_id(NodeKind.USER, owner)})
        yield Edge(subject, Relation.AFFECTS, job, _origin(incident, readers))


def confidentiality_of(kind: IncidentKind) -> Confidentiality:
    return Confidentiality.USER if kind in MEASURED else Confidentiality.SCRATCH


def _origin(incident: Incident, readers: frozenset[str], *, quoting: bool = False) -> Origin:
    """`quoting`: the words may repeat what users wrote, as reasons of held jobs and what a model says of them do."""
    integrity = Integrity.UNTRUSTED if quoting else Integrity.TRUSTED
    label = Label(confidentiality_of(incident.sign.kind), integrity)
    return Origin(SOURCE, Layer.MEMORY, incident.changed_at, label=label, readers=readers)
