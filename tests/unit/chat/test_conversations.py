"""A stream that breaks is taken up where it was, and one that stays away is given up."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncGenerator
from contextlib import aclosing, asynccontextmanager
from typing import Any

import pytest

from ink_core.errors import Unavailable
from manager.chat.conversations import TRIES, Conversations
from manager.remote import Access, Refused

HEAD = b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n"


class Breaking:
    """A server whose every connection gives the next of these events and is cut off; `asked` are its paths."""

    def __init__(self, *events: dict[str, Any]) -> None:
        self._events = list(events)
        self.asked: list[str] = []

    @asynccontextmanager
    async def serving(self) -> AsyncGenerator[str]:
        server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        async with server:
            yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        request = (await reader.readuntil(b"\r\n\r\n")).decode()
        self.asked.append(request.split(" ")[1])
        if self._events:
            event = self._events.pop(0)
            frame = f"event: {event['kind']}\ndata: {json.dumps(event)}\n\n".encode()
            writer.write(HEAD + b"%x\r\n%s\r\n" % (len(frame), frame))
            await writer.drain()
        writer.close()


async def no_pause(_: float) -> None:
    """At once."""


@pytest.mark.requirement("AGENT-CHAT-03")
async def test_a_stream_that_breaks_goes_on_after_the_event_that_was_seen_last() -> None:
    manager = Breaking({"kind": "user.message", "seq": 4}, {"kind": "turn.ended", "seq": 7})
    async with manager.serving() as address:
        talk = Conversations(Access(address, "token"), no_pause)
        seen: list[int] = []
        async with aclosing(talk.follow("s1", 3)) as events:
            async for event in events:
                seen.append(event["seq"])
                if event["kind"] == "turn.ended":
                    break
        await talk.close()
    assert seen == [4, 7]
    assert [path.rpartition("=")[2] for path in manager.asked] == ["3", "4"]


async def test_a_manager_that_stays_away_is_given_up_after_some_tries_with_longer_and_longer_pauses() -> None:
    pauses: list[float] = []

    async def pause(seconds: float) -> None:
        pauses.append(seconds)

    manager = Breaking()
    async with manager.serving() as address:
        talk = Conversations(Access(address, "token"), pause)
        with pytest.raises(Unavailable):
            await anext(talk.follow("s1", 0))
        await talk.close()
    assert len(manager.asked) == TRIES
    assert pauses == [0.5, 1, 2, 4, 4, 4, 4]


async def test_what_the_manager_refuses_is_told_in_its_words() -> None:
    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        body = b'{"detail": "you have no session s9"}'
        head = b"HTTP/1.1 404 Not Found\r\ncontent-type: application/json\r\ncontent-length: %d\r\n\r\n" % len(body)
        writer.write(head + body)
        await writer.drain()
        writer.close()

    async with await asyncio.start_server(serve, "127.0.0.1", 0) as server:
        talk = Conversations(Access(f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}", "token"), no_pause)
        with pytest.raises(Refused, match="you have no session s9"):
            await anext(talk.follow("s9", 0))
        with pytest.raises(Refused, match="you have no session s9"):
            await talk.get("/sessions/s9")
        await talk.close()
