"""Foreign MCP servers behind the real gate: real servers of the SDK as programs and over HTTP, honest and hostile."""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from mcp import Client
from pydantic import JsonValue

from audit.memory import MemoryLedger
from bench.running_manager import free_port
from ink_core.clock import ManualClock
from ink_core.identity.principal import ADMIN_SCOPES, USER_SCOPES, Principal, Scope
from ink_core.labels import Confidentiality
from manager.foreign import CHAIN, RecordedForeignServers
from manager.gate.admission import Proposal
from manager.gate.approvals.errors import ApprovalVoid
from manager.gate.call import CallState, CallStatus, Phase
from manager.gate.door import GateDoor
from manager.gate.gate import Gate, GateLimits
from manager.gate.policy import Origin
from manager.gate.policy_file import load_policy
from mcp_tools.catalogue import default_catalogue
from mcp_tools.client import connection, flood, program
from mcp_tools.client.address import connected
from mcp_tools.client.definition import Terms
from mcp_tools.client.mounts import Mount
from mcp_tools.client.program import Program, running
from mcp_tools.doubles import MemoryAgents, MemoryQueues, services
from mcp_tools.foreign_port import ForeignServerView
from mcp_tools.server import Parts, build_server
from mcp_tools.spec import Risk
from tests.doubles import foreign_server
from tests.doubles.foreign_server import ORDER, SECRET

ALICE = Principal(username="alice", is_admin=False, scopes=USER_SCOPES, credential="token:laptop")
ADMIN = Principal(username="admin", is_admin=True, scopes=ADMIN_SCOPES, credential="session:1")
SCRIPT = Path(foreign_server.__file__)
READS = (Path(sys.prefix), Path(sys.base_prefix), SCRIPT)
WAIT_S = 120.0
READERS = ("add", "environment", "hang", "die", "huge", "instruct", "redefine")
"""What the site of these tests declares to only read, so that it is called without asking."""


def terms(timeout_s: float = 60, readers: Sequence[str] = READERS) -> Terms:
    risks = dict.fromkeys(readers, Risk.READ)
    return Terms("calc", Confidentiality.SCRATCH, Confidentiality.SCRATCH, timeout_s, risks, {})


def started(home: Path, *command: str, conditions: Terms | None = None) -> Mount:
    argv = command or (sys.executable, "-I", str(SCRIPT), "stdio")
    made = Program(argv, home, READS, {"WORD": "given"})
    return Mount(conditions or terms(), "stdio", argv[0], "external", lambda ended: running(made, ended))


def addressed(port: int) -> Mount:
    def reach(_: object) -> AbstractAsyncContextManager[Any]:
        return connected(f"http://127.0.0.1:{port}/mcp", "ink-foreign-token")

    return Mount(terms(), "http", f"http://127.0.0.1:{port}/mcp", "external", reach)


class Site:
    """The gate over our tools and one foreign server."""

    def __init__(self, mount: Mount, ledger: MemoryLedger | None = None) -> None:
        self.ledger = ledger or MemoryLedger()
        self.catalogue = default_catalogue()
        self.foreign = RecordedForeignServers([mount], self.catalogue, self.ledger)
        doubles = replace(services(MemoryAgents({}, {}), MemoryQueues({})), foreign=self.foreign)
        policy = load_policy(None)
        self.gate = Gate(self.ledger, self.catalogue, lambda: policy, doubles, ManualClock(), GateLimits())
        self._calls = 0

    @property
    def server(self) -> ForeignServerView:
        (view,) = self.foreign.list()
        return view

    async def until(self, holds: Callable[[ForeignServerView], object]) -> ForeignServerView:
        async with asyncio.timeout(WAIT_S):
            while not holds(self.server):
                await asyncio.sleep(0.05)
        return self.server

    async def call(
        self, tool: str, who: Principal = ALICE, origin: Origin = Origin.USER, **arguments: JsonValue
    ) -> CallState:
        self._calls += 1
        call_id = f"c-{self._calls}"
        await self.gate.propose(Proposal(call_id, tool, arguments, who, origin, f"portal:{who.username}"))
        return await self.gate.wait(call_id, WAIT_S)

    async def accept(self, *names: str) -> CallState:
        """All that the server tells, or these."""
        view = await self.until(lambda now: now.connected)
        chosen = [one for one in view.tools if not names or one.name in names]
        pins: dict[str, JsonValue] = {one.name: one.sha256 for one in chosen}
        return await self.call("accept_foreign_tools", ADMIN, server="calc", tools=pins)

    async def records(self) -> list[str]:
        return [event.kind for event in await self.ledger.read(CHAIN)]


