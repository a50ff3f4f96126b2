"""The seams of the real manager, wrapped so that its process kills itself at one boundary: SIGKILL, no good-bye.

Boundaries are counted through one life: before an append, after it is durable and before anybody hears of
it, before and after a frame goes to a worker, after one came back and nobody has read it, between the pieces of a
model's stream.
"""

from __future__ import annotations

import json
import os
import signal
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from audit.around import LedgerAround
from audit.ledger import Event, Ledger, Record
from ink_core.clock import Clock
from ink_core.settings import Settings
from manager.agent.choice import ModelChoice
from manager.agent.model import ChatModel, ModelReply, ModelRequest, TextDelta, TrustClass
from manager.ledger import OpenLedger
from manager.workers.connection import Socket, WorkerConnection
from manager.workers.registry import WorkerRegistry
from worker_agent.protocol import Frame, Hello, Refused, unpacked


class Killer:
    """Counts boundaries once `armed`, and kills the process at number `at` (0: never). `trace` tells what it did."""

    def __init__(self, at: int, trace: Path) -> None:
        self._at, self._trace = at, os.open(trace, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        self._count = 0
        self.armed = False

    def boundary(self, name: str) -> None:
        if not self.armed:
            return
        self._count += 1
        self.note({"boundary": name})
        if self._count == self._at:
            self.note({"killed": name})
            os.kill(os.getpid(), signal.SIGKILL)

    def note(self, fact: dict[str, Any]) -> None:
        """One write to a file outlives the process, though not the machine."""
        os.write(self._trace, json.dumps(fact).encode() + b"\n")


class KillingLedger(LedgerAround):
    """Notes every event as acknowledged at the last moment before its writer hears of it."""

    def __init__(self, inner: Ledger, killer: Killer) -> None:
        super().__init__(inner)
        self._killer = killer

    async def append(self, chain: str, *records: Record) -> tuple[Event, ...]:
        kinds = "+".join(record.kind for record in records)
        self._killer.boundary(f"before {kinds}")
        events = await self._inner.append(chain, *records)
        self._killer.boundary(f"durable {kinds}")
        for event in events:
            self._killer.note({"acknowledged": [event.chain, event.seq, event.hash]})
        return events


def killing(open_ledger: OpenLedger, killer: Killer) -> OpenLedger:
    @asynccontextmanager
    async def opened(settings: Settings, clock: Clock) -> AsyncGenerator[Ledger]:
        async with open_ledger(settings, clock) as inner:
            yield KillingLedger(inner, killer)

    return opened


class KillingModel:
    """A model that says what `script` makes of the request, in three pieces."""

    name = "scripted"

    def __init__(self, script: Callable[[ModelRequest], ModelReply], trust: TrustClass, killer: Killer) -> None:
        self.trust = trust
        self._script, self._killer = script, killer

    async def stream(self, request: ModelRequest) -> AsyncGenerator[TextDelta | ModelReply, None]:
        self._killer.boundary("asked the model")
        reply = self._script(request)
        middle = len(reply.text) // 2
        for piece in filter(None, (reply.text[:middle], reply.text[middle:])):
            yield TextDelta(piece)
            self._killer.boundary("a piece of the reply")
        yield reply


class KillingSocket:
    def __init__(self, inner: Socket, killer: Killer) -> None:
        self._inner, self._killer = inner, killer

    async def send(self, frame: Frame) -> None:
        what = _message(frame).get("method", "welcome")
        self._killer.boundary(f"before {what}")
        await self._inner.send(frame)
        self._killer.boundary(f"sent {what}")

    async def receive(self) -> Frame:
        frame = await self._inner.receive()
        if "method" not in _message(frame):
            self._killer.boundary("answered")
        return frame

    async def close(self, code: int, reason: str) -> None:
        await self._inner.close(code, reason)


def _message(frame: Frame) -> dict[str, Any]:
    text, _ = unpacked(frame)
    return json.loads(text)


class KillingRegistry:
    """The registry as the workers' route uses it."""

    def __init__(self, inner: WorkerRegistry, killer: Killer) -> None:
        self._inner, self._killer = inner, killer

    async def accept(self, hello: Hello, socket: Socket) -> WorkerConnection | Refused:
        return await self._inner.accept(hello, KillingSocket(socket, self._killer))

    async def dropped(self, connection: WorkerConnection) -> None:
        await self._inner.dropped(connection)


def as_chosen(model: ChatModel) -> Callable[[object], ModelChoice]:
    """For the composition, which chooses models by its settings."""
    return lambda _: ModelChoice([model])
