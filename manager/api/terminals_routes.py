"""A browser's WebSocket to one terminal of one of its user's workers."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable
from typing import Annotated

import structlog
from fastapi import APIRouter, Query, WebSocket, WebSocketDisconnect
from pydantic import BaseModel, Field, ValidationError

from ink_core.api.security import until_signed_out
from ink_core.errors import InkError
from manager.api.platform import Parts
from manager.api.streams import OneStream, User
from manager.workers.terminal_recorder import TerminalRecorder
from manager.workers.terminals import Output, TerminalLink

log = structlog.get_logger()

router = APIRouter(tags=["terminals"])
MAX_OFFSET = 2**53


class Size(BaseModel):
    columns: int = Field(ge=2, le=1000)
    rows: int = Field(ge=2, le=1000)


@router.websocket("/api/v1/terminals/{worker_id}/{terminal_id}", dependencies=[OneStream])
async def terminal(
    websocket: WebSocket,
    worker_id: str,
    terminal_id: str,
    principal: User,
    platform: Parts,
    offset: Annotated[int, Query(ge=0, le=MAX_OFFSET)] = 0,
) -> None:
    """Binary frames are bytes both ways; see docs/reference/http-api.md for the text frames."""
    await websocket.accept()
    try:
        platform.launcher.owned(principal.username, worker_id)
        link = TerminalLink(platform.registry, platform.core.agents, worker_id, terminal_id)
        await platform.recorder.attend(principal.username, link)
        up = _up(websocket, link, platform.recorder)
        await _until_first_ends(_down(websocket, link, offset), up, until_signed_out(websocket))
    except InkError as error:
        await _close(websocket, 4404, str(error))
        return
    await _close(websocket, 1000, "")


async def _down(websocket: WebSocket, link: TerminalLink, offset: int) -> None:
    expected: int | None = None
    async for piece in link.output(offset):
        if not isinstance(piece, Output):
            await websocket.send_json({"closed": True, "exit_code": piece.exit_code})
            return
        if piece.offset != expected:
            await websocket.send_json({"offset": piece.offset})
        await websocket.send_bytes(piece.data)
        expected = piece.offset + len(piece.data)


async def _up(websocket: WebSocket, link: TerminalLink, recorder: TerminalRecorder) -> None:
    while True:
        message = await websocket.receive()
        if message["type"] == "websocket.disconnect":
            return
        if (data := message.get("bytes")) is not None:
            await link.write(data)
        elif (text := message.get("text")) is not None:
            try:
                size = Size.model_validate_json(text)
            except ValidationError:
                continue  # a frame that is no size has no meaning here
            await link.resize(size.columns, size.rows)
            recorder.resized(link.key, size.columns, size.rows)


async def _until_first_ends(*works: Awaitable[None]) -> None:
    """Run them side by side; when one ends, end the others. The first error is raised."""
    tasks = [asyncio.ensure_future(work) for work in works]
    try:
        done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        for task in done:
            try:
                task.result()
            except (WebSocketDisconnect, RuntimeError):
                return  # the browser went away
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def _close(websocket: WebSocket, code: int, reason: str) -> None:
    try:
        await websocket.close(code, reason[:120])
    except (WebSocketDisconnect, RuntimeError):
        return  # it was closed already