@asynccontextmanager
async def opened(mount: Mount, ledger: MemoryLedger | None = None) -> AsyncGenerator[Site]:
    site = Site(mount, ledger)
    await site.foreign.recover()
    try:
        yield site
    finally:
        await site.gate.close()
        await site.foreign.close()


@asynccontextmanager
async def serving() -> AsyncGenerator[int]:
    port = free_port()
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-I", SCRIPT, "http", str(port), stderr=asyncio.subprocess.DEVNULL
    )
    try:
        async with asyncio.timeout(WAIT_S):
            await _listens(port)
        yield port
    finally:
        process.kill()
        await process.wait()


async def _listens(port: int) -> None:
    while True:
        try:
            _, writer = await asyncio.open_connection("127.0.0.1", port)
        except OSError:
            await asyncio.sleep(0.1)
        else:
            writer.close()
            return


def code(state: CallState) -> str | None:
    return state.error.code if state.error else None


def text(state: CallState) -> str:
    assert isinstance(state.result, dict), state
    content: Any = state.result["content"]
    return content[0]["text"]


@pytest.mark.requirement("MCP-CLIENT-01")
@pytest.mark.parametrize("transport", ["stdio", "http"])
async def test_a_tool_is_used_once_it_is_accepted_and_what_is_not_declared_to_read_asks(
    tmp_path: Path, transport: str
) -> None:
    async with AsyncExitStack() as stack:
        mount = started(tmp_path) if transport == "stdio" else addressed(await stack.enter_async_context(serving()))
        site = await stack.enter_async_context(opened(mount))
        view = await site.until(lambda now: now.connected)
        assert {tool.state for tool in view.tools} == {"new"}
        assert code(await site.call("mcp__calc__add", a=1, b=2)) == "unknown_tool"
        assert (await site.accept()).status is CallStatus.DONE
        done = await site.call("mcp__calc__add", a=1, b=2)
        assert (done.status, text(done)) == (CallStatus.DONE, "3")
        asked = await site.call("mcp__calc__remove_jobs", job_ids=["1.0"])
        assert asked.phase is Phase.WAITING and asked.approval is not None
        assert asked.approval.rule == "foreign-tools"
        wrong = await site.call("mcp__calc__add", a="one")
        assert code(wrong) == "bad_input"
    assert await site.records() == ["foreign.changed", "foreign.accepted"]


@pytest.mark.requirement("MCP-CLIENT-01")
async def test_a_changed_definition_is_announced_and_not_used_before_it_is_accepted_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connection, "LOOK_S", 1.0)
    async with opened(started(tmp_path)) as site:
        await site.accept("add", "redefine")
        await site.call("mcp__calc__redefine")
        view = await site.until(lambda now: any(tool.state == "changed" for tool in now.tools))
        changed = next(tool for tool in view.tools if tool.name == "add")
        assert changed.definition is not None and changed.definition["description"] == "The product of two numbers."
        assert code(await site.call("mcp__calc__add", a=3, b=4)) == "definition_changed"
        stale = await site.call("accept_foreign_tools", ADMIN, server="calc", tools={"add": "0" * 64})
        assert code(stale) == "definition_changed"
        await site.accept("add")
        assert text(await site.call("mcp__calc__add", a=3, b=4)) == "12"
        assert code(await site.call("mcp__calc__redefine")) == "unknown_tool"
    assert (await site.records()).count("foreign.accepted") == 2


