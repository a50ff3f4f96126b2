"""Changes of incidents as records of the ledger's chain `incidents`."""

from __future__ import annotations

from pydantic import TypeAdapter

from audit.ledger import Event, Record
from knowledge_graph.incidents.incident import Change

CHAIN = "incidents"
PREFIX = "incident."
_CHANGES = TypeAdapter(Change)


def record_of(change: Change) -> Record:
    """`incident.opened`, `incident.resolved` …"""
    body = _CHANGES.dump_python(change, mode="json", exclude_defaults=True)
    return Record(f"{PREFIX}{change.what.value}", {"change": body})


def change_of(event: Event) -> Change:
    return _CHANGES.validate_python(event.body["change"])
