"""Which calls over HTTP can be told something before their answer, and that a client who leaves ends either kind."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping
from typing import Any

import httpx2
import pytest
from pydantic import JsonValue

from ink_core.identity.principal import Principal
from mcp_tools.catalogue import default_catalogue
from mcp_tools.conversation import conversation
from mcp_tools.doubles import MemoryAgents, MemoryQueues, services
from mcp_tools.gate_port import CallView
from tests.integration.test_mcp import SmallGate, serving

REVISION = "2026-07-28"
PROGRESS: Mapping[str, JsonValue] = {"progressToken": "p-1"}


class TellingGate(SmallGate):
    """Tells each caller how far the call is, and answers only once it may."""

    def __init__(self) -> None:
        super().__init__(default_catalogue(), services(MemoryAgents({}, {}), MemoryQueues({"pool": []})))
        self.may_answer = asyncio.Event()
        self.runs = asyncio.Event()
        self.stopped = asyncio.Event()

    async def call(self, principal: Principal, tool: str, arguments: Mapping[str, JsonValue], **how: Any) -> CallView:
        await conversation().progress(1, 2)
        view = await super().call(principal, tool, arguments, **how)
        self.runs.set()
        await self.may_answer.wait()
        return view

    async def stop(self, principal: Principal, call_id: str) -> CallView:
        self.stopped.set()
        return await super().stop(principal, call_id)


async def asked(
    http: httpx2.AsyncClient, url: str, wishes: Mapping[str, JsonValue], token: str = "Token"
) -> httpx2.Response:
    """`token` is how the last part of the name `progressToken` is written."""
    known = {"protocolVersion": REVISION, "clientCapabilities": {}}
    meta = {**{f"io.modelcontextprotocol/{name}": value for name, value in known.items()}, **wishes}
    params = {"name": "list_jobs", "arguments": {}, "_meta": meta}
    headers = {
        "authorization": "Bearer ink_alice_token_0123456789",
        "accept": "application/json, text/event-stream",
        "mcp-protocol-version": REVISION,
        "mcp-method": "tools/call",
        "mcp-name": "list_jobs",
        "content-type": "application/json",
    }
    request = {"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": params}
    return await http.post(url, content=json.dumps(request).replace("Token", token), headers=headers)


@pytest.mark.requirement("MCP-SERVER-01")
@pytest.mark.parametrize(
    ("wishes", "token", "kind"),
    [
        ({}, "Token", "application/json"),
        (PROGRESS, "Token", "text/event-stream"),
        (PROGRESS, "\\u0054oken", "text/event-stream"),
    ],
)
async def test_who_asks_for_progress_hears_of_it_before_the_answer(
    wishes: Mapping[str, JsonValue], token: str, kind: str
) -> None:
    gate = TellingGate()
    gate.may_answer.set()
    async with serving(gate) as url, httpx2.AsyncClient(timeout=60) as http:
        answer = await asked(http, url, wishes, token)
    assert answer.headers["content-type"].partition(";")[0] == kind
    assert ("notifications/progress" in answer.text) is bool(wishes)
    assert '"jobs":[]' in answer.text.replace(" ", "")


@pytest.mark.parametrize("wishes", [{}, PROGRESS])
async def test_a_client_that_leaves_ends_its_call(wishes: Mapping[str, JsonValue]) -> None:
    gate = TellingGate()
    async with serving(gate) as url:
        async with httpx2.AsyncClient(timeout=60) as http:
            asking = asyncio.create_task(asked(http, url, wishes))
            await asyncio.wait_for(gate.runs.wait(), 60)
            asking.cancel()
            await asyncio.wait({asking})
        await asyncio.wait_for(gate.stopped.wait(), 60)