@pytest.mark.requirement("MCP-CLIENT-01")
async def test_an_approval_is_of_the_definition_that_it_was_asked_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connection, "LOOK_S", 1.0)
    async with opened(started(tmp_path, conditions=terms(readers=["redefine"]))) as site:
        await site.accept("add", "redefine")
        asked = await site.call("mcp__calc__add", a=3, b=4)
        assert asked.phase is Phase.WAITING and asked.approval is not None
        await site.call("mcp__calc__redefine")
        await site.until(lambda now: any(tool.state == "changed" for tool in now.tools))
        await site.accept("add")
        with pytest.raises(ApprovalVoid, match="definition of add changed"):
            await site.gate.desk.decide(asked.approval.approval_id, ADMIN, True, "", asked.approval.digest)


@pytest.mark.requirement("MCP-CLIENT-01")
async def test_what_was_accepted_is_mounted_after_a_restart_before_the_server_answers(tmp_path: Path) -> None:
    async with opened(started(tmp_path)) as site:
        await site.accept("add")
    async with opened(started(tmp_path, "/usr/bin/false"), site.ledger) as again:
        (tool,) = again.server.tools
        assert (tool.name, tool.state) == ("add", "accepted")
        down = await again.call("mcp__calc__add", a=1, b=2)
        assert (code(down), down.status) == ("foreign_server_down", CallStatus.FAILED)


@pytest.mark.requirement("MCP-CLIENT-01")
async def test_a_server_that_ends_in_a_call_leaves_doubt_only_where_it_may_have_written(tmp_path: Path) -> None:
    conditions = terms(readers=["add"])
    async with opened(started(tmp_path, conditions=conditions)) as site:
        await site.accept("add", "die")
        asked = await site.call("mcp__calc__die")
        assert asked.approval is not None
        request = asked.approval
        await site.gate.desk.decide(request.approval_id, ALICE, True, "", request.digest)
        ended = await site.gate.wait(asked.call_id, WAIT_S)
        assert ended.status is CallStatus.INDETERMINATE
        back = await site.until(lambda now: now.connected)
        assert back.problem is None
        assert text(await site.call("mcp__calc__add", a=1, b=2)) == "3"


@pytest.mark.requirement("MCP-CLIENT-01")
async def test_a_server_that_hangs_is_left_alone_after_three_silences(tmp_path: Path) -> None:
    async with opened(started(tmp_path, conditions=terms(timeout_s=1))) as site:
        await site.accept("hang")
        codes = [code(await site.call("mcp__calc__hang")) for _ in range(3)]
        assert codes == ["deadline_exceeded"] * 3
        down = await site.until(lambda now: not now.connected)
        assert down.problem is not None and "no answer" in down.problem


NOTE = '{"jsonrpc": "2.0", "method": "notifications/tools/list_changed"}'
SILENCE, FLOOD = "does not answer", "more than 50 messages"
HOSTILE = {
    "flooding": (f"while True: print({NOTE!r})", FLOOD),
    "silent": ("import time; time.sleep(3600)", SILENCE),
    "endless": ("while True: print('x' * 65536, end='')", "more than"),
    "gone": ("raise SystemExit('no such thing: password=hunter2hunter2')", "ended with code 1: no such thing"),
    "babbling": ("print('hello'); import time; time.sleep(3600)", SILENCE),
}


