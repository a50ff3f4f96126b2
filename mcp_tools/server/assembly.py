"""The server without a transport: exactly the catalogue's tools, as far as the token's scopes allow, through the gate.

Protocol revisions 2026-07-28 and older. `get_call` is the one tool that is not of the catalogue: it polls calls that
wait for approval, for clients that do not know tasks.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from typing import Any

from mcp import types
from mcp.server import Server
from mcp.server.caching import CacheHint
from mcp.server.request_state import RequestStateBoundary, RequestStateSecurity

from ink_core.errors import UnknownTool
from mcp_tools.answers import GET_CALL_TOOL
from mcp_tools.conversation import Context
from mcp_tools.server.calls import Calls
from mcp_tools.server.log_levels import LogLevels
from mcp_tools.server.parts import Parts
from mcp_tools.server.pins import pinned_definition
from mcp_tools.server.reading import serve_library
from mcp_tools.server.tasks import Tasks

NAME = "ink-harness"
INSTRUCTIONS = (
    "Tools of a computing centre's batch clusters, files and documentation. They act as the owner of the token. "
    "A call that needs approval answers with status waiting_approval and a call_id: poll it with get_call. "
    "A large result answers with what fits and a call_id: read on with read_result."
)
FRESH = CacheHint(ttl_ms=60_000, scope="private")
"""What a token sees depends on its scopes, so that nobody may keep it for others."""
LISTS = ("tools/list", "prompts/list", "resources/list", "resources/templates/list", "resources/read")


def build_server(parts: Parts) -> Server[Any]:
    tasks = Tasks(parts)
    levels = LogLevels()
    calls = Calls(parts, tasks, levels)

    async def list_tools(context: Context, _: types.PaginatedRequestParams | None) -> types.ListToolsResult:
        allowed = parts.catalogue.allowed(parts.who_asks(context).scopes)
        told = [pinned_definition(spec) for spec in allowed if spec.for_clients]
        return types.ListToolsResult(tools=[*told, GET_CALL_TOOL])

    def input_schema(name: str) -> Mapping[str, Any] | None:
        """Without it the SDK has all tools listed and written at every call, to compare the call's headers with one."""
        try:
            spec = parts.catalogue.get(name)
        except UnknownTool:
            return None
        return pinned_definition(spec).input_schema if spec.for_clients else None

    server: Server[Any] = Server(
        NAME,
        version=parts.version,
        title="INK Harness",
        instructions=INSTRUCTIONS,
        cache_hints=dict.fromkeys(LISTS, FRESH),
        on_list_tools=list_tools,
        get_tool_input_schema=input_schema,
    )
    server.add_request_handler("tools/call", types.CallToolRequestParams, calls.handle)
    serve_library(server, parts)
    levels.serve(server)
    parts.watchers.serve(server)
    tasks.serve(server, calls.final)
    # Instead of the SDK's spans, for which there is no collector; the audit has the traces.
    server.middleware = [RequestStateBoundary(_sealing(parts), default_audience=NAME)]
    return server


def _sealing(parts: Parts) -> RequestStateSecurity:
    def whose(context: Context) -> str:
        return parts.who_asks(context).credential

    return RequestStateSecurity(keys=[parts.state_key or secrets.token_bytes(32)], bind_principal=whose)
