"""An incident and what can become of it. Values only; each `Change` is one record of the ledger."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from knowledge_graph.facts import NodeId, NodeKind
from knowledge_graph.incidents.signs import Key, Sign

PERSONAL = frozenset({NodeKind.JOB, NodeKind.USER, NodeKind.GROUP})
"""Kinds of nodes that name people or what is theirs: of others, administrators alone are told."""
MOST_STEPS = 100
MOST_EVIDENCE = 60


class IncidentState(StrEnum):
    """`RESOLVED`: its signs are gone, and nobody has said yet what it was. `MERGED`: it is a part of another one."""

    OPEN = "open"
    RESOLVED = "resolved"
    CLOSED = "closed"
    MERGED = "merged"


class What(StrEnum):
    OPENED = "opened"
    LINKED = "linked"
    MERGED = "merged"
    RESOLVED = "resolved"
    REOPENED = "reopened"
    ACTED = "acted"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class Closing:
    """What it was, and what helped. `causes` are the nodes of the model where it came from.

    `by_hand`: a person or a program of theirs said so, and no model.
    """

    cause: str
    helped: str
    causes: tuple[NodeId, ...] = ()
    by_hand: bool = True


@dataclass(frozen=True, slots=True)
class Change:
    """One step of an incident. `sign` is what was seen, `by` who did it (empty for the platform itself).

    `into` is the incident that one becomes a part of; `tool` and `call_id` are of an action through the gate.
    """

    what: What
    incident_id: str
    at: datetime
    sign: Sign | None = None
    by: str = ""
    into: str = ""
    tool: str = ""
    call_id: str = ""
    closing: Closing | None = None


@dataclass(frozen=True, slots=True)
class Step:
    """One line of the course of an incident."""

    what: What
    at: datetime
    text: str
    by: str = ""
    call_id: str = ""


@dataclass(frozen=True, slots=True)
class Incident:
    """`sign` is the latest; `reopened` are the times at which it came back; `seen` all facts that were evidence."""

    id: str
    sign: Sign
    state: IncidentState
    opened_at: datetime
    changed_at: datetime
    resolved_at: datetime | None = None
    closed_at: datetime | None = None
    reopened: tuple[datetime, ...] = ()
    evidence: tuple[str, ...] = ()
    owners: frozenset[str] = frozenset()
    merged_into: str = ""
    merged: tuple[str, ...] = ()
    closing: Closing | None = None
    closed_by: str = ""
    closed_while_open: bool = False
    course: tuple[Step, ...] = field(default=())

    @property
    def key(self) -> Key:
        return self.sign.key
