"""MCP over a pair of pipes, for clients that start a program: every message goes to the manager's `/mcp` and back.

There is no second door: the manager sees the user's token and does all the rest. Requests of revision 2026-07-28 get
the headers that HTTP wants of them from what they say themselves, those of older ones the version that was agreed on.
"""

from __future__ import annotations

from typing import Any

import anyio
import httpx2
from mcp import types
from mcp.client.streamable_http import streamable_http_client
from mcp.server.stdio import stdio_server
from mcp.shared.inbound import encode_header_value
from mcp.shared.message import ClientMessageMetadata, SessionMessage

NAMES = {
    "tools/call": "name",
    "prompts/get": "name",
    "resources/read": "uri",
    "tasks/get": "taskId",
    "tasks/update": "taskId",
    "tasks/cancel": "taskId",
}
"""Which parameter the header `Mcp-Name` repeats."""
TIMEOUT = httpx2.Timeout(30, read=3600)
"""Seconds; a stream of a session may be silent for long."""


class Headers:
    """What the messages of one client are sent with."""

    def __init__(self) -> None:
        self._agreed: str | None = None
        self._initialize: types.RequestId | None = None

    def of(self, message: types.JSONRPCMessage) -> dict[str, str]:
        if not isinstance(message, types.JSONRPCRequest):
            return {"mcp-protocol-version": self._agreed} if self._agreed else {}
        if message.method == "initialize":
            self._initialize = message.id
            return {}
        params = message.params or {}
        version = params.get("_meta", {}).get(types.PROTOCOL_VERSION_META_KEY)
        if isinstance(version, str):
            return self._modern(version, message.method, params)
        return {"mcp-protocol-version": self._agreed} if self._agreed else {}

    def note(self, message: types.JSONRPCMessage) -> None:
        """What the manager answers; the answer to `initialize` says the version."""
        if isinstance(message, types.JSONRPCResponse) and message.id == self._initialize:
            self._agreed = str(message.result.get("protocolVersion"))

    def _modern(self, version: str, method: str, params: dict[str, Any]) -> dict[str, str]:
        self._agreed = version
        headers = {"mcp-protocol-version": version, "mcp-method": method}
        if method in NAMES:
            headers["mcp-name"] = encode_header_value(str(params.get(NAMES[method], "")))
        return headers


async def relay(url: str, token: str) -> None:
    """Between this process's stdin and stdout and the manager, until stdin ends."""
    headers = Headers()
    async with (
        stdio_server() as (from_client, to_client),
        httpx2.AsyncClient(headers={"authorization": f"Bearer {token}"}, timeout=TIMEOUT) as http,
        streamable_http_client(url, http_client=http) as (from_manager, to_manager),
        anyio.create_task_group() as group,
    ):

        async def back() -> None:
            async for message in from_manager:
                if isinstance(message, SessionMessage):
                    headers.note(message.message)
                    await to_client.send(message)

        group.start_soon(back)
        async for message in from_client:
            if isinstance(message, SessionMessage):
                sent = ClientMessageMetadata(headers=headers.of(message.message))
                await to_manager.send(SessionMessage(message.message, sent))
        await to_client.aclose()
        await to_manager.aclose()
        group.cancel_scope.cancel()
