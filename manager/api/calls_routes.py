"""Tool calls of people and programs: the same gate as the model's, by REST."""

from __future__ import annotations

import secrets
from typing import Annotated

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field, JsonValue

from ink_core.api.security import requires
from ink_core.errors import Forbidden
from ink_core.identity.principal import Principal, Scope
from manager.api.call_view import CallView, call_view
from manager.api.platform import Parts
from manager.gate.admission import Proposal
from manager.gate.policy import Origin
from manager.sessions.view import chain_of
from mcp_tools.spec import ToolSpec

router = APIRouter(prefix="/api/v1", tags=["calls"])
Caller = Annotated[Principal, requires()]
MAX_WAIT_S = 60.0


class CallRequest(BaseModel):
    model_config = ConfigDict(extra="forbid")

    tool: str = Field(max_length=100)
    arguments: dict[str, JsonValue] = {}
    session_id: str | None = None
    worker_id: str | None = None
    wait_s: float = Field(default=30, ge=0, le=MAX_WAIT_S)


class ToolView(BaseModel):
    name: str
    title: str
    description: str
    risk: str
    scopes: list[str]
    input_schema: dict[str, JsonValue]


@router.get("/tools")
async def list_tools(principal: Caller, platform: Parts) -> list[ToolView]:
    return [_tool_view(spec) for spec in platform.catalogue.allowed(principal.scopes)]


@router.post("/calls")
async def propose_call(request: CallRequest, principal: Caller, platform: Parts) -> CallView:
    """Put one call to the gate and wait until it ends or needs approval, at most `wait_s`."""
    if request.session_id is not None:
        await platform.sessions.get(principal, request.session_id)
    chain = chain_of(request.session_id) if request.session_id else f"portal:{principal.username}"
    call_id = f"c-{secrets.token_hex(12)}"
    browser = principal.credential.startswith("session:")
    await platform.gate.propose(
        Proposal(
            call_id=call_id,
            tool=request.tool,
            arguments=request.arguments,
            principal=principal,
            origin=Origin.USER if browser else Origin.REST,
            chain=chain,
            worker_id=request.worker_id,
        )
    )
    return call_view(await platform.gate.wait(call_id, request.wait_s))


@router.get("/calls/{call_id}")
async def get_call(call_id: str, principal: Caller, platform: Parts, wait_s: float = 0) -> CallView:
    state = platform.gate.book.get(call_id)
    if state.principal.username != principal.username and Scope.AUDIT_READ not in principal.scopes:
        raise Forbidden("this call is somebody else's")
    return call_view(await platform.gate.wait(call_id, min(wait_s, MAX_WAIT_S)))


def _tool_view(spec: ToolSpec) -> ToolView:
    return ToolView(
        name=spec.name,
        title=spec.title,
        description=spec.description,
        risk=spec.risk.value,
        scopes=sorted(spec.scopes),
        input_schema=spec.input.model_json_schema(),
    )
