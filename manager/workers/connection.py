"""One live connection to a worker agent: JSON-RPC requests out, answers and notifications in."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import Callable, Mapping
from typing import Any, Protocol, cast

import orjson
import structlog
from pydantic import JsonValue, ValidationError

from ink_core.errors import AgentFault, AgentLost, DeadlineExceeded
from worker_agent.protocol import JSONRPC_APPLICATION_ERROR, NOTIFICATIONS, Wire, WorkerFault

log = structlog.get_logger()

GRACE_S = 2.0
"""Time beyond a call's own deadline in which the worker may still say that the deadline passed."""


class Socket(Protocol):
    """The part of a WebSocket that a connection needs. `receive` raises when the peer is gone."""

    async def send(self, frame: str) -> None: ...

    async def receive(self) -> str: ...

    async def close(self, code: int, reason: str) -> None: ...


class Closed(Exception):
    """The socket is gone."""


OnNotification = Callable[[str, Wire], None]


class WorkerConnection:
    def __init__(self, socket: Socket, worker_id: str, epoch: int, on_notification: OnNotification) -> None:
        self.worker_id = worker_id
        self.epoch = epoch
        self._socket = socket
        self._on_notification = on_notification
        self._ids = itertools.count(1)
        self._waiting: dict[int, asyncio.Future[Mapping[str, Any]]] = {}
        self._closed = False

    async def call(
        self, method: str, arguments: Mapping[str, JsonValue], *, operation_id: str, deadline_s: float
    ) -> JsonValue:
        """Raises `AgentLost`, `DeadlineExceeded` or `AgentFault`."""
        if self._closed:
            raise AgentLost(f"worker {self.worker_id} is not connected any more")
        request_id = next(self._ids)
        answer: asyncio.Future[Mapping[str, Any]] = asyncio.get_running_loop().create_future()
        self._waiting[request_id] = answer
        call = {"operation_id": operation_id, "epoch": self.epoch, "deadline_s": deadline_s}
        request = {
            "jsonrpc": "2.0",
            "id": request_id,
            "method": method,
            "params": {"call": call, "arguments": dict(arguments)},
        }
        try:
            await self._send(orjson.dumps(request).decode())
            async with asyncio.timeout(deadline_s + GRACE_S):
                return _result(method, await answer)
        except TimeoutError as error:
            raise DeadlineExceeded(f"the worker did not answer {method} within {deadline_s:.0f} s") from error
        finally:
            self._waiting.pop(request_id, None)

    async def serve(self) -> None:
        """Read frames until the peer is gone; then every waiting call fails with `AgentLost`."""
        try:
            while True:
                self._take(await self._socket.receive())
        except Closed:
            pass
        finally:
            self._fail_waiting()

    async def close(self, code: int, reason: str) -> None:
        self._fail_waiting()
        await self._socket.close(code, reason)

    async def _send(self, frame: str) -> None:
        try:
            await self._socket.send(frame)
        except Closed as error:
            raise AgentLost(f"the connection to worker {self.worker_id} broke") from error

    def _take(self, frame: str) -> None:
        try:
            message = orjson.loads(frame)
            if not isinstance(message, dict):
                raise ValueError("not an object")
            self._route(cast("dict[str, Any]", message))
        except (ValueError, ValidationError):
            # One bad frame says nothing about the others; the worker's own calls keep their deadlines.
            log.warning("bad_frame_from_worker", worker_id=self.worker_id, size=len(frame))

    def _route(self, message: dict[str, Any]) -> None:
        if "method" in message:
            model = NOTIFICATIONS.get(str(message["method"]))
            if model is not None:
                self._on_notification(self.worker_id, model.model_validate(message.get("params", {})))
            return
        answer = self._waiting.get(message.get("id", 0))
        if answer is not None and not answer.done():
            answer.set_result(message)

    def _fail_waiting(self) -> None:
        self._closed = True
        for answer in self._waiting.values():
            if not answer.done():
                answer.set_exception(AgentLost(f"the connection to worker {self.worker_id} broke during the call"))


def _result(method: str, message: Mapping[str, Any]) -> JsonValue:
    error = message.get("error")
    if error is None:
        return message.get("result")
    if error.get("code") == JSONRPC_APPLICATION_ERROR:
        fault = WorkerFault.model_validate(error.get("data"))
        raise AgentFault(fault.message, fault_code=fault.code, fault_retryable=fault.retryable)
    raise AgentFault(
        f"the worker refused {method}: {error.get('message')}", fault_code="bad_call", fault_retryable=False
    )
