"""The foreign MCP servers that the settings name; what was accepted of them is a fold over one chain of the ledger."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from pathlib import Path
from typing import Any, cast

from pydantic import JsonValue

from audit.ledger import Event, Ledger, Record
from ink_core.errors import CannotServe
from ink_core.identity.principal import Scope
from ink_core.labels import HIGHEST, Confidentiality
from ink_core.settings import Settings
from ink_core.settings.foreign import ForeignServerSettings
from ink_core.settings.secrets import foreign_token, read_secret_file
from mcp_tools.catalogue import Catalogue, default_catalogue
from mcp_tools.client.address import connected
from mcp_tools.client.confined import SYSTEM
from mcp_tools.client.definition import Terms
from mcp_tools.client.mounts import ForeignServers, Mount
from mcp_tools.client.program import Program, running
from mcp_tools.spec import Risk

CHAIN = "foreign"
HOMES = "mcp"
"""Below the data directory: each program has a directory of its own there."""


class RecordedForeignServers(ForeignServers):
    """Implements the tools' `Foreign`: what was accepted survives a restart, and every change is on record."""

    def __init__(self, mounts: Sequence[Mount], catalogue: Catalogue, ledger: Ledger) -> None:
        super().__init__(mounts, catalogue)
        self._ledger = ledger

    async def recover(self) -> None:
        """Mount what was accepted, then begin to connect."""
        _remember(self, await self._ledger.read(CHAIN))
        self.connect()

    async def _record(self, kind: str, body: Mapping[str, JsonValue]) -> None:
        await self._ledger.append(CHAIN, Record(kind, body))


def open_foreign(settings: Settings, catalogue: Catalogue, ledger: Ledger) -> RecordedForeignServers:
    """Connects nothing yet. Raises `SettingsError` for a secret that cannot be read, `CannotServe` for a program that
    could read what is not for it."""
    mounts = [_mount(server, settings.data_dir) for server in settings.mcp.servers]
    return RecordedForeignServers(mounts, catalogue, ledger)


def recorded_catalogue(settings: Settings, events: Iterable[Event]) -> Catalogue:
    """Our tools, and the foreign ones that these events of the chain say were accepted last; none can be called."""
    catalogue = default_catalogue()
    mounts = [Mount(_terms(server), "http", "", server.trust, _nowhere) for server in settings.mcp.servers]
    _remember(ForeignServers(mounts, catalogue), events)
    return catalogue


def _nowhere(_: object) -> AbstractAsyncContextManager[Any]:
    raise NotImplementedError("nothing is connected from records")


def _remember(servers: ForeignServers, events: Iterable[Event]) -> None:
    """What these events say was accepted, the last word on each server, is mounted."""
    for event in events:
        body = cast("Mapping[str, Any]", event.body)
        if event.kind == "foreign.accepted" and body["server"] in servers.names:
            servers.accepted(str(body["server"]), body["tools"])


def _mount(server: ForeignServerSettings, data_dir: Path) -> Mount:
    if server.url is not None:
        url, token = server.url, foreign_token(server)

        def reach(_: object) -> AbstractAsyncContextManager[Any]:
            return connected(url, token)

        return Mount(_terms(server), "http", url, server.trust, reach)
    program = _program(server, data_dir)
    return Mount(_terms(server), "stdio", server.command[0], server.trust, lambda ended: running(program, ended))


def _program(server: ForeignServerSettings, data_dir: Path) -> Program:
    for folder in (*server.reads, *map(Path, SYSTEM)):
        if data_dir.resolve().is_relative_to(folder.resolve()):
            raise CannotServe(
                f"mcp.servers: {server.name} could read the data directory, which is in {folder}: name narrower "
                "folders in `reads`, or put data_dir elsewhere"
            )
    secrets = {name: read_secret_file(path) for name, path in server.secrets.items()}
    return Program(server.command, data_dir / HOMES / server.name, server.reads, {**server.environment, **secrets})


def _terms(server: ForeignServerSettings) -> Terms:
    external = server.trust == "external"
    label = server.confidentiality or ("scratch" if external else "user")
    return Terms(
        server=server.name,
        label=Confidentiality(label),
        clearance=Confidentiality.SCRATCH if external else HIGHEST.confidentiality,
        timeout_s=server.timeout_s,
        risks={name: Risk(tool.risk) for name, tool in server.tools.items()},
        scopes={name: frozenset[Scope](tool.scopes) for name, tool in server.tools.items()},
    )
