"""What is shown of a turn whose sub-agent waits for an approver."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from io import StringIO
from typing import Any

import pytest
from rich.console import Console

from manager.chat.conversations import Conversations
from manager.chat.decisions import Person
from manager.chat.screen import Screen
from manager.chat.turn import Turn
from manager.remote import Access
from tests.unit.chat.test_told import REQUEST

WAITS = {"kind": "subagent.waits", "profile": "operations", "tool": "remove_jobs", "session_id": "s2"}
ENDS = {"kind": "turn.ended", "reason": "answered"}


@asynccontextmanager
async def manager(*requests: dict[str, Any]) -> AsyncGenerator[Conversations]:
    """Streams a turn in which a sub-agent waits, and lists these approvals."""
    events = [WAITS | {"approval_id": "a1", "seq": 2}, ENDS | {"seq": 3}]
    stream = "".join(f"event: {event['kind']}\ndata: {json.dumps(event)}\n\n" for event in events)

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        path = (await reader.readuntil(b"\r\n\r\n")).decode().split(" ")[1]
        body = (stream if "/stream" in path else json.dumps(requests)).encode()
        writer.write(b"HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: %d\r\n\r\n" % len(body) + body)
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    async with server:
        talk = Conversations(Access(f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}", "token"))
        yield talk
        await talk.close()


async def shown(*requests: dict[str, Any]) -> str:
    console = Console(file=StringIO(), width=200)
    async with manager(*requests) as talk, asyncio.timeout(60):
        assert await Turn(talk, "s1", Person("admin", may_decide=True), Screen(console), 1).follow()
    assert isinstance(console.file, StringIO)
    return console.file.getvalue()


@pytest.mark.requirement("AGENT-CHAT-02")
async def test_the_request_of_a_sub_agent_is_shown_whole_and_can_be_decided() -> None:
    told = await shown({**REQUEST, "call_id": "s2.1.0"})
    assert "the sub-agent operations waits for approval of remove_jobs in session s2" in told
    assert "Remove 1 job of bob" in told
    assert "[1] type `/approve 1`" in told


async def test_a_request_that_one_may_not_see_or_that_is_decided_is_only_told_of() -> None:
    told = await shown()
    assert "the sub-agent operations waits for approval" in told
    assert "[1]" not in told
