"""Incidents over HTTP: administrators see all, users those that affect jobs of theirs."""

from __future__ import annotations

from typing import Annotated

from fastapi import Query
from pydantic import BaseModel, ConfigDict, Field, JsonValue

from ink_core.api.area import Area
from ink_core.api.idempotency import IdempotencyKey
from ink_core.api.security import requires
from ink_core.identity.principal import Principal, Scope
from knowledge_graph.incidents.incident import IncidentState
from manager.api.gated_actions import answered, origin_of, portal_chain
from manager.api.platform import Parts
from mcp_tools.gate_port import CallView
from mcp_tools.incident_views import Diagnosis, IncidentView
from mcp_tools.incidents import MOST_LISTED, IncidentList, listed
from mcp_tools.spec import Risk

router = Area(prefix="/api/v1/incidents", tags=["incidents"])
Reader = Annotated[Principal, requires(Scope.JOBS_READ)]
Admin = Annotated[Principal, requires(Scope.ADMIN)]
MAX_WAIT_S = 60.0


class ActRequest(BaseModel):
    """`proposal` is the name of one of the proposals of its diagnosis."""

    model_config = ConfigDict(extra="forbid")

    proposal: str = Field(min_length=1, max_length=200)
    wait_s: float = Field(default=30, ge=0, le=MAX_WAIT_S)


class CloseRequest(BaseModel):
    """What it was and what helped; affected users read it too. `causes` are nodes of the global model."""

    model_config = ConfigDict(extra="forbid")

    cause: str = Field(min_length=1, max_length=2000)
    helped: str = Field(default="", max_length=2000)
    causes: list[str] = Field(default=[], max_length=10)


@router.get("")
async def list_incidents(
    principal: Reader,
    platform: Parts,
    state: Annotated[list[IncidentState] | None, Query()] = None,
    limit: Annotated[int, Query(ge=1, le=MOST_LISTED)] = 50,
) -> IncidentList:
    """The one opened last first; without `state` those of all states."""
    return listed(platform.watch.desk.list(principal), state or list(IncidentState), limit)


@router.get("/{incident_id}")
async def get_incident(incident_id: str, principal: Reader, platform: Parts) -> IncidentView:
    """One incident with its course and evidence; administrators also see earlier incidents like it."""
    return platform.watch.desk.view(principal, incident_id)


@router.get("/{incident_id}/diagnosis")
async def diagnose_incident(incident_id: str, principal: Reader, platform: Parts) -> Diagnosis:
    """What the global model knows around it, and what could be done; nothing of that is done by itself."""
    return await platform.watch.desk.diagnose(principal, incident_id)


@router.post("/{incident_id}/act")
async def act_on_incident(
    incident_id: str, request: ActRequest, principal: Reader, platform: Parts, key: IdempotencyKey = None
) -> CallView:
    """Put one of the proposed calls to the gate, as the caller's own; it may wait for an approval."""
    proposal = platform.watch.desk.proposal(principal, incident_id, request.proposal)
    spec = platform.catalogue.get(proposal.tool)
    arguments: dict[str, JsonValue] = dict(proposal.arguments)
    if spec.risk is not Risk.READ:
        arguments["reason"] = f"incident {incident_id}"
    chain = portal_chain(principal)
    replayed = await answered(platform.door, principal, key, chain)
    call = await platform.door.call(
        principal,
        spec.name,
        arguments,
        origin=origin_of(principal),
        chain=chain,
        wait_s=request.wait_s,
        key=None if key is None else key.text,
    )
    if spec.risk is not Risk.READ and not replayed:
        await platform.watch.desk.note_action(principal, incident_id, spec.name, call.call_id)
    return call


@router.post("/{incident_id}/close")
async def close_incident(
    incident_id: str, request: CloseRequest, principal: Admin, platform: Parts, key: IdempotencyKey = None
) -> IncidentView:
    """Through the gate. The next like incident shows this one with its cause."""
    arguments: dict[str, JsonValue] = {"incident_id": incident_id, **request.model_dump(mode="json")}
    closed = await platform.core.actions.call(principal, "close_incident", arguments, key=key)
    return IncidentView.model_validate(closed)
