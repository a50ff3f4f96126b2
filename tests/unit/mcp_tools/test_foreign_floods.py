"""A foreign server that behaves until it is connected and then sends without end, whatever carries its messages."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from typing import Any

import anyio
import pytest
from anyio.streams.memory import MemoryObjectReceiveStream, MemoryObjectSendStream
from mcp import types
from mcp.shared.message import SessionMessage

from mcp_tools.client import flood
from mcp_tools.client.connection import ForeignServer

ANSWERS: Mapping[str, dict[str, Any]] = {
    "initialize": {
        "protocolVersion": "2025-06-18",
        "capabilities": {"tools": {}},
        "serverInfo": {"name": "loud", "version": "1"},
    },
    "tools/list": {"tools": []},
}
NOISE = SessionMessage(
    types.JSONRPCNotification(jsonrpc="2.0", method="notifications/message", params={"level": "info", "data": "!"})
)
Said = MemoryObjectSendStream[SessionMessage | Exception]
Heard = MemoryObjectReceiveStream[SessionMessage]


async def serve(said: Said, heard: Heard) -> None:
    async for message in heard:
        asked = message.message
        if isinstance(asked, types.JSONRPCRequest):
            await said.send(SessionMessage(answer(asked)))
            if asked.method == "tools/list":
                while True:
                    await said.send(NOISE)


def answer(asked: types.JSONRPCRequest) -> types.JSONRPCResponse | types.JSONRPCError:
    if asked.method in ANSWERS:
        return types.JSONRPCResponse(jsonrpc="2.0", id=asked.id, result=ANSWERS[asked.method])
    error = types.ErrorData(code=types.METHOD_NOT_FOUND, message="no such method")
    return types.JSONRPCError(jsonrpc="2.0", id=asked.id, error=error)


@asynccontextmanager
async def loud(_: Callable[[str], None]) -> AsyncGenerator[tuple[Any, Any]]:
    said, hear = anyio.create_memory_object_stream[SessionMessage | Exception](0)
    tell, heard = anyio.create_memory_object_stream[SessionMessage](0)
    async with said, hear, tell, heard, anyio.create_task_group() as tasks:
        tasks.start_soon(serve, said, heard)
        yield hear, tell
        tasks.cancel_scope.cancel()


async def seen(_: Sequence[types.Tool]) -> None:
    """What it lists does not matter."""


@pytest.mark.requirement("MCP-CLIENT-01")
async def test_a_server_that_floods_is_cut_off_and_says_why(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(flood, "MOST_MESSAGES", 50)
    monkeypatch.setattr(flood, "WITHIN_S", 1_000.0)
    server = ForeignServer("loud", loud, seen, timeout_s=60)
    keeping = asyncio.create_task(server.keep())
    try:
        async with asyncio.timeout(120):
            while "messages in" not in (server.problem or ""):
                await asyncio.sleep(0.01)
        assert not server.connected
    finally:
        await server.close()
        await asyncio.wait({keeping})
