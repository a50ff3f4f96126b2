"""Worker agents: the list for their user, and the WebSocket on which they dial in."""

from __future__ import annotations

import asyncio
from dataclasses import asdict
from typing import Annotated, Any

import structlog
from fastapi import APIRouter, WebSocket, WebSocketDisconnect
from pydantic import BaseModel, ValidationError

from ink_core.api.security import PUBLIC, requires
from ink_core.identity.principal import Principal, Scope
from manager.api.platform import Parts
from manager.workers.connection import Closed
from worker_agent.protocol import Frame, Hello, Refused

log = structlog.get_logger()

router = APIRouter(tags=["agents"])
User = Annotated[Principal, requires(Scope.AGENT_USE)]
HELLO_DEADLINE_S = 10.0


class Agent(BaseModel):
    worker_id: str
    user: str
    place: str
    state: str
    cluster: str | None
    job_id: str | None
    node: str | None
    workspace: str
    detail: str | None


@router.get("/api/v1/agents")
async def list_agents(principal: User, platform: Parts) -> list[Agent]:
    """One's own worker agents."""
    return [Agent.model_validate(asdict(status)) for status in platform.launcher.list(principal.username)]


class WorkerSocket:
    """A starlette WebSocket as the worker connection wants it."""

    def __init__(self, socket: WebSocket) -> None:
        self._socket = socket

    async def send(self, frame: Frame) -> None:
        try:
            await (self._socket.send_text(frame) if isinstance(frame, str) else self._socket.send_bytes(frame))
        except (WebSocketDisconnect, RuntimeError) as error:
            raise Closed from error

    async def receive(self) -> Frame:
        try:
            message = await self._socket.receive()
        except RuntimeError as error:
            raise Closed from error
        if message["type"] != "websocket.receive":
            raise Closed
        text: str | None = message.get("text")
        return text if text is not None else message["bytes"]

    async def close(self, code: int, reason: str) -> None:
        try:
            await self._socket.close(code, reason)
        except (WebSocketDisconnect, RuntimeError):
            return  # it was closed already


@router.websocket("/agents/connect", dependencies=[PUBLIC])
async def connect(websocket: WebSocket, platform: Parts) -> None:
    """Open to all, since a worker proves itself by its one-time token in the first frame."""
    await websocket.accept()
    socket = WorkerSocket(websocket)
    answer = await _greet(socket, platform)
    if isinstance(answer, Refused):
        await _refuse(socket, answer)
        return
    try:
        await answer.serve()
    finally:
        await platform.registry.dropped(answer)


async def _greet(socket: WorkerSocket, platform: Parts) -> Any:
    try:
        async with asyncio.timeout(HELLO_DEADLINE_S):
            hello = Hello.model_validate_json(await socket.receive())
        return await platform.registry.accept(hello, socket)
    except TimeoutError:
        message = f"no greeting came within {HELLO_DEADLINE_S:.0f} s"
        return Refused(code="no_hello", message=message, retryable=True)
    except (Closed, ValidationError):
        return Refused(code="bad_hello", message="the first frame must be a valid greeting", retryable=False)


async def _refuse(socket: WorkerSocket, refusal: Refused) -> None:
    try:
        await socket.send(refusal.model_dump_json())
    except Closed:
        return
    await socket.close(4403, refusal.code)
