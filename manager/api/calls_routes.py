"""Tool calls of people and programs: the same gate as the model's, by REST."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import BaseModel, ConfigDict, Field, JsonValue

from audit.chains import session_chain
from ink_core.api.direct_route import DirectRoute
from ink_core.api.idempotency import IdempotencyKey
from ink_core.api.security import requires
from ink_core.identity.principal import Principal
from manager.api.gated_actions import answered, origin_of, portal_chain
from manager.api.platform import Parts
from mcp_tools.gate_port import CallView
from mcp_tools.results import MAX_POINTER, POINTER, ReadResult, ResultPiece, read_piece
from mcp_tools.schemas import input_schema
from mcp_tools.spec import ToolSpec
from mcp_tools.truncate import MODEL_BYTES

router = APIRouter(prefix="/api/v1", tags=["calls"])
Caller = Annotated[Principal, requires()]
MAX_WAIT_S = 60.0
MAX_PIECE_BYTES = 1024 * 1024


class CallRequest(BaseModel):
    model_config = ConfigDict(extra="forbid")

    tool: str = Field(pattern=r"^[A-Za-z0-9_.-]{1,100}$")
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
    """What the caller's credential may call, with the schema of the arguments."""
    return [_tool_view(spec) for spec in platform.catalogue.allowed(principal.scopes)]


async def propose_call(
    request: CallRequest, principal: Caller, platform: Parts, key: IdempotencyKey = None
) -> CallView:
    """Put one call to the gate and wait until it ends or needs approval, at most `wait_s`.

    `session_id` records it in a conversation that one may write to.
    """
    if request.session_id is not None:
        await platform.sessions.own(principal, request.session_id)
    chain = session_chain(request.session_id) if request.session_id else portal_chain(principal)
    await answered(platform.door, principal, key, chain)
    return await platform.door.call(
        principal,
        request.tool,
        request.arguments,
        origin=origin_of(principal),
        chain=chain,
        wait_s=request.wait_s,
        worker_id=request.worker_id,
        key=None if key is None else key.text,
    )


propose_call_route = DirectRoute("/api/v1/calls", propose_call, "calls")


@router.get("/calls/{call_id}")
async def get_call(
    call_id: str, principal: Caller, platform: Parts, wait_s: Annotated[float, Query(ge=0, le=MAX_WAIT_S)] = 0
) -> CallView:
    """One call of the caller: waits up to `wait_s` for its end, then says how it stands."""
    return await platform.door.view(principal, call_id, wait_s=wait_s)


@router.get("/calls/{call_id}/result")
async def read_result(
    call_id: str,
    principal: Caller,
    platform: Parts,
    pointer: Annotated[str, Query(max_length=MAX_POINTER, pattern=POINTER)] = "",
    offset: Annotated[int, Query(ge=0)] = 0,
    most_bytes: Annotated[int, Query(ge=2_000, le=MAX_PIECE_BYTES)] = MODEL_BYTES,
) -> ResultPiece:
    """A piece of the whole result of one of the caller's ended calls."""
    result = platform.gate.results.whole(principal, call_id)
    return read_piece(result, ReadResult(call_id=call_id, pointer=pointer, offset=offset), most_bytes)


def _tool_view(spec: ToolSpec) -> ToolView:
    return ToolView(
        name=spec.name,
        title=spec.title,
        description=spec.description,
        risk=spec.risk.value,
        scopes=sorted(spec.scopes),
        input_schema=dict(input_schema(spec)),
    )
