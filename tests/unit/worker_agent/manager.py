"""The manager's end of the wire, as small as tests need it: it welcomes or refuses, calls, and keeps notifications."""

from __future__ import annotations

import asyncio
import base64
import itertools
import json
import secrets
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from websockets.asyncio.server import Server, ServerConnection, serve
from websockets.exceptions import ConnectionClosed

from worker_agent.protocol import METHODS, PackError, Refused, Welcome, WorkerFault

PATIENCE_S = 60.0
LAUNCH_TOKEN = "launch-token-that-must-stay-secret"


class WorkerLink:
    """One welcomed connection of a worker."""

    def __init__(self, socket: ServerConnection, hello: dict[str, Any], epoch: int) -> None:
        self.socket = socket
        self.hello = hello
        self.epoch = epoch
        self.notifications: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
        self.closed = asyncio.Event()
        self._answers: dict[Any, asyncio.Future[dict[str, Any]]] = {}
        self._ids = itertools.count(1)

    async def call(self, method: str, **arguments: Any) -> Any:
        """The result as the protocol's model; PackError with the worker's fault."""
        return (METHODS[method][1]).model_validate(await self.call_as(method, None, **arguments))

    async def call_as(
        self, method: str, operation: str | None, *, epoch: int | None = None, deadline_s: float = 60, **arguments: Any
    ) -> Any:
        call = {
            "operation_id": operation or f"op-{secrets.token_hex(8)}",
            "epoch": self.epoch if epoch is None else epoch,
            "deadline_s": deadline_s,
        }
        return result_of(await self.request(method, {"call": call, "arguments": arguments}))

    async def request(self, method: str, params: Any) -> dict[str, Any]:
        number = next(self._ids)
        return await self.raw(
            json.dumps({"jsonrpc": "2.0", "id": number, "method": method, "params": params}), answer_to=number
        )

    async def raw(self, frame: str, *, answer_to: Any) -> dict[str, Any]:
        self._answers[answer_to] = answer = asyncio.get_running_loop().create_future()
        await self.socket.send(frame)
        async with asyncio.timeout(PATIENCE_S):
            return await answer

    async def notification(self, method: str) -> dict[str, Any]:
        """The next notification of this name; others are dropped."""
        async with asyncio.timeout(PATIENCE_S):
            while (message := await self.notifications.get())["method"] != method:
                pass
            return message["params"]

    async def terminal_output(self, until: str) -> str:
        """What the terminal prints from now on, up to and with `until`."""
        text = ""
        end = time.monotonic() + 3 * PATIENCE_S
        while until not in text:
            text += base64.b64decode((await self.notification("terminal.output"))["data"]).decode()
            assert time.monotonic() < end, f"no {until!r} in {text[-2000:]!r}"
        return text

    async def serve(self) -> None:
        try:
            async for frame in self.socket:
                message = json.loads(frame)
                if "method" in message:
                    self.notifications.put_nowait(message)
                elif (answer := self._answers.get(message["id"])) and not answer.done():
                    answer.set_result(message)
        except ConnectionClosed:
            pass
        finally:
            self.closed.set()


class SmallManager:
    """Accepts the launch token once and then the resume secret that it gave last."""

    def __init__(self) -> None:
        self.refusal: Refused | None = None
        self.greeting: str | None = None
        self.hellos: list[dict[str, Any]] = []
        self.heartbeat_s = 20.0
        self._expected = LAUNCH_TOKEN
        self._epochs = itertools.count(1)
        self._links: asyncio.Queue[WorkerLink] = asyncio.Queue()
        self._server: Server | None = None
        self._port = 0

    @property
    def url(self) -> str:
        return f"ws://127.0.0.1:{self._port}/agents/connect"

    async def start(self) -> None:
        """Listen; on the same port again after a `stop`."""
        self._server = await serve(self._handle, "127.0.0.1", self._port, compression=None)
        self._port = next(iter(self._server.sockets)).getsockname()[1]

    async def stop(self) -> None:
        if self._server is not None:
            self._server.close()
            await self._server.wait_closed()
            self._server = None

    async def worker(self) -> WorkerLink:
        """The next worker that was welcomed."""
        async with asyncio.timeout(PATIENCE_S):
            return await self._links.get()

    async def _handle(self, socket: ServerConnection) -> None:
        hello = json.loads(await socket.recv())
        self.hellos.append(hello)
        if self.greeting is not None:
            await socket.send(self.greeting)
        elif refusal := self._refusal(hello):
            await socket.send(refusal.model_dump_json())
        else:
            await self._welcome(socket, hello)

    def _refusal(self, hello: dict[str, Any]) -> Refused | None:
        if self.refusal is None and hello["secret"] != self._expected:
            return Refused(code="token_used", message="launch a new worker", retryable=False)
        return self.refusal

    async def _welcome(self, socket: ServerConnection, hello: dict[str, Any]) -> None:
        self._expected = secrets.token_hex(8)
        welcome = Welcome(epoch=next(self._epochs), resume_secret=self._expected, heartbeat_s=self.heartbeat_s)
        await socket.send(welcome.model_dump_json())
        link = WorkerLink(socket, hello, welcome.epoch)
        self._links.put_nowait(link)
        await link.serve()


def is_alive(pid: int) -> bool:
    return Path(f"/proc/{pid}").exists()


async def until(condition: Callable[[], object]) -> None:
    """Wait, for a bounded time, for what no event announces."""
    async with asyncio.timeout(PATIENCE_S):
        while not condition():
            await asyncio.sleep(0.01)


def result_of(answer: dict[str, Any]) -> Any:
    if "error" in answer:
        raise PackError(WorkerFault.model_validate(answer["error"]["data"]))
    return answer["result"]
