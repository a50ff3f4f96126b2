"""The foreign MCP servers of the site over HTTP: how they are, and which definitions of their tools are accepted."""

from __future__ import annotations

from typing import Annotated

from fastapi import Path
from pydantic import BaseModel, ConfigDict, Field

from ink_core.api.area import Area
from ink_core.api.idempotency import IdempotencyKey
from ink_core.api.security import requires
from ink_core.identity.principal import Principal, Scope
from manager.api.platform import Parts
from mcp_tools.foreign_port import ForeignServerView
from mcp_tools.foreign_servers import MOST_ACCEPTED, ForeignServerList, Pin, ToolName

router = Area(prefix="/api/v1/mcp/servers", tags=["mcp"])
Admin = Annotated[Principal, requires(Scope.ADMIN)]
ServerName = Annotated[str, Path(max_length=20)]


class Acceptance(BaseModel):
    """From then on exactly these tools of the server are used, each in the definition with this SHA-256."""

    model_config = ConfigDict(extra="forbid")

    tools: dict[ToolName, Pin] = Field(max_length=MOST_ACCEPTED)


@router.get("")
async def list_foreign_servers(principal: Admin, platform: Parts) -> ForeignServerList:
    """Through the gate. The definitions of tools that wait for a review stand in full."""
    return ForeignServerList.model_validate(await platform.core.actions.call(principal, "list_foreign_servers", {}))


@router.post("/{name}/accept")
async def accept_foreign_tools(
    name: ServerName, request: Acceptance, principal: Admin, platform: Parts, key: IdempotencyKey = None
) -> ForeignServerView:
    """Through the gate. A tool that is left out is not used any more."""
    arguments = {"server": name, **request.model_dump(mode="json")}
    return ForeignServerView.model_validate(
        await platform.core.actions.call(principal, "accept_foreign_tools", arguments, key=key)
    )
