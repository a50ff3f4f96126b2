"""Foreign MCP servers: how they are, and which of their definitions are accepted. For administrators alone."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from ink_core.identity.principal import Scope
from mcp_tools.context import ToolContext
from mcp_tools.foreign_port import ForeignServerView
from mcp_tools.spec import Confidentiality, Integrity, Label, Preview, Risk, RunsOn, ToolSpec, ToolValue

LABEL = Label(Confidentiality.PUBLIC, Integrity.UNTRUSTED)
"""The definitions are the servers' own words."""
MOST_ACCEPTED = 200
"""Tools of one server."""
ToolName = Annotated[str, Field(min_length=1, max_length=200)]
Pin = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]


class ListForeignServers(ToolValue):
    pass


class ForeignServerList(ToolValue):
    servers: tuple[ForeignServerView, ...]


class AcceptForeignTools(ToolValue):
    server: str = Field(min_length=1, max_length=20)
    tools: dict[ToolName, Pin] = Field(
        max_length=MOST_ACCEPTED,
        description="SHA-256 of the definition of each tool that is used from now on; a tool that is left out is not.",
    )


async def _list(context: ToolContext, asked: ListForeignServers) -> ForeignServerList:
    return ForeignServerList(servers=tuple(context.services.foreign.list()))


async def _accept(context: ToolContext, asked: AcceptForeignTools) -> ForeignServerView:
    return await context.services.foreign.accept(context.principal, asked.server, asked.tools)


async def _preview(context: ToolContext, asked: AcceptForeignTools) -> Preview:
    names = ", ".join(sorted(asked.tools)) or "no tool"
    return Preview(summary=f"Use of the foreign MCP server {asked.server}: {names}")


TOOLS = (
    ToolSpec(
        name="list_foreign_servers",
        title="List foreign MCP servers",
        description="The foreign MCP servers of the site, their tools, and which definitions wait for a review.",
        input=ListForeignServers,
        output=ForeignServerList,
        risk=Risk.READ,
        scopes=frozenset({Scope.ADMIN}),
        runs_on=RunsOn.CORE,
        idempotent=True,
        timeout_s=10,
        label=LABEL,
        run=_list,
        for_models=False,
    ),
    ToolSpec(
        name="accept_foreign_tools",
        title="Accept tools of a foreign MCP server",
        description="Use these tools of a foreign MCP server, in exactly these definitions, and no others of it.",
        input=AcceptForeignTools,
        output=ForeignServerView,
        risk=Risk.WRITE,
        scopes=frozenset({Scope.ADMIN}),
        runs_on=RunsOn.CORE,
        idempotent=True,
        timeout_s=30,
        label=LABEL,
        run=_accept,
        preview=_preview,
        for_models=False,
    ),
)
