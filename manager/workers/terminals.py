"""Joins a browser's terminal to a pty in a worker: bytes down as notifications come, keys and sizes up as calls.

The pty and its backlog live in the worker; whoever attaches says from which byte on, so nothing is lost by a reload.
"""

from __future__ import annotations

import asyncio
import base64
import secrets
from collections.abc import AsyncGenerator
from dataclasses import dataclass

from pydantic import JsonValue

from ink_core.agents import UserAgents, Worker
from ink_core.errors import AgentLost
from manager.workers.listeners import Disconnected
from manager.workers.registry import WorkerRegistry
from worker_agent.protocol import TerminalBacklog, TerminalClosed, TerminalOutput, Wire

DEADLINE_S = 10.0
QUEUE_LIMIT = 1000


@dataclass(frozen=True)
class Output:
    """Terminal bytes, the first being byte `offset` of all that the terminal ever wrote."""

    offset: int
    data: bytes


@dataclass(frozen=True)
class Ended:
    exit_code: int | None


@dataclass(frozen=True)
class Lost:
    """The stream has a gap from here on."""


class TerminalLink:
    """One browser's view of one terminal of one worker."""

    def __init__(self, registry: WorkerRegistry, agents: UserAgents, worker_id: str, terminal_id: str) -> None:
        self._registry = registry
        self._agents = agents
        self._worker_id = worker_id
        self._terminal_id = terminal_id
        self._queue: asyncio.Queue[Output | Ended | Lost] = asyncio.Queue(QUEUE_LIMIT)

    @property
    def key(self) -> tuple[str, str]:
        return self._worker_id, self._terminal_id

    async def output(self, offset: int) -> AsyncGenerator[Output | Ended]:
        """The backlog from `offset`, then live output, until the terminal ends.

        Raises `AgentLost` when the worker's connection ends or the consumer falls far behind: attach again then.
        """
        with self._registry.listening(self._hear, self._worker_id):
            backlog = await self.backlog(offset)
            seen = backlog.offset
            yield Output(seen, data := base64.b64decode(backlog.data))
            seen += len(data)
            if not backlog.alive:
                yield Ended(None)
                return
            while isinstance(piece := await self._next(), Output):
                if fresh := piece.data[max(0, seen - piece.offset) :]:
                    yield Output(max(seen, piece.offset), fresh)
                    seen = piece.offset + len(piece.data)
            yield piece

    async def write(self, data: bytes) -> None:
        await self._call("terminal.write", {"data": base64.b64encode(data).decode()})

    async def resize(self, columns: int, rows: int) -> None:
        await self._call("terminal.resize", {"columns": columns, "rows": rows})

    async def _next(self) -> Output | Ended:
        piece = await self._queue.get()
        if isinstance(piece, Lost):
            raise AgentLost("the terminal's output was interrupted; attach again")
        return piece

    async def backlog(self, offset: int) -> TerminalBacklog:
        """What the worker still holds from `offset` on; everything after it comes as notifications."""
        return TerminalBacklog.model_validate(await self._call("terminal.attach", {"offset": offset}))

    async def _call(self, method: str, arguments: dict[str, JsonValue]) -> JsonValue:
        return await self._agents.call(
            Worker(self._worker_id),
            method,
            {"terminal_id": self._terminal_id, **arguments},
            operation_id=f"term-{secrets.token_hex(8)}",
            deadline_s=DEADLINE_S,
        )

    def _hear(self, worker_id: str, notification: Wire | Disconnected) -> None:
        if worker_id != self._worker_id:
            return
        if isinstance(notification, Disconnected):
            self._put(Lost())
        elif isinstance(notification, TerminalOutput) and notification.terminal_id == self._terminal_id:
            self._put(Output(notification.offset, base64.b64decode(notification.data)))
        elif isinstance(notification, TerminalClosed) and notification.terminal_id == self._terminal_id:
            self._put(Ended(notification.exit_code))

    def _put(self, piece: Output | Ended | Lost) -> None:
        if self._queue.full():
            # Too slow a reader: it is sent away and attaches again from its own offset, where the backlog still is.
            while not self._queue.empty():
                self._queue.get_nowait()
            piece = Lost()
        self._queue.put_nowait(piece)
