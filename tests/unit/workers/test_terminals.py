"""A browser's terminal: backlog and live bytes join without gap or double, and a break is told, not hidden."""

from __future__ import annotations

import asyncio
import base64
from collections.abc import Mapping
from contextlib import aclosing

import pytest
from pydantic import JsonValue

from audit.memory import MemoryLedger
from ink_core.agents import InProcessAgents, Worker
from ink_core.clock import ManualClock
from ink_core.errors import AgentLost
from manager.workers.listeners import Disconnected
from manager.workers.registry import WorkerRegistry
from manager.workers.terminals import Ended, Output, TerminalLink
from worker_agent.protocol import TerminalClosed, TerminalOutput, Wire

WORKER = "w-0123456789abcdef"


class Pty:
    """A terminal that wrote `written` before anybody attached."""

    def __init__(self, written: bytes) -> None:
        self.written = written
        self.attached = asyncio.Event()

    async def answer(self, method: str, arguments: Mapping[str, JsonValue]) -> JsonValue:
        assert method == "terminal.attach"
        offset = arguments["offset"]
        assert isinstance(offset, int)
        self.attached.set()
        data = base64.b64encode(self.written[offset:]).decode()
        return {"terminal_id": "t1", "offset": offset, "data": data, "alive": True}


def written(offset: int, data: bytes) -> TerminalOutput:
    return TerminalOutput(terminal_id="t1", offset=offset, data=base64.b64encode(data).decode())


async def seen(notifications: list[Wire | Disconnected], offset: int = 0) -> bytes:
    """Everything a browser gets that attaches at `offset` and then hears these notifications."""
    registry, pty = WorkerRegistry(MemoryLedger(), ManualClock()), Pty(b"hello ")
    link = TerminalLink(registry, InProcessAgents({Worker(WORKER): pty.answer}), WORKER, "t1")
    got = b""

    async def speak() -> None:
        await pty.attached.wait()
        for notification in notifications:
            registry.hear(WORKER, notification)

    speaking = asyncio.create_task(speak())
    async with asyncio.timeout(100), aclosing(link.output(offset)) as pieces:
        async for piece in pieces:
            if isinstance(piece, Output):
                assert piece.offset == offset + len(got)
                got += piece.data
            else:
                assert isinstance(piece, Ended)
    await speaking
    return got


async def test_backlog_and_live_output_overlap_without_a_double() -> None:
    live: list[Wire | Disconnected] = [
        written(3, b"lo wor"),
        written(9, b"ld"),
        TerminalClosed(terminal_id="t1", exit_code=0),
    ]
    assert await seen(live) == b"hello world"
    assert await seen(live, offset=4) == b"o world"


@pytest.mark.requirement("WORKER-TERM-02")
async def test_a_broken_connection_is_told_so_that_the_browser_attaches_again() -> None:
    with pytest.raises(AgentLost):
        await seen([Disconnected()])


async def test_a_reader_that_is_far_too_slow_is_sent_away() -> None:
    with pytest.raises(AgentLost):
        await seen([written(6 + number, b"x") for number in range(1200)])


async def test_output_of_another_terminal_or_worker_is_not_shown() -> None:
    other = TerminalOutput(terminal_id="t2", offset=6, data=base64.b64encode(b"secret").decode())
    assert await seen([other, TerminalClosed(terminal_id="t1", exit_code=0)]) == b"hello "
