"""What passes by the line is answered as it is read; all else is begun in a later turn of the event loop."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
import uvicorn
from starlette.types import Receive, Scope, Send
from uvicorn.server import ServerState

from ink_core.api.request_rate import UNLIMITED
from manager.prompt_http import PromptHttp


class Network(asyncio.Transport):
    """Keeps what was written."""

    def __init__(self) -> None:
        super().__init__({"sockname": ("127.0.0.1", 80), "peername": ("127.0.0.1", 1)})
        self.written = b""

    def write(self, data: bytes | bytearray | memoryview[Any]) -> None:
        self.written += data

    def is_closing(self) -> bool:
        return False

    def pause_reading(self) -> None:
        pass

    def resume_reading(self) -> None:
        pass


class App:
    """Says its path, at once or once it is let go; `cancelled` names those that were given up."""

    def __init__(self, *, waits: bool) -> None:
        self.go = asyncio.Event()
        self.cancelled: list[str] = []
        if not waits:
            self.go.set()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            for _ in range(2):
                await self.go.wait()
        except asyncio.CancelledError:
            self.cancelled.append(scope["path"])
            raise
        body = scope["path"].encode()
        await send(
            {
                "type": "http.response.start",
                "status": 200,
                "headers": [(b"content-length", str(len(body)).encode())],
            }
        )
        await send({"type": "http.response.body", "body": body})


def connection(app: App) -> tuple[PromptHttp, Network]:
    config = uvicorn.Config(app, http=PromptHttp, log_level="critical")
    config.load()
    protocol, network = PromptHttp(config, ServerState(), {}), Network()
    protocol.connection_made(network)
    return protocol, network


def request(path: str) -> bytes:
    return f"GET {path} HTTP/1.1\r\nhost: ink\r\n\r\n".encode()


@pytest.mark.parametrize("path", sorted(UNLIMITED))
async def test_a_short_answer_is_written_as_its_request_is_read(path: str) -> None:
    protocol, network = connection(App(waits=False))
    for number in range(1, 3):
        protocol.data_received(request(path))
        assert network.written.count(path.encode()) == number and not protocol.tasks


async def test_all_else_is_begun_in_a_later_turn() -> None:
    protocol, network = connection(App(waits=False))
    protocol.data_received(request("/api/v1/jobs"))
    assert not network.written and len(protocol.tasks) == 1
    await asyncio.gather(*protocol.tasks)
    assert network.written.endswith(b"/api/v1/jobs")


async def test_one_that_waits_for_something_is_a_task_and_answered_when_it_has_it() -> None:
    app = App(waits=True)
    protocol, network = connection(app)
    protocol.data_received(request("/ready"))
    await asyncio.sleep(0)
    assert not network.written
    app.go.set()
    await asyncio.gather(*protocol.tasks)
    assert network.written.endswith(b"/ready")


async def test_one_that_waits_is_told_that_it_is_given_up() -> None:
    app = App(waits=True)
    protocol, _ = connection(app)
    protocol.data_received(request("/ready"))
    await asyncio.sleep(0)
    (task,) = protocol.tasks
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    assert app.cancelled == ["/ready"]


async def test_of_many_that_one_client_sends_together_one_is_answered_at_a_turn() -> None:
    protocol, network = connection(App(waits=False))
    protocol.data_received(request("/health") * 20)
    before = network.written.count(b"200 OK")
    assert before == 1
    while protocol.tasks:
        await asyncio.sleep(0)
        assert network.written.count(b"200 OK") - before <= 1
        before = network.written.count(b"200 OK")
    assert before == 20
