"""The MCP server: exactly the catalogue's tools, as far as the token's scopes allow, every call through the gate.

Streamable HTTP without sessions (each request stands alone, so that any replica can answer it), protocol revisions
2026-07-28 and older. `get_call` is the one tool that is not of the catalogue: it polls calls that wait for approval.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from typing import Any

from mcp import MCPError, types
from mcp.server import Server, ServerRequestContext
from mcp.server.streamable_http_manager import StreamableHTTPASGIApp, StreamableHTTPSessionManager
from pydantic import ValidationError
from starlette.types import ASGIApp

from ink_core.errors import InkError
from ink_core.identity.principal import Principal
from mcp_tools.answers import GET_CALL, GET_CALL_TOOL, AskForCall, answer, error, state_of_call, tool_definition
from mcp_tools.bearer import PRINCIPAL, BearerGuard, Verify
from mcp_tools.catalogue import Catalogue
from mcp_tools.gate_port import CallGate

ORIGIN = "mcp"
WAIT_S = 30.0
INSTRUCTIONS = (
    "Tools of a computing centre's batch clusters, files and documentation. They act as the owner of the token. "
    "A call that needs approval answers with status waiting_approval and a call_id: poll it with get_call. "
    "A large result answers with what fits and a call_id: read on with read_result."
)

Context = ServerRequestContext[Any, Any]
WhoAsks = Callable[[Context], Principal]


def build_server(catalogue: Catalogue, gate: CallGate, who_asks: WhoAsks, *, version: str) -> Server[Any]:
    """The server without a transport; `who_asks` finds the principal of a request."""

    async def list_tools(context: Context, _: types.PaginatedRequestParams | None) -> types.ListToolsResult:
        allowed = catalogue.allowed(who_asks(context).scopes)
        return types.ListToolsResult(tools=[*map(tool_definition, allowed), GET_CALL_TOOL])

    async def call_tool(context: Context, asked: types.CallToolRequestParams) -> types.CallToolResult:
        principal = who_asks(context)
        try:
            if asked.name == GET_CALL:
                return await _get_call(gate, principal, asked)
            return await _call(gate, principal, asked)
        except InkError as problem:
            return error(f"{problem.code}: {problem}")

    return Server(
        "ink-harness",
        version=version,
        title="INK Harness",
        instructions=INSTRUCTIONS,
        on_list_tools=list_tools,
        on_call_tool=call_tool,
    )


async def _call(gate: CallGate, principal: Principal, asked: types.CallToolRequestParams) -> types.CallToolResult:
    view = await gate.call(
        principal,
        asked.name,
        asked.arguments or {},
        origin=ORIGIN,
        chain=f"{ORIGIN}:{principal.credential}",
        wait_s=WAIT_S,
    )
    if view.error and view.error.code == "unknown_tool":
        raise MCPError(types.INVALID_PARAMS, view.error.message)
    return answer(view)


async def _get_call(gate: CallGate, principal: Principal, asked: types.CallToolRequestParams) -> types.CallToolResult:
    try:
        wanted = AskForCall.model_validate(asked.arguments or {})
    except ValidationError as mistakes:
        first = mistakes.errors(include_url=False, include_input=False)[0]
        return error(f"bad_input: get_call: {'.'.join(map(str, first['loc']))}: {first['msg']}")
    return state_of_call(await gate.view(principal, wanted.call_id, wait_s=wanted.wait_s))


class McpEndpoint:
    """The server over streamable HTTP with bearer tokens. Route requests to `app` while inside `running()`."""

    def __init__(self, catalogue: Catalogue, gate: CallGate, verify: Verify, *, version: str) -> None:
        server = build_server(catalogue, gate, _of_request, version=version)
        # No check of Host and Origin: what a foreign page can make a browser send carries no bearer token.
        self._manager = StreamableHTTPSessionManager(server, json_response=True, stateless=True)
        self.app: ASGIApp = BearerGuard(StreamableHTTPASGIApp(self._manager), verify)

    @asynccontextmanager
    async def running(self) -> AsyncGenerator[None, None]:
        """Once per endpoint."""
        async with self._manager.run():
            yield


def _of_request(context: Context) -> Principal:
    assert context.request is not None, "the HTTP transport attaches its request"
    principal: Principal = context.request.scope[PRINCIPAL]
    return principal
