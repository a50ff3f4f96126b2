"""The MCP server, asked by the SDK's own client: in memory and over HTTP on loopback."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncGenerator, Iterable, Mapping
from contextlib import asynccontextmanager

import httpx2
import pytest
import uvicorn
from mcp import Client, MCPError
from mcp.client.session import MessageHandlerFnT
from mcp.client.streamable_http import streamable_http_client
from pydantic import JsonValue
from starlette import types as asgi

from ink_core.agents import AccessPoint
from ink_core.errors import InkError, NotFound
from ink_core.identity.principal import ADMIN_SCOPES, USER_SCOPES, Principal, Scope
from mcp_tools.catalogue import Catalogue, default_catalogue
from mcp_tools.context import Leave, Services, ToolContext
from mcp_tools.doubles import NOW, MemoryAgents, MemoryQueues, MemoryScheduler, memory_job, services
from mcp_tools.gate_port import CallProblem, CallTimes, CallView
from mcp_tools.invoke import invoke
from mcp_tools.server import McpEndpoint, Parts, build_server
from mcp_tools.server.endpoint import of_request
from mcp_tools.server.session_room import MOST
from mcp_tools.spec import Risk, ToolSpec

ALICE = Principal(username="alice", is_admin=False, scopes=USER_SCOPES, credential="token:alice-laptop")
WHOLE = ALICE.model_copy(update={"scopes": USER_SCOPES | ADMIN_SCOPES})
READER = ALICE.model_copy(update={"scopes": frozenset({Scope.JOBS_READ}), "credential": "token:reader"})
TOKENS = {"ink_alice_token_0123456789": ALICE, "ink_reader_token_0123456789": READER}


class SmallGate:
    """A gate for these tests: reads run at once, the rest waits for `approve`. It keeps calls in memory only."""

    def __init__(self, catalogue: Catalogue, centre: Services) -> None:
        self._catalogue = catalogue
        self._centre = centre
        self.calls: dict[str, tuple[Principal, CallView]] = {}
        self.proposed: list[tuple[str, str, str]] = []

    async def call(
        self,
        principal: Principal,
        tool: str,
        arguments: Mapping[str, JsonValue],
        *,
        origin: str,
        chain: str,
        wait_s: float,
        call_id: str | None = None,
    ) -> CallView:
        self.proposed.append((tool, origin, chain))
        view = CallView(
            call_id=call_id or f"c-{len(self.calls)}", tool=tool, arguments=dict(arguments), status="waiting_approval"
        )
        self.calls[view.call_id] = (principal, view)
        try:
            spec = self._catalogue.get(tool)
            spec.parse(arguments)
        except InkError as error:
            return self._keep(view, status="refused", error=_problem(error))
        if spec.risk is Risk.READ:
            return await self.approve(view.call_id)
        return self._keep(view, preview={"summary": spec.title})

    async def view(self, principal: Principal, call_id: str, *, wait_s: float) -> CallView:
        if call_id not in self.calls or self.calls[call_id][0] != principal:
            raise NotFound(f"you have no call {call_id}")
        return self.calls[call_id][1]

    async def times(self, principal: Principal, call_id: str) -> CallTimes:
        await self.view(principal, call_id, wait_s=0)
        return CallTimes(NOW, NOW)

    async def stop(self, principal: Principal, call_id: str) -> CallView:
        view = await self.view(principal, call_id, wait_s=0)
        taken_back = CallProblem(code="approval_withdrawn", message="taken back", retryable=False)
        return self._keep(view, status="refused", error=taken_back)

    async def approve(self, call_id: str) -> CallView:
        principal, view = self.calls[call_id]
        spec = self._catalogue.get(view.tool)
        user, leave = principal.username, Leave(call_id, view.tool)
        context = ToolContext(principal, user, f"op-{call_id}-000", 30, None, self._centre, leave)
        try:
            arguments = spec.parse(view.arguments)
            resolved = await spec.resolve(context, arguments) if spec.resolve else arguments
            result = await invoke(spec, context, resolved)
        except InkError as error:
            return self._keep(view, status="failed", error=_problem(error))
        return self._keep(view, status="done", result=result.model_dump(mode="json"))

    def _keep(self, view: CallView, **changes: object) -> CallView:
        principal, _ = self.calls[view.call_id]
        self.calls[view.call_id] = (principal, view.model_copy(update=changes))
        return self.calls[view.call_id][1]


def _problem(error: InkError) -> CallProblem:
    return CallProblem(code=error.code, message=str(error), retryable=error.retryable)


@pytest.fixture
def gate() -> SmallGate:
    queues = MemoryQueues({"pool": [memory_job("1.0", "alice"), memory_job("2.0", "bob")]})
    agents = MemoryAgents({}, {AccessPoint("alice"): MemoryScheduler(queues, "alice")})
    return SmallGate(default_catalogue(), services(agents, queues))


def in_memory(gate: SmallGate) -> Client:
    return Client(build_server(Parts(default_catalogue(), gate, lambda _: WHOLE, version="1")))


@pytest.mark.requirement("MCP-SERVER-01")
async def test_the_server_serves_the_catalogue_but_what_only_agents_use_and_get_call(gate: SmallGate) -> None:
    async with in_memory(gate) as client:
        listed = {tool.name: tool for tool in (await client.list_tools()).tools}
        of_agents = {
            "apply_policy",
            "delegate",
            "hand_in",
            "read_earlier_version",
            "read_terminal",
            "set_switch",
            "write_todos",
        }
        assert set(listed) == {spec.name for spec in default_catalogue()} - of_agents | {"get_call"}
        for spec in (spec for spec in default_catalogue() if spec.name not in of_agents):
            assert listed[spec.name].input_schema["properties"].keys() == spec.input.model_fields.keys()
            assert listed[spec.name].description == spec.description


@pytest.mark.requirement("MCP-SERVER-03")
async def test_annotations_come_from_risk_and_idempotency(gate: SmallGate) -> None:
    async with in_memory(gate) as client:
        listed = {tool.name: tool.annotations for tool in (await client.list_tools()).tools}
        for spec in (spec for spec in default_catalogue() if spec.name in listed):
            hints = listed[spec.name]
            assert hints is not None
            assert (hints.read_only_hint, hints.idempotent_hint) == (spec.risk is Risk.READ, spec.idempotent)
            assert hints.destructive_hint is (spec.risk is not Risk.READ)


async def test_a_call_goes_through_the_gate_and_answers_with_the_tools_output(gate: SmallGate) -> None:
    async with in_memory(gate) as client:
        result = await client.call_tool("list_jobs", {"owner": "*"})
        assert not result.is_error
        assert {found["owner"] for found in result.structured_content["jobs"]} == {"alice", "bob"}
        assert gate.proposed == [("list_jobs", "mcp", "mcp:token:alice-laptop")]


@pytest.mark.requirement("MCP-SERVER-04")
async def test_a_call_that_needs_approval_is_pending_and_can_be_polled(gate: SmallGate) -> None:
    async with in_memory(gate) as client:
        pending = (await client.call_tool("remove_jobs", {"job_ids": ["1.0"]})).structured_content
        assert pending["status"] == "waiting_approval" and pending["preview"] == {"summary": "Remove jobs"}
        before = (await client.call_tool("get_call", {"call_id": pending["call_id"]})).structured_content
        await gate.approve(pending["call_id"])
        after = (await client.call_tool("get_call", {"call_id": pending["call_id"]})).structured_content
        assert (before["status"], after["status"], after["result"]) == (
            "waiting_approval",
            "done",
            {"done": ["1.0"], "refused": {}},
        )


@pytest.mark.parametrize(
    ("tool", "arguments", "said"),
    [
        ("list_jobs", {"clutser": "pool"}, "bad_input: list_jobs: clutser: unknown field"),
        ("describe_job", {"job_id": "99.0"}, "job_not_found"),
        ("describe_job", None, "job_id: Field required"),
        ("get_call", {"call_id": "c-999"}, "not_found"),
        ("get_call", {}, "bad_input: get_call: call_id"),
    ],
)
async def test_what_goes_wrong_is_an_error_result_that_says_what(
    gate: SmallGate, tool: str, arguments: dict[str, JsonValue] | None, said: str
) -> None:
    async with in_memory(gate) as client:
        result = await client.call_tool(tool, arguments)
        assert result.is_error
        assert said in " ".join(getattr(part, "text", "") for part in result.content)


async def test_an_unknown_tool_is_a_protocol_error_and_still_recorded(gate: SmallGate) -> None:
    async with in_memory(gate) as client:
        with pytest.raises(MCPError, match="did you mean list_jobs"):
            await client.call_tool("list_job", {})
        assert gate.proposed == [("list_job", "mcp", "mcp:token:alice-laptop")]


@asynccontextmanager
async def serving(gate: SmallGate, catalogue: Catalogue | None = None) -> AsyncGenerator[str, None]:
    """The endpoint behind a real HTTP server on loopback."""

    async def verify(token: str) -> Principal | None:
        return TOKENS.get(token)

    parts = Parts(catalogue or default_catalogue(), gate, of_request, version="1")
    async with served(McpEndpoint(parts, verify, public_url="https://ink.example")) as url:
        yield url


@asynccontextmanager
async def served(endpoint: McpEndpoint, streams: asyncio.Semaphore | None = None) -> AsyncGenerator[str, None]:
    """`streams` is released by each stream that a client of an older revision has opened to be told things."""

    async def app(scope: asgi.Scope, receive: asgi.Receive, send: asgi.Send) -> None:
        async def watched(message: asgi.Message) -> None:
            await send(message)
            if streams and message["type"] == "http.response.start" and scope["method"] == "GET":
                streams.release()

        await endpoint.app(scope, receive, watched)

    listening = socket.create_server(("127.0.0.1", 0))
    server = uvicorn.Server(uvicorn.Config(app, lifespan="off", log_level="error"))
    async with endpoint.running():
        task = asyncio.create_task(server.serve(sockets=[listening]))
        try:
            yield f"http://127.0.0.1:{listening.getsockname()[1]}/mcp"
        finally:
            server.should_exit = server.force_exit = True
            await asyncio.wait_for(task, 100)
            listening.close()


@asynccontextmanager
async def connected(
    url: str, token: str, mode: str, heard: MessageHandlerFnT | None = None
) -> AsyncGenerator[Client, None]:
    """`heard` gets what the server tells of its own accord, where that has no stream of its own."""
    async with (
        httpx2.AsyncClient(headers={"authorization": f"Bearer {token}"}, timeout=100) as http,
        Client(streamable_http_client(url, http_client=http), mode=mode, message_handler=heard) as client,
    ):
        yield client


@pytest.mark.requirement("MCP-SERVER-01", "MCP-SERVER-02")
@pytest.mark.parametrize("mode", ["auto", "legacy"])
async def test_over_http_a_token_lists_and_calls_what_its_scopes_allow(gate: SmallGate, mode: str) -> None:
    async with serving(gate) as url:
        async with connected(url, "ink_reader_token_0123456789", mode) as client:
            listed = {tool.name for tool in (await client.list_tools()).tools}
            assert {"list_jobs", "search_documentation", "get_call"} <= listed
            assert not listed & {"submit_job", "remove_jobs", "read_file", "run_command"}
        async with connected(url, "ink_alice_token_0123456789", mode) as client:
            result = await client.call_tool("list_jobs", {})
            assert [found["job_id"] for found in result.structured_content["jobs"]] == ["1.0"]
            assert gate.proposed == [("list_jobs", "mcp", "mcp:token:alice-laptop")]


class NotingCatalogue(Catalogue):
    """Notes how often all of it is looked through."""

    listed = 0

    def allowed(self, scopes: Iterable[Scope]) -> tuple[ToolSpec, ...]:
        self.listed += 1
        return super().allowed(scopes)


async def test_a_call_looks_at_its_own_tool_and_lists_no_others(gate: SmallGate) -> None:
    catalogue = NotingCatalogue(default_catalogue())
    async with serving(gate, catalogue) as url, connected(url, "ink_alice_token_0123456789", "auto") as client:
        await client.call_tool("list_jobs", {"limit": 1})
        before = catalogue.listed
        for _ in range(3):
            assert not (await client.call_tool("list_jobs", {"limit": 1})).is_error
        assert catalogue.listed == before


async def test_one_users_call_cannot_be_polled_by_another(gate: SmallGate) -> None:
    async with serving(gate) as url:
        async with connected(url, "ink_alice_token_0123456789", "auto") as client:
            call_id = (await client.call_tool("remove_jobs", {"job_ids": ["1.0"]})).structured_content["call_id"]
        async with connected(url, "ink_reader_token_0123456789", "auto") as client:
            assert (await client.call_tool("get_call", {"call_id": call_id})).is_error


@pytest.mark.requirement("MCP-SERVER-02")
@pytest.mark.parametrize(
    "header", [None, "Bearer ink_unknown_token_0123456", "Basic YTpi", "Bearer", f"Bearer {600 * 'x'}"]
)
async def test_without_a_valid_token_the_answer_is_401_and_nothing_more(gate: SmallGate, header: str | None) -> None:
    request = {"jsonrpc": "2.0", "id": 1, "method": "tools/list"}
    headers = {"accept": "application/json, text/event-stream", **({"authorization": header} if header else {})}
    async with serving(gate) as url, httpx2.AsyncClient() as http:
        response = await http.post(url, json=request, headers=headers)
    assert response.status_code == 401
    assert response.headers["www-authenticate"].startswith("Bearer")
    assert response.json()["code"] == "unauthenticated"


INITIALIZE = {
    "jsonrpc": "2.0",
    "id": 1,
    "method": "initialize",
    "params": {"protocolVersion": "2025-11-25", "capabilities": {}, "clientInfo": {"name": "test", "version": "1"}},
}


async def test_who_opens_too_many_sessions_loses_their_own_oldest_and_nobody_elses(gate: SmallGate) -> None:
    async with serving(gate) as url, httpx2.AsyncClient(timeout=60) as http:

        def asked(token: str, session: str | None = None) -> dict[str, str]:
            headers = {"accept": "application/json, text/event-stream", "authorization": f"Bearer {token}"}
            return headers if session is None else {**headers, "mcp-session-id": session}

        async def opened(token: str) -> str:
            return (await http.post(url, json=INITIALIZE, headers=asked(token))).headers["mcp-session-id"]

        async def lives(token: str, session: str) -> bool:
            ping = {"jsonrpc": "2.0", "id": 2, "method": "ping"}
            return (await http.post(url, json=ping, headers=asked(token, session))).status_code == 200

        alice, reader = "ink_alice_token_0123456789", "ink_reader_token_0123456789"
        other = await opened(reader)
        mine = [await opened(alice) for _ in range(MOST + 1)]
        assert [await lives(alice, session) for session in mine] == [False, *[True] * MOST]
        assert await lives(reader, other)
        assert not await lives(alice, other)
