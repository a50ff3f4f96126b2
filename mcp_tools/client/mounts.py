"""The foreign servers of the site: what each lists, what of it was accepted, and the tools that this makes.

A tool is offered once somebody accepted exactly its definition, and used while the server tells the same one. Offered
tools are those that are accepted, whether their server answers or not, so that the list does not flicker.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Literal

import structlog
from mcp import types
from pydantic import JsonValue

from ink_core.identity.principal import Principal, Scope
from mcp_tools.catalogue import Catalogue
from mcp_tools.client.connection import Connect, ForeignServer
from mcp_tools.client.definition import Definition, Terms, definition_of, named, spec_of
from mcp_tools.client.faults import DefinitionChanged, NoSuchServer, UnfitDefinition
from mcp_tools.content import Content
from mcp_tools.foreign_port import ForeignServerView, ForeignTool
from mcp_tools.readable import one_line
from mcp_tools.server.pins import DefinitionChanges, changes
from mcp_tools.spec import Risk, ToolSpec

MOST_ANNOUNCED = 50
"""Different changes of one server that are recorded before somebody accepts: it may change as often as it likes."""

log = structlog.get_logger()


@dataclass(frozen=True)
class Mount:
    """One server of the settings."""

    terms: Terms
    kind: Literal["http", "stdio"]
    at: str
    trust: Literal["site", "external"]
    connect: Connect


@dataclass
class _Known:
    """What is known of one server. `seen` is None until it was listed; `unfit` says why."""

    mount: Mount
    server: ForeignServer
    accepted: Mapping[str, Definition] = field(default_factory=dict[str, Definition])
    seen: Mapping[str, Definition] | None = None
    unfit: Mapping[str, str] = field(default_factory=dict[str, str])
    announced: set[DefinitionChanges] = field(default_factory=set[DefinitionChanges])


class ForeignServers:
    """Implements the tools' `Foreign`. Keeps what was accepted in memory only; the manager's own records it."""

    def __init__(self, mounts: Sequence[Mount], catalogue: Catalogue) -> None:
        self._catalogue = catalogue
        self._tasks: list[asyncio.Task[None]] = []
        self._known = {mount.terms.server: _Known(mount, self._server(mount)) for mount in mounts}

    @property
    def names(self) -> frozenset[str]:
        return frozenset(self._known)

    def _server(self, mount: Mount) -> ForeignServer:
        name = mount.terms.server
        return ForeignServer(name, mount.connect, partial(self._seen, name), mount.terms.timeout_s)

    def connect(self) -> None:
        """Begin to keep all connections; `close` ends that."""
        self._tasks = [asyncio.create_task(known.server.keep()) for known in self._known.values()]

    async def close(self) -> None:
        await asyncio.gather(*(known.server.close() for known in self._known.values()))

    # -- what servers tell -------------------------------------------------------------------------------------------

    async def _seen(self, name: str, told: Sequence[types.Tool]) -> None:
        known = self._known[name]
        known.seen, known.unfit = _sorted_out(name, told)
        found = changes(_pins(known.accepted), _pins(known.seen))
        if found and found not in known.announced and len(known.announced) < MOST_ANNOUNCED:
            await self._record("foreign.changed", {"server": name, **found.to_json()})
            known.announced.add(found)
            log.warning("foreign_definitions_to_review", server=name, **found.to_json())

    # -- what people accept ------------------------------------------------------------------------------------------

    def list(self) -> Sequence[ForeignServerView]:
        return [_view(known) for known in self._known.values()]

    async def accept(self, principal: Principal, server: str, pins: Mapping[str, str]) -> ForeignServerView:
        if server not in self._known:
            raise NoSuchServer(f"there is no foreign MCP server called {one_line(server)[:100]}")
        known = self._known[server]
        chosen = {tool: _chosen(known, tool, sha256) for tool, sha256 in sorted(pins.items())}
        bodies = {tool: dict(one.body) for tool, one in chosen.items()}
        await self._record("foreign.accepted", {"server": server, "by": principal.username, "tools": {**bodies}})
        self.accepted(server, bodies)
        return _view(known)

    def accepted(self, server: str, bodies: Mapping[str, Mapping[str, JsonValue]]) -> None:
        """These definitions of a server are the accepted ones; each is mounted that can still be offered."""
        known = self._known[server]
        told = [types.Tool.model_validate(body) for body in bodies.values()]
        known.accepted, unfit = _sorted_out(server, told)
        if unfit:
            log.warning("foreign_tools_unfit", server=server, tools=sorted(unfit))
        known.announced.clear()
        self._catalogue.mount(self._specs())

    def _specs(self) -> Sequence[ToolSpec]:
        return [
            spec_of(definition, known.mount.terms, partial(self._ask, name))
            for name, known in sorted(self._known.items())
            for _, definition in sorted(known.accepted.items())
        ]

    async def _record(self, kind: str, body: Mapping[str, JsonValue]) -> None:
        """Keep this for good. Raises where that cannot be done."""

    # -- what is asked of them -----------------------------------------------------------------------------------------

    async def _ask(self, name: str, tool: str, arguments: Mapping[str, JsonValue]) -> Content:
        known = self._known[name]
        if known.seen is not None and _pins(known.seen).get(tool) != known.accepted[tool].sha256:
            raise DefinitionChanged(
                f"{name} has another definition of {tool} than the one that was accepted, or none; an administrator "
                "must look at it and accept it first"
            )
        return await known.server.call(tool, arguments)


def _sorted_out(server: str, told: Sequence[types.Tool]) -> tuple[Mapping[str, Definition], Mapping[str, str]]:
    """Those that can be offered, and why the others cannot."""
    fit: dict[str, Definition] = {}
    unfit: dict[str, str] = {}
    for tool in told:
        shown = one_line(tool.name)[:100]
        try:
            definition = definition_of(server, tool)
        except UnfitDefinition as error:
            unfit[shown] = str(error)
        else:
            if fit.setdefault(tool.name, definition) is not definition:
                unfit[shown] = "the server lists two tools of this name"
    return {name: one for name, one in fit.items() if name not in unfit}, unfit


def _pins(definitions: Mapping[str, Definition]) -> Mapping[str, str]:
    return {name: one.sha256 for name, one in definitions.items()}


def _chosen(known: _Known, tool: str, sha256: str) -> Definition:
    server, shown = known.mount.terms.server, one_line(tool)[:100]
    if tool in known.unfit:
        raise UnfitDefinition(f"{shown} of {server} cannot be used: {known.unfit[tool]}")
    for definition in ((known.seen or {}).get(tool), known.accepted.get(tool)):
        if definition is not None and definition.sha256 == sha256:
            return definition
    raise DefinitionChanged(f"{server} tells no {shown} with this definition any more; look at it again")


def _view(known: _Known) -> ForeignServerView:
    mount = known.mount
    names: set[str] = {*known.accepted, *(known.seen or {}), *known.unfit}
    return ForeignServerView(
        name=mount.terms.server,
        kind=mount.kind,
        at=mount.at,
        trust=mount.trust,
        connected=known.server.connected,
        problem=known.server.problem,
        tools=tuple(_tool_view(known, name) for name in sorted(names)),
    )


def _tool_view(known: _Known, name: str) -> ForeignTool:
    terms, accepted = known.mount.terms, known.accepted.get(name)
    seen = accepted if known.seen is None else known.seen.get(name)
    changed = seen is not None and (accepted is None or accepted.sha256 != seen.sha256)
    return ForeignTool(
        name=name,
        tool=named(terms.server, name),
        state="unfit" if name in known.unfit else _state(accepted, seen),
        risk=terms.risks.get(name, Risk.WRITE).value,
        scopes=tuple(sorted(terms.scopes.get(name, frozenset({Scope.AGENT_USE})))),
        sha256=seen.sha256 if seen else None,
        accepted_sha256=accepted.sha256 if accepted else None,
        definition=dict(seen.body) if seen and changed else None,
        problem=known.unfit.get(name),
    )


def _state(accepted: Definition | None, seen: Definition | None) -> Literal["accepted", "new", "changed", "gone"]:
    if seen is None:
        return "gone"
    if accepted is None:
        return "new"
    return "accepted" if accepted.sha256 == seen.sha256 else "changed"
