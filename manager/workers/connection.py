"""One live connection to a worker agent: JSON-RPC requests out, answers and notifications in."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import Callable, Mapping
from typing import Any, Protocol, cast

import orjson
import structlog
from pydantic import JsonValue, ValidationError

from ink_core.agents import Answer
from ink_core.errors import AgentFault, AgentLost, BadInput, DeadlineExceeded
from worker_agent.protocol import (
    JSONRPC_APPLICATION_ERROR,
    MAX_FRAME_BYTES,
    NOTIFICATIONS,
    Frame,
    Wire,
    WorkerFault,
    packed,
    unpacked,
)

log = structlog.get_logger()

MAX_SAID = 500
FRAME_HEAD_BYTES = 4
GRACE_S = 2.0
"""Time beyond a call's own deadline in which the worker may still say that the deadline passed."""


class Socket(Protocol):
    """The part of a WebSocket that a connection needs. `receive` raises when the peer is gone."""

    async def send(self, frame: Frame) -> None: ...

    async def receive(self) -> Frame: ...

    async def close(self, code: int, reason: str) -> None: ...


class Closed(Exception):
    """The socket is gone."""


OnNotification = Callable[[str, Wire], None]
_Message = tuple[Mapping[str, Any], bytes]


class WorkerConnection:
    def __init__(self, socket: Socket, worker_id: str, epoch: int, on_notification: OnNotification) -> None:
        self.worker_id = worker_id
        self.epoch = epoch
        self.heard = False
        self._socket = socket
        self._on_notification = on_notification
        self._ids = itertools.count(1)
        self._waiting: dict[int, asyncio.Future[_Message]] = {}
        self._closed = False

    async def call(
        self, method: str, arguments: Mapping[str, JsonValue], *, operation_id: str, deadline_s: float
    ) -> JsonValue:
        """An `exchange` without bytes, of a call that needs no approval."""
        answer = await self.exchange(method, arguments, operation_id=operation_id, deadline_s=deadline_s)
        return answer.result

    async def exchange(
        self,
        method: str,
        arguments: Mapping[str, JsonValue],
        *,
        payload: bytes = b"",
        operation_id: str,
        deadline_s: float,
        approval: Mapping[str, JsonValue] | None = None,
    ) -> Answer:
        """Raises `AgentLost`, `DeadlineExceeded`, `AgentFault`, or `BadInput` for what no frame can carry.

        `approval` is what `Permits.seal` says of an approved call.
        """
        if self._closed:
            raise AgentLost(f"worker {self.worker_id} is not connected any more")
        request_id = next(self._ids)
        answer: asyncio.Future[_Message] = asyncio.get_running_loop().create_future()
        self._waiting[request_id] = answer
        call = {"operation_id": operation_id, "epoch": self.epoch, "deadline_s": deadline_s, **(approval or {})}
        request = {
            "jsonrpc": "2.0",
            "id": request_id,
            "method": method,
            "params": {"call": call, "arguments": dict(arguments)},
        }
        try:
            frame = _encoded(method, request, payload)
            async with asyncio.timeout(deadline_s + GRACE_S):  # sending waits as well, for a worker that does not read
                await self._send(frame)
                message, attached = await answer
                return Answer(_result(method, message), attached)
        except TimeoutError as error:
            raise DeadlineExceeded(f"the worker did not answer {method} within {deadline_s:.0f} s") from error
        finally:
            self._waiting.pop(request_id, None)

    async def serve(self) -> None:
        """Read frames until the peer is gone; then every waiting call fails with `AgentLost`."""
        try:
            while True:
                frame = await self._socket.receive()
                self.heard = True  # so it has received its welcome
                self._take(frame)
        except Closed:
            pass
        finally:
            self._fail_waiting()

    async def close(self, code: int, reason: str) -> None:
        self._fail_waiting()
        await self._socket.close(code, reason)

    async def _send(self, frame: Frame) -> None:
        try:
            await self._socket.send(frame)
        except Closed as error:
            raise AgentLost(f"the connection to worker {self.worker_id} broke") from error

    def _take(self, frame: Frame) -> None:
        try:
            text, payload = unpacked(frame)
            message = orjson.loads(text)
            if not isinstance(message, dict):
                raise ValueError("not an object")
            self._route(cast("dict[str, Any]", message), payload)
        except (ValueError, ValidationError):
            # One bad frame says nothing about the others; the worker's own calls keep their deadlines.
            log.warning("bad_frame_from_worker", worker_id=self.worker_id, size=len(frame))

    def _route(self, message: dict[str, Any], payload: bytes) -> None:
        if "method" in message:
            model = NOTIFICATIONS.get(str(message["method"]))
            if model is not None:
                self._on_notification(self.worker_id, model.model_validate(message.get("params", {})))
            return
        request_id = message.get("id")
        answer = self._waiting.get(request_id) if isinstance(request_id, int) else None
        if answer is not None and not answer.done():
            answer.set_result((message, payload))

    def _fail_waiting(self) -> None:
        self._closed = True
        for answer in self._waiting.values():
            if not answer.done():
                answer.set_exception(AgentLost(f"the connection to worker {self.worker_id} broke during the call"))


def _encoded(method: str, request: Mapping[str, Any], payload: bytes) -> Frame:
    """The frame. One that is too large would end the worker's connection, and with it the calls of others."""
    try:
        text = orjson.dumps(request)
    except orjson.JSONEncodeError as error:
        raise BadInput(f"the arguments of {method} cannot be sent to a worker: {error}") from error
    if len(text) + len(payload) + FRAME_HEAD_BYTES > MAX_FRAME_BYTES:
        raise BadInput(f"the arguments of {method} are larger than {MAX_FRAME_BYTES} bytes; send less at once")
    return packed(text.decode(), payload)


def _result(method: str, message: Mapping[str, Any]) -> JsonValue:
    error = message.get("error")
    if error is None:
        return message.get("result")
    try:
        fault = WorkerFault.model_validate(error["data"]) if error["code"] == JSONRPC_APPLICATION_ERROR else None
        said = str(error["message"])[:MAX_SAID]
    except (TypeError, KeyError, ValidationError):
        raise AgentFault(
            f"the worker's answer to {method} makes no sense", code="answer_unreadable", retryable=False
        ) from None
    if fault is not None:
        raise AgentFault(fault.message, code=fault.code, retryable=fault.retryable)
    raise AgentFault(f"the worker refused {method}: {said}", code="bad_call", retryable=False)