@pytest.mark.requirement("MCP-CLIENT-01")
@pytest.mark.parametrize("kind", HOSTILE)
async def test_what_is_no_server_is_not_connected_and_says_why_without_its_secrets(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    script, said = HOSTILE[kind]
    if said == FLOOD:  # on however slow a machine
        monkeypatch.setattr(flood, "MOST_MESSAGES", 50)
        monkeypatch.setattr(flood, "WITHIN_S", 1_000.0)
    if said == SILENCE:
        monkeypatch.setattr(connection, "CONNECT_S", 1.0)
        monkeypatch.setattr(program, "END_S", 0.5)
    async with opened(started(tmp_path, sys.executable, "-I", "-c", script)) as site:
        view = await site.until(lambda now: now.problem != "it was not connected yet")
    assert view.problem is not None and said in view.problem
    assert "hunter2" not in view.problem


@pytest.mark.requirement("MCP-CLIENT-01")
async def test_results_are_untrusted_cut_to_size_and_recorded_without_secrets(tmp_path: Path) -> None:
    async with opened(started(tmp_path)) as site:
        await site.accept("instruct", "huge", "environment")
        told = await site.call("mcp__calc__instruct")
        assert ORDER in text(told) and SECRET in text(told)
        assert told.label is not None and told.label.to_json() == {
            "confidentiality": "scratch",
            "integrity": "untrusted",
        }
        parts = Parts(site.catalogue, GateDoor(site.gate), lambda _: ALICE, "1")
        async with Client(build_server(parts)) as mcp:
            large = await mcp.call_tool("mcp__calc__huge", {"characters": 1_000_000})
            assert len(json.dumps(large.structured_content)) < 10_000
            small = await mcp.call_tool("mcp__calc__huge", {"characters": 10})
            assert getattr(small.content[0], "text", "") == "x" * 10
        too_much = await site.call("mcp__calc__huge", characters=5_000_000)
        assert too_much.status is not CallStatus.DONE
        recorded = "".join(json.dumps(dict(event.body)) for event in await site.ledger.read("portal:alice"))
    assert SECRET not in recorded and ORDER in recorded


@pytest.mark.requirement("MCP-CLIENT-01")
async def test_a_program_has_its_own_variables_and_none_of_ours(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("INK_TOKEN", SECRET)
    async with opened(started(tmp_path)) as site:
        await site.accept("environment")
        called = await site.call("mcp__calc__environment")
    said: Any = called.result
    variables = {block["text"] for block in said["content"]}
    assert {"HOME", "PATH", "TMPDIR", "WORD"} <= variables
    assert not {name for name in variables if name.startswith(("INK_", "VIRTUAL", "SSH"))}


@pytest.mark.requirement("MCP-CLIENT-01")
async def test_nothing_goes_to_an_external_server_from_a_conversation_that_has_seen_user_data(tmp_path: Path) -> None:
    async with opened(started(tmp_path)) as site:
        await site.accept("add")
        seen = Proposal("c-seen", "mcp__calc__add", {"a": 1, "b": 2}, ALICE, Origin.USER, "portal:alice")
        await site.gate.propose(replace(seen, confidentiality=Confidentiality.USER))
        refused = await site.gate.wait("c-seen", WAIT_S)
        assert code(refused) == "not_for_this_server"
        assert (await site.call("mcp__calc__add", a=1, b=2)).status is CallStatus.DONE


@pytest.mark.requirement("MCP-CLIENT-01")
@pytest.mark.parametrize(("who", "origin"), [(ALICE, Origin.USER), (ADMIN, Origin.MODEL), (ADMIN, Origin.MCP)])
async def test_neither_users_nor_agents_accept_definitions(tmp_path: Path, who: Principal, origin: Origin) -> None:
    async with opened(started(tmp_path, "/usr/bin/false")) as site:
        refused = await site.call("accept_foreign_tools", who, origin, server="calc", tools={})
        assert code(refused) == ("denied_by_policy" if who is ADMIN else "scope_missing")
        assert await site.records() == []


async def test_a_foreign_tool_that_is_mounted_no_more_shows_its_calls_to_whole_credentials_only(
    tmp_path: Path,
) -> None:
    async with opened(started(tmp_path)) as site:
        await site.accept("add")
        done = await site.call("mcp__calc__add", a=1, b=2)
        await site.call("accept_foreign_tools", ADMIN, server="calc", tools={})
        small = ALICE.model_copy(update={"scopes": frozenset({Scope.JOBS_READ})})
        assert site.gate.results.missing_scopes(small, "mcp__calc__add")
        assert site.gate.results.visible(ALICE, done.call_id).result == done.result
