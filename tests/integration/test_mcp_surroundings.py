"""What an MCP client finds around the tools: where to sign in, skills, hashes of definitions, and a way over pipes."""

from __future__ import annotations

import asyncio
import json
import os
import sys
from pathlib import Path

import pytest
from mcp import Client, MCPError, StdioServerParameters
from mcp.client.stdio import stdio_client

from ink_core.identity.principal import USER_SCOPES
from manager.data_directory import write_address
from mcp_tools.catalogue import default_catalogue
from mcp_tools.server import Parts, build_server
from mcp_tools.server.pins import META, changes, digest, pins_of
from mcp_tools.server.skills_offered import SkillsOffered
from tests.integration.test_mcp import ALICE, SmallGate, serving
from tests.integration.test_mcp import gate as gate
from tests.security.application import application, client

CLIENTS = json.dumps([{"name": "editor", "title": "Editor", "redirect_uris": ["http://127.0.0.1/back"]}])


@pytest.mark.requirement("MCP-SERVER-06")
@pytest.mark.parametrize("path", ["", "/mcp"])
async def test_the_metadata_of_the_resource_name_the_issuer_of_this_service(tmp_path: Path, path: str) -> None:
    async with application(tmp_path, {"INK_SIGN_IN__CLIENTS": CLIENTS}) as app, client(app) as http:
        metadata = (await http.get(f"/.well-known/oauth-protected-resource{path}")).json()
        assert metadata["resource"].endswith("/mcp")
        assert set(metadata["scopes_supported"]) == set(USER_SCOPES)
        (issuer,) = metadata["authorization_servers"]
        described = (await http.get("/oidc/.well-known/openid-configuration")).json()
        assert described["issuer"] == issuer


@pytest.mark.requirement("MCP-SERVER-06")
async def test_a_refusal_names_the_metadata_and_they_are_there(tmp_path: Path) -> None:
    async with application(tmp_path) as app, client(app) as http:
        refused = await http.post("/mcp", json={})
        assert refused.status_code == 401
        address = refused.headers["www-authenticate"].split('resource_metadata="')[1].rstrip('"')
        metadata = (await http.get(address)).json()
        assert metadata["resource"] == "http://site/mcp"
        assert "authorization_servers" not in metadata


@pytest.mark.requirement("SKILL-CATALOG-02")
async def test_skills_are_prompts_and_resources_read_through_the_gate(gate: SmallGate) -> None:
    parts = Parts(default_catalogue(), gate, lambda _: ALICE, "1", library=SkillsOffered(gate))
    async with Client(build_server(parts)) as mcp:
        prompts = {prompt.name for prompt in (await mcp.list_prompts()).prompts}
        assert "hepjob" in prompts
        uris = {str(resource.uri) for resource in (await mcp.list_resources()).resources}
        assert uris == {f"skill://{name}/SKILL.md" for name in prompts}
        (written,) = (await mcp.read_resource("skill://hepjob/SKILL.md")).contents
        (message,) = (await mcp.get_prompt("hepjob", {"task": "submit run.sh"})).messages
        assert getattr(message.content, "text", "") == f"{getattr(written, 'text', None)}\n\nThe task: submit run.sh"
    assert [tool for tool, _, _ in gate.proposed] == ["list_skills", "list_skills", "read_skill", "read_skill"]


@pytest.mark.parametrize("uri", ["skill://no-such/SKILL.md", "skill://../SKILL.md", "file:///etc/passwd", "skill://"])
async def test_what_is_no_skill_is_no_resource(gate: SmallGate, uri: str) -> None:
    parts = Parts(default_catalogue(), gate, lambda _: ALICE, "1", library=SkillsOffered(gate))
    async with Client(build_server(parts)) as mcp:
        with pytest.raises(MCPError, match="no such resource"):
            await mcp.read_resource(uri)


@pytest.mark.requirement("MCP-SERVER-09")
async def test_each_definition_tells_its_hash(gate: SmallGate) -> None:
    parts = Parts(default_catalogue(), gate, lambda _: ALICE, "1")
    async with Client(build_server(parts)) as mcp:
        listed = [tool for tool in (await mcp.list_tools()).tools if tool.name != "get_call"]
    assert listed and all((tool.meta or {})[META] == digest(tool) for tool in listed)


@pytest.mark.requirement("MCP-SERVER-09")
def test_a_changed_definition_is_told_from_one_that_came_or_went() -> None:
    pins = pins_of(default_catalogue())
    before = {**pins, "list_jobs": "another", "gone": "1"}
    del before["read_file"]
    found = changes(before, pins)
    assert (found.added, found.removed, found.changed) == (("read_file",), ("gone",), ("list_jobs",))
    assert not changes(pins, pins)


@pytest.mark.requirement("MCP-SERVER-05")
@pytest.mark.parametrize("mode", ["auto", "legacy"])
async def test_a_client_that_starts_ink_mcp_has_the_same_tools_and_gate(
    gate: SmallGate, tmp_path: Path, mode: str
) -> None:
    async with serving(gate) as url:
        write_address(tmp_path, url.removesuffix("/mcp"))
        environment = {**os.environ, "INK_DATA_DIR": str(tmp_path), "INK_TOKEN": "ink_alice_token_0123456789"}
        command = StdioServerParameters(command=sys.executable, args=["-m", "manager", "mcp"], env=environment)
        async with Client(stdio_client(command), mode=mode) as mcp:
            assert {"list_jobs", "get_call"} <= {tool.name for tool in (await mcp.list_tools()).tools}
            jobs = (await mcp.call_tool("list_jobs", {})).structured_content
            assert [job["job_id"] for job in jobs["jobs"]] == ["1.0"]
    assert gate.proposed == [("list_jobs", "mcp", "mcp:token:alice-laptop")]


async def test_ink_mcp_without_a_token_says_where_to_get_one(tmp_path: Path) -> None:
    environment = {"PATH": os.environ["PATH"], "HOME": str(tmp_path), "INK_DATA_DIR": str(tmp_path)}
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "manager", "mcp", env=environment, stderr=asyncio.subprocess.PIPE
    )
    _, said = await process.communicate()
    assert process.returncode != 0 and b"ink login" in said
