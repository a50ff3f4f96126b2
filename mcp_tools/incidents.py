"""Incidents of the site: which there are, one with its diagnosis, and closing one with what it was."""

from __future__ import annotations

from collections.abc import Sequence

from pydantic import Field

from ink_core.errors import BadInput
from ink_core.identity.principal import Scope
from ink_core.labels import most_confidential
from knowledge_graph.facts import NodeId, kind_of
from knowledge_graph.incidents.incident import Closing, IncidentState
from knowledge_graph.incidents.remembering import confidentiality_of
from mcp_tools.context import ToolContext
from mcp_tools.incident_views import Diagnosis, IncidentRow, IncidentView
from mcp_tools.spec import Confidentiality, Integrity, Label, Preview, Risk, RunsOn, ToolSpec, ToolValue

MOST_LISTED = 200
LABEL = Label(Confidentiality.SCRATCH, Integrity.UNTRUSTED)
"""As the queue's: hold reasons are quoted, and those users can write."""
AROUND_LABEL = Label(Confidentiality.USER, Integrity.UNTRUSTED)
"""Of a diagnosis, which tells what is known around an incident too, measurements of the reader's jobs among it."""


class ListIncidents(ToolValue):
    states: tuple[IncidentState, ...] = (IncidentState.OPEN,)
    limit: int = Field(default=20, ge=1, le=MOST_LISTED)


class IncidentList(ToolValue):
    """The one opened last first; `total` counts those that were left out too."""

    incidents: tuple[IncidentRow, ...]
    total: int


class DescribeIncident(ToolValue):
    incident_id: str = Field(min_length=1, max_length=40)


class CloseIncident(DescribeIncident):
    cause: str = Field(min_length=1, max_length=2000, description="What it was; affected users read this.")
    helped: str = Field(default="", max_length=2000, description="What was done about it that helped.")
    causes: tuple[str, ...] = Field(default=(), max_length=10, description="Nodes of the model: filesystem:scratch.")


async def _list(context: ToolContext, asked: ListIncidents) -> IncidentList:
    return listed(context.services.incidents.list(context.principal), asked.states, asked.limit)


def listed(rows: Sequence[IncidentRow], states: Sequence[IncidentState], limit: int) -> IncidentList:
    found = [row for row in rows if row.state in states]
    return IncidentList(incidents=tuple(found[:limit]), total=len(found))


def confidentiality_of_open(context: ToolContext, _: ToolValue) -> Confidentiality:
    return _confidentiality(context, frozenset({IncidentState.OPEN}))


def _confidentiality_listed(context: ToolContext, asked: ListIncidents) -> Confidentiality:
    return _confidentiality(context, frozenset(asked.states))


def _confidentiality(context: ToolContext, states: frozenset[IncidentState]) -> Confidentiality:
    rows = context.services.incidents.list(context.principal)
    return most_confidential(confidentiality_of(row.kind) for row in rows if row.state in states)


async def _describe(context: ToolContext, asked: DescribeIncident) -> Diagnosis:
    return await context.services.incidents.diagnose(context.principal, asked.incident_id)


async def _close(context: ToolContext, asked: CloseIncident) -> IncidentView:
    causes = tuple(_known_kind(node) for node in asked.causes)
    closing = Closing(asked.cause, asked.helped, causes, by_hand=context.by_hand)
    return await context.services.incidents.close(context.principal, asked.incident_id, closing)


def _known_kind(node: str) -> NodeId:
    try:
        kind_of(node)
    except ValueError:
        raise BadInput(f"{node[:80]!r} is no node of the global model; one is named like filesystem:scratch") from None
    return node


async def _find_closed(context: ToolContext, asked: CloseIncident) -> IncidentView | None:
    """It was this call that closed it where the same person gave the same words."""
    incident = context.services.incidents.view(context.principal, asked.incident_id)
    said = (incident.closed_by, incident.cause, incident.helped)
    return incident if said == (context.principal.username, asked.cause, asked.helped) else None


async def _preview(context: ToolContext, asked: CloseIncident) -> Preview:
    incident = context.services.incidents.view(context.principal, asked.incident_id)
    return Preview(
        summary=f"Close {incident.incident_id}: {incident.title}",
        targets=(incident.incident_id,),
        details=(f"Cause: {asked.cause}", f"What helped: {asked.helped or 'not told'}"),
    )


TOOLS = (
    ToolSpec(
        name="list_incidents",
        title="List incidents",
        description="What is wrong at the site now: nodes down, full file systems, jobs held by one fault.",
        input=ListIncidents,
        output=IncidentList,
        risk=Risk.READ,
        scopes=frozenset({Scope.JOBS_READ}),
        runs_on=RunsOn.CORE,
        idempotent=True,
        timeout_s=15,
        label=LABEL,
        confidentiality_of=_confidentiality_listed,
        run=_list,
    ),
    ToolSpec(
        name="describe_incident",
        title="Describe an incident",
        description="One incident: evidence, what is known around it, like cases with their causes, proposed actions.",
        input=DescribeIncident,
        output=Diagnosis,
        risk=Risk.READ,
        scopes=frozenset({Scope.JOBS_READ}),
        runs_on=RunsOn.CORE,
        idempotent=True,
        timeout_s=30,
        label=AROUND_LABEL,
        run=_describe,
    ),
    ToolSpec(
        name="close_incident",
        title="Close an incident",
        description="Say what an incident was and what helped, so that the next like case finds it.",
        input=CloseIncident,
        output=IncidentView,
        risk=Risk.WRITE,
        scopes=frozenset({Scope.ADMIN}),
        runs_on=RunsOn.CORE,
        idempotent=False,
        timeout_s=30,
        label=AROUND_LABEL,
        run=_close,
        preview=_preview,
        reconcile=_find_closed,
        content=frozenset({"cause", "helped"}),
    ),
)
