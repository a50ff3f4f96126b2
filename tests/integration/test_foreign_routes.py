"""Foreign MCP servers over REST and by `ink mcp`: for administrators alone, by the one gate."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx2
import pytest
from pydantic import JsonValue
from typer.testing import CliRunner

from audit.ledger import Record
from audit.memory import MemoryLedger
from ink_core.identity.principal import USER_SCOPES, Principal
from ink_core.settings import load_settings
from manager import mcp_commands
from manager.foreign import CHAIN, recorded_catalogue
from manager.gate.admission import Proposal
from manager.gate.policy import Origin
from mcp_tools.context import ToolContext
from mcp_tools.foreign_port import PREFIX
from mcp_tools.spec import Risk, ToolValue
from tests.doubles.tools import writing_tool
from tests.security.application import application, client, signed_in

SERVER = {"name": "calc", "command": ["/usr/bin/false"], "trust": "external"}
SERVERS = "/api/v1/mcp/servers"


@asynccontextmanager
async def site(data: Path) -> AsyncGenerator[tuple[httpx2.AsyncClient, dict[str, str], dict[str, str]]]:
    """A client, with the headers of an administrator and of a user."""
    async with application(data, {"INK_MCP__SERVERS": json.dumps([SERVER])}) as app, client(app) as http:
        yield http, await signed_in(app, "root", is_admin=True), await signed_in(app, "alice")


@pytest.mark.requirement("MCP-CLIENT-01")
async def test_administrators_see_how_servers_are_and_say_what_is_used(tmp_path: Path) -> None:
    async with site(tmp_path) as (http, admin, _):
        (server,) = (await http.get(SERVERS, headers=admin)).json()["servers"]
        assert (server["name"], server["connected"], server["tools"]) == ("calc", False, [])
        accepted = await http.post(f"{SERVERS}/calc/accept", headers=admin, json={"tools": {}})
        assert (accepted.status_code, accepted.json()["name"]) == (200, "calc")
        for name, tools, code in [
            ("other", {}, "no_such_server"),
            ("calc", {"add": "0" * 64}, "definition_changed"),
            ("calc", {"add": "short"}, "bad_input"),
        ]:
            refused = await http.post(f"{SERVERS}/{name}/accept", headers=admin, json={"tools": tools})
            assert refused.json()["code"] == code


@pytest.mark.requirement("MCP-CLIENT-01")
async def test_others_see_and_accept_nothing(tmp_path: Path) -> None:
    async with site(tmp_path) as (http, _, alice):
        assert (await http.get(SERVERS, headers=alice)).status_code == 403
        assert (await http.post(f"{SERVERS}/calc/accept", headers=alice, json={"tools": {}})).status_code == 403


@pytest.mark.requirement("MCP-CLIENT-01")
async def test_a_replay_knows_the_foreign_tools_that_were_accepted(tmp_path: Path) -> None:
    servers = {"INK_DATA_DIR": str(tmp_path), "INK_MCP__SERVERS": json.dumps([SERVER])}
    ledger = MemoryLedger()
    for server, tools in [("calc", ["add", "gone"]), ("removed", ["add"]), ("calc", ["add"])]:
        bodies: dict[str, JsonValue] = {name: {"name": name, "inputSchema": {"type": "object"}} for name in tools}
        await ledger.append(CHAIN, Record("foreign.accepted", {"server": server, "by": "root", "tools": bodies}))
    catalogue = recorded_catalogue(load_settings(environment=servers), await ledger.read(CHAIN))
    assert [spec.name for spec in catalogue if spec.name.startswith(PREFIX)] == ["mcp__calc__add"]


class Nothing(ToolValue):
    pass


@pytest.mark.requirement("MCP-CLIENT-01")
async def test_the_time_of_a_tool_that_was_mounted_later_counts_as_that_of_any(tmp_path: Path) -> None:
    over = asyncio.Event()

    async def run(context: ToolContext, asked: Nothing) -> Nothing:
        await over.wait()
        return asked

    mounted = writing_tool("mcp__calc__add", input=Nothing, output=Nothing, run=run, risk=Risk.READ, timeout_s=60)
    async with application(tmp_path) as app:
        platform = app.state.platform
        platform.catalogue.mount([mounted])
        principal = Principal(username="alice", is_admin=False, scopes=USER_SCOPES, credential="token:1")
        proposal = Proposal("c1", mounted.name, {}, principal, Origin.MCP, "direct:alice")
        await platform.gate.propose(proposal)
        reserved = (await platform.budgets.of_user("alice")).reserved
        over.set()
        await platform.gate.wait("c1", 60)
        assert reserved.wall_ms == 60_000


TOOL = {
    "name": "add",
    "tool": "mcp__calc__add",
    "state": "changed",
    "risk": "read",
    "scopes": [],
    "sha256": "a" * 64,
    "accepted_sha256": "b" * 64,
    "definition": {"name": "add", "description": "[bold]The product.[/bold]"},
    "problem": None,
}


@pytest.mark.requirement("MCP-CLIENT-01")
@pytest.mark.parametrize(("answer", "accepted"), [("y", True), ("n", False)])
def test_the_command_shows_a_definition_before_it_is_accepted(
    monkeypatch: pytest.MonkeyPatch, answer: str, accepted: bool
) -> None:
    sent: list[Any] = []
    server = {**SERVER, "at": "false", "connected": True, "problem": None, "tools": [TOOL]}
    monkeypatch.setattr(mcp_commands, "get", lambda *_: {"servers": [server]})
    monkeypatch.setattr(mcp_commands, "post_json", lambda settings, path, body: sent.append((path, body)))
    ran = CliRunner().invoke(mcp_commands.app, ["accept", "calc"], input=f"{answer}\n")
    assert "[bold]The product.[/bold]" in ran.output
    assert sent == ([(f"{SERVERS}/calc/accept", {"tools": {"add": "a" * 64}})] if accepted else [])
