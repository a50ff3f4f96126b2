"""What a session shows before it is durable: the reply being written and the output of running tools.

Kept only while a turn runs. A listener that comes late gets the text so far first; one that is too slow is dropped and
finds its stream ended: it comes back for what is durable, from the number it last saw.
"""

from __future__ import annotations

import asyncio
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass, field

from audit.ledger import Event

QUEUE_LIMIT = 2_000


@dataclass(frozen=True)
class Delta:
    """A piece of the reply of `turn`; `offset` in characters from the reply's start."""

    turn: int
    text: str
    offset: int


@dataclass(frozen=True)
class ToolOutput:
    call_id: str
    stream: str
    text: str


Live = Delta | ToolOutput
Piece = Event | Live


@dataclass
class _Channel:
    turn: int = 0
    text: str = ""
    listeners: set[asyncio.Queue[Piece | None]] = field(default_factory=set[asyncio.Queue[Piece | None]])


class LiveChannels:
    """One channel per session that has a listener or a running turn."""

    def __init__(self) -> None:
        self._channels: dict[str, _Channel] = {}

    def begin_reply(self, session_id: str, turn: int) -> None:
        channel = self._channels.setdefault(session_id, _Channel())
        channel.turn, channel.text = turn, ""

    def append(self, session_id: str, text: str) -> None:
        channel = self._channels.setdefault(session_id, _Channel())
        delta = Delta(channel.turn, text, len(channel.text))
        channel.text += text
        self._send(channel, delta)

    def output(self, session_id: str, call_id: str, stream: str, text: str) -> None:
        if channel := self._channels.get(session_id):
            self._send(channel, ToolOutput(call_id, stream, text))

    def end_reply(self, session_id: str) -> None:
        if channel := self._channels.get(session_id):
            channel.text = ""
            self._forget_if_idle(session_id, channel)

    @contextmanager
    def listening(self, session_id: str) -> Generator[asyncio.Queue[Piece | None]]:
        channel = self._channels.setdefault(session_id, _Channel())
        queue: asyncio.Queue[Piece | None] = asyncio.Queue(QUEUE_LIMIT)
        if channel.text:
            queue.put_nowait(Delta(channel.turn, channel.text, 0))
        channel.listeners.add(queue)
        try:
            yield queue
        finally:
            channel.listeners.discard(queue)
            self._forget_if_idle(session_id, channel)

    def end(self, session_id: str) -> None:
        """Send the readers of one session away."""
        if channel := self._channels.get(session_id):
            for queue in tuple(channel.listeners):
                end_stream(queue)

    def end_all(self) -> None:
        """Send every reader away: the server stops, and readers come back to the next one."""
        for channel in tuple(self._channels.values()):
            for queue in tuple(channel.listeners):
                end_stream(queue)

    def _send(self, channel: _Channel, piece: Live) -> None:
        for queue in tuple(channel.listeners):
            if queue.full():
                channel.listeners.discard(queue)
                end_stream(queue)
            else:
                queue.put_nowait(piece)

    def _forget_if_idle(self, session_id: str, channel: _Channel) -> None:
        if not channel.listeners and not channel.text:
            self._channels.pop(session_id, None)


def end_stream(queue: asyncio.Queue[Piece | None]) -> None:
    """Send a reader away: it comes back for what it missed, which is in the ledger."""
    while not queue.empty():
        queue.get_nowait()
    queue.put_nowait(None)
