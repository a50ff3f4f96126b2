"""Foreign MCP servers as the tools see them: how each is, what it offers, and what of that somebody accepted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Literal, Protocol

from pydantic import JsonValue

from ink_core.errors import NotFound
from ink_core.identity.principal import Principal
from mcp_tools.readable import one_line
from mcp_tools.tool_value import ToolValue

PREFIX = "mcp__"
"""Of the names of all foreign tools, and of no other."""
State = Literal["accepted", "new", "changed", "gone", "unfit"]


class ForeignTool(ToolValue):
    """`state`: `new`, `changed` and `unfit` tools are not used; nor are `gone` ones, which the server lists no more.

    `name` is the server's own, `tool` ours. `definition` is what the server tells now, where it is to be reviewed, and
    `sha256` its hash; `accepted_sha256` that of the accepted one. `problem` says why a tool is unfit.
    """

    name: str
    tool: str
    state: State
    risk: str
    scopes: tuple[str, ...]
    sha256: str | None = None
    accepted_sha256: str | None = None
    definition: dict[str, JsonValue] | None = None
    problem: str | None = None


class ForeignServerView(ToolValue):
    """`at`: its address, or the name of its program. `problem`: why it is not connected."""

    name: str
    kind: Literal["http", "stdio"]
    at: str
    trust: Literal["site", "external"]
    connected: bool
    problem: str | None
    tools: tuple[ForeignTool, ...]


class Foreign(Protocol):
    def list(self) -> Sequence[ForeignServerView]: ...

    async def accept(self, principal: Principal, server: str, pins: Mapping[str, str]) -> ForeignServerView:
        """From now on exactly these tools of the server are used, each in the definition with this SHA-256.

        Raises `NoSuchServer`, `DefinitionChanged` where one is another by now, `UnfitDefinition`.
        """
        ...


class NoForeignServers:
    """Where the site mounts none."""

    def list(self) -> Sequence[ForeignServerView]:
        return ()

    async def accept(self, principal: Principal, server: str, pins: Mapping[str, str]) -> ForeignServerView:
        raise NotFound(f"there is no foreign MCP server called {one_line(server)[:100]}")
