"""One definition of a tool as a foreign server tells it: bounded, pinned by its hash, and made a tool of ours.

Nothing that the server says of risk or harm counts; that is for the site. Its texts are shown as what they are.
"""

from __future__ import annotations

import json
import re
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any

from mcp import types
from pydantic import JsonValue

from ink_core.identity.principal import Scope
from ink_core.labels import Confidentiality, Integrity, Label
from mcp_tools.client.faults import UnfitDefinition
from mcp_tools.client.schema import arguments_of
from mcp_tools.content import Content
from mcp_tools.context import ToolContext
from mcp_tools.foreign_port import PREFIX
from mcp_tools.readable import lines, one_line
from mcp_tools.server.pins import digest
from mcp_tools.spec import Binding, Preview, Risk, RunsOn, Seen, ToolSpec, ToolValue

MOST_BYTES = 16 * 1024
MOST_NAME = 64
SPARE_S = 5.0
"""The gate's deadline comes so much after the connection's own, which tells a silence from a call that is stopped."""
MOST_TITLE, MOST_DESCRIPTION = 80, 1_500
"""Characters that a model is shown."""
_NAME = re.compile(r"[A-Za-z0-9_-]+")

Ask = Callable[[str, Mapping[str, JsonValue]], Awaitable[Content]]
"""Calls a tool of the server by the server's own name."""


@dataclass(frozen=True)
class Definition:
    """`body` is what the server told, as MCP writes it."""

    tool: str
    sha256: str
    body: Mapping[str, JsonValue]


@dataclass(frozen=True)
class Terms:
    """On which a server's tools are mounted. `clearance`: the most confidential that it may get to see."""

    server: str
    label: Confidentiality
    clearance: Confidentiality
    timeout_s: float
    risks: Mapping[str, Risk]
    scopes: Mapping[str, frozenset[Scope]]


def named(server: str, tool: str) -> str:
    return f"{PREFIX}{server}__{tool}"


def definition_of(server: str, told: types.Tool) -> Definition:
    """Raises `UnfitDefinition` for one that cannot be offered."""
    body: dict[str, Any] = told.model_dump(mode="json", by_alias=True, exclude_none=True, exclude={"meta"})
    if not _NAME.fullmatch(told.name) or len(named(server, told.name)) > MOST_NAME:
        raise UnfitDefinition(f"its name must have letters, digits, _ and - only, and fit {MOST_NAME} characters")
    if len(json.dumps(body)) > MOST_BYTES:
        raise UnfitDefinition(f"its definition has more than {MOST_BYTES} bytes")
    arguments_of(told.name, told.input_schema)
    return Definition(told.name, digest(told), body)


def spec_of(definition: Definition, terms: Terms, ask: Ask) -> ToolSpec:
    """The tool as the gate sees it; `ask` is called by its run. Raises `UnfitDefinition`."""
    told = types.Tool.model_validate(definition.body)
    risk = terms.risks.get(told.name, Risk.WRITE)
    summary = f"Call {told.name} of the foreign MCP server {terms.server}"

    async def run(_: ToolContext, given: ToolValue) -> Content:
        return await ask(told.name, given.model_dump(mode="json"))

    async def preview(_: ToolContext, given: ToolValue) -> Preview:
        return Preview(summary=summary)

    async def bind(_: ToolContext, given: ToolValue) -> Binding:
        """Another definition may mean something else by the same arguments."""
        return Binding(seen=(Seen(kind="input", name=f"definition of {told.name}", digest=definition.sha256),))

    return ToolSpec(
        name=named(terms.server, told.name),
        title=one_line(told.title or told.name)[:MOST_TITLE],
        description=f"Of the foreign MCP server {terms.server}. {lines(told.description or '')[:MOST_DESCRIPTION]}",
        input=arguments_of(told.name, told.input_schema),
        output=Content,
        risk=risk,
        scopes=terms.scopes.get(told.name, frozenset({Scope.AGENT_USE})),
        runs_on=RunsOn.CORE,
        idempotent=risk is Risk.READ,
        timeout_s=terms.timeout_s + SPARE_S,
        label=Label(terms.label, Integrity.UNTRUSTED),
        run=run,
        preview=preview,
        bind=bind,
        clearance=terms.clearance,
    )
