"""Serves the conformance profile: the product's MCP endpoint and gate, with fixtures for a catalogue.

The suite sends no token, so a doorman in front adds the one of the only user there is.
"""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

import uvicorn
from starlette.applications import Starlette
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

from audit.memory import MemoryLedger
from bench.conformance.asking import ASKING
from bench.conformance.documents import ConformanceLibrary
from bench.conformance.fixtures import PLAIN, Content, Nothing, fixture, text
from bench.conformance.long_tools import LONG
from ink_core.clock import SystemClock
from ink_core.identity.principal import USER_SCOPES, Principal
from manager.gate.door import GateDoor
from manager.gate.gate import Gate, GateLimits
from manager.gate.policy_file import load_policy
from mcp_tools.catalogue import Catalogue
from mcp_tools.doubles import MemoryAgents, MemoryQueues, services
from mcp_tools.server import McpEndpoint, Parts
from mcp_tools.server.endpoint import of_request
from mcp_tools.server.watching import Watchers
from mcp_tools.spec import ToolSpec

TESTER = Principal(username="tester", is_admin=False, scopes=USER_SCOPES, credential="token:conformance")
TOKEN = "ink_conformance_suite_token"


class Doorman:
    """Adds the token to every request."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        header = (b"authorization", f"Bearer {TOKEN}".encode())
        await self._app({**scope, "headers": [*scope["headers"], header]}, receive, send)


async def _verify(token: str) -> Principal | None:
    return TESTER if token == TOKEN else None


def changing(watchers: Watchers) -> tuple[ToolSpec, ...]:
    """Tools after which clients are told that something changed."""

    async def tools(_: Nothing) -> Content:
        await watchers.tools_changed()
        return text("the tools changed")

    async def prompts(_: Nothing) -> Content:
        await watchers.library_changed()
        return text("the prompts changed")

    return (
        fixture("test_trigger_tool_change", "Changes the tools.", tools),
        fixture("test_trigger_prompt_change", "Changes the prompts.", prompts),
    )


def endpoint() -> McpEndpoint:
    watchers = Watchers()
    catalogue = Catalogue((*PLAIN, *ASKING, *LONG, *changing(watchers)))
    policy = load_policy(None)
    centre = services(MemoryAgents({}, {}), MemoryQueues({}))
    gate = Gate(MemoryLedger(), catalogue, lambda: policy, centre, SystemClock(), GateLimits(max_open_per_user=500))
    library = ConformanceLibrary()
    parts = Parts(catalogue, GateDoor(gate), of_request, version="conformance", library=library, watchers=watchers)
    return McpEndpoint(parts, _verify, public_url="http://127.0.0.1")


@asynccontextmanager
async def serving() -> AsyncGenerator[str]:
    """Its address, while it serves on loopback."""
    mcp = endpoint()
    app = Starlette(routes=[Route("/mcp", endpoint=Doorman(mcp.app))])
    listening = socket.create_server(("127.0.0.1", 0))
    server = uvicorn.Server(uvicorn.Config(app, lifespan="off", log_level="error"))
    async with mcp.running():
        task = asyncio.create_task(server.serve(sockets=[listening]))
        try:
            yield f"http://127.0.0.1:{listening.getsockname()[1]}/mcp"
        finally:
            server.should_exit = server.force_exit = True
            await asyncio.wait_for(task, 20)
            listening.close()
