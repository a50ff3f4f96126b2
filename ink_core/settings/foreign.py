"""Settings of foreign MCP servers: tools of others, mounted behind the gate."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from ink_core.identity.principal import Scope
from ink_core.settings.section import Section

ServerName = Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]{0,19}$")]
Variable = Annotated[str, Field(pattern=r"^[A-Za-z_][A-Za-z0-9_]{0,99}$")]


class ForeignToolSettings(Section):
    """What the site says of one tool of a foreign server; the server's own word on that does not count."""

    risk: Literal["read", "write", "high"] = Field(
        default="write", description="read: it changes nothing, and the shipped policy lets it pass without asking."
    )
    scopes: tuple[Scope, ...] = Field(default=(Scope.AGENT_USE,), description="What a credential needs for it.")


class ForeignServerSettings(Section):
    """One foreign MCP server, at an address or as a program that is started here, confined by the kernel."""

    name: ServerName = Field(description="Its name here; its tools are called mcp__NAME__TOOL.")
    url: str | None = Field(
        default=None,
        pattern=r"^(https://[^@?#\s]+|http://(127\.0\.0\.1|localhost|\[::1\])(:\d+)?(/[^@?#\s]*)?)$",
        description="Its address (streamable HTTP); in the clear on this machine only.",
    )
    token_file: Path | None = Field(default=None, description="File with its bearer token, readable by its owner only.")
    token_env: Variable | None = Field(default=None, description="Environment variable that holds its bearer token.")
    command: tuple[str, ...] = Field(default=(), max_length=100, description="Or its program and arguments (stdio).")
    reads: tuple[Path, ...] = Field(
        default=(), max_length=50, description="Folders that the program may read, beside those of the system."
    )
    environment: dict[Variable, str] = Field(default={}, description="Variables of the program. No secrets.")
    secrets: dict[Variable, Path] = Field(
        default={}, description="Variables of the program that are secrets: the files that hold them."
    )
    trust: Literal["site", "external"] = Field(
        description="Whose it is. An external one gets nothing of conversations that have seen more than scratch data."
    )
    confidentiality: Literal["public", "scratch", "user", "experiment"] | None = Field(
        default=None, description="Of what it answers; null is scratch for an external server and user for a site's."
    )
    timeout_s: float = Field(default=60.0, gt=0, le=3600, description="Deadline of one call.")
    tools: dict[str, ForeignToolSettings] = Field(
        default={}, max_length=200, description="Risk and scopes of single tools, by the server's own names."
    )

    @model_validator(mode="after")
    def _one_way(self) -> Self:
        if (self.url is None) == (not self.command):
            raise ValueError("give url or command, one of them")
        if self.url is None and (self.token_file or self.token_env):
            raise ValueError("a token goes with url; for a program there is secrets")
        if self.url is not None and (self.reads or self.environment or self.secrets):
            raise ValueError("reads, environment and secrets go with command")
        if self.token_file and self.token_env:
            raise ValueError("give token_file or token_env, not both")
        return self


class McpSettings(Section):
    """The Model Context Protocol."""

    servers: tuple[ForeignServerSettings, ...] = Field(default=(), max_length=50, description="Foreign MCP servers.")

    @model_validator(mode="after")
    def _named_apart(self) -> Self:
        if len({server.name for server in self.servers}) != len(self.servers):
            raise ValueError("two foreign MCP servers have the same name")
        return self
