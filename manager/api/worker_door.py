"""The WebSocket on which workers dial in, open to all: a worker proves itself by its token in the first frame.

Pure ASGI, in front of the application: whatever stands around a connection is held as long as that lasts, and there are
thousands that have nothing to say.
"""

from __future__ import annotations

import asyncio

import structlog
from pydantic import ValidationError
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ink_core.errors import InkError
from manager.workers.connection import Closed, WorkerConnection
from manager.workers.registry import WorkerRegistry
from worker_agent.protocol import Frame, Hello, Refused

log = structlog.get_logger()

PATH = "/agents/connect"
HELLO_DEADLINE_S = 10.0
MAX_HELLO = 64 * 1024
"""Of a greeting, which anybody can send: to read millions of small things in one takes seconds and a gigabyte."""
REFUSED = 4403


class WorkerDoor:
    def __init__(self, app: ASGIApp, registry: WorkerRegistry) -> None:
        self._app = app
        self._registry = registry

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "websocket" and scope["path"] == PATH:
            await self._connect(WorkerSocket(receive, send))
        else:
            await self._app(scope, receive, send)

    async def _connect(self, socket: WorkerSocket) -> None:
        try:
            answer = await self._greeted(socket)
            if isinstance(answer, Refused):
                await socket.send(answer.model_dump_json())
                await socket.close(REFUSED, answer.code)
                return
        except Closed:
            return
        try:
            await answer.serve()
        finally:
            await self._dropped(answer)

    async def _greeted(self, socket: WorkerSocket) -> WorkerConnection | Refused:
        await socket.accept()
        try:
            async with asyncio.timeout(HELLO_DEADLINE_S):
                frame = await socket.receive()
            if len(frame) > MAX_HELLO:
                return Refused(code="bad_hello", message=f"a greeting may hold {MAX_HELLO} bytes", retryable=False)
            return await self._registry.accept(Hello.model_validate_json(frame), socket)
        except TimeoutError:
            message = f"no greeting came within {HELLO_DEADLINE_S:.0f} s"
            return Refused(code="no_hello", message=message, retryable=True)
        except ValidationError:
            return Refused(code="bad_hello", message="the first frame must be a valid greeting", retryable=False)
        except InkError as error:
            log.warning("worker_not_greeted", code=error.code, reason=str(error))
            return Refused(code=error.code, message="the manager cannot greet workers now", retryable=True)

    async def _dropped(self, connection: WorkerConnection) -> None:
        try:
            await self._registry.dropped(connection)
        except InkError as error:  # it is gone all the same, and its next greeting tells so
            log.error("end_not_recorded", worker_id=connection.worker_id, code=error.code, reason=str(error))


class WorkerSocket:
    """An ASGI WebSocket as a worker's connection wants it. A server that has lost the peer raises `OSError`."""

    def __init__(self, receive: Receive, send: Send) -> None:
        self._receive = receive
        self._send = send

    async def accept(self) -> None:
        await self._next("websocket.connect")
        await self._pass({"type": "websocket.accept"})

    async def send(self, frame: Frame) -> None:
        await self._pass({"type": "websocket.send", "text" if isinstance(frame, str) else "bytes": frame})

    async def receive(self) -> Frame:
        message = await self._next("websocket.receive")
        text: str | None = message.get("text")
        return text if text is not None else message["bytes"]

    async def close(self, code: int, reason: str) -> None:
        try:
            await self._pass({"type": "websocket.close", "code": code, "reason": reason})
        except Closed:
            return  # it was closed already

    async def _next(self, expected: str) -> Message:
        message = await self._receive()
        if message["type"] != expected:
            raise Closed
        return message

    async def _pass(self, message: Message) -> None:
        try:
            await self._send(message)
        except (OSError, RuntimeError) as error:
            raise Closed from error
