"""A client that sends one request again and again over some connections: the benchmark runs it as a process of its own.

It reads an `Order` as JSON from its input and prints what it counted as JSON. A client in Python, but for the machine's
yardstick never the limit: it looks at nothing but the head of an answer, and `cpu_share` says how busy it was.
"""

from __future__ import annotations

import asyncio
import json
import os
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from typing import Any, cast
from urllib.parse import urlsplit

import uvloop

WARM_UP_S = 1.0
LEAST_ANSWERS = 2
"""Of each connection, however slow they are."""
LONGEST_S = 120.0
"""An answer that takes longer ends the measurement: something hangs."""


@dataclass(frozen=True)
class Order:
    """`pause_s` is waited between an answer and the next request of a connection; `least_bytes` is a body's length.

    A client that is `first` runs before all others of its core, where the user may ask for that.
    """

    url: str
    method: str = "GET"
    headers: Mapping[str, str] = field(default_factory=dict[str, str])
    least_bytes: int = 0
    connections: int = 16
    seconds: float = 6.0
    pause_s: float = 0.0
    first: bool = False


@dataclass(frozen=True)
class Counted:
    answers: int
    rps: float
    p50_ms: float
    p99_ms: float
    mb_per_s: float
    cpu_share: float


class Running:
    """One such client at work."""

    def __init__(self, order: Order) -> None:
        argv = (sys.executable, "-m", "bench.rest.load")
        self._process = subprocess.Popen(argv, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps(asdict(order)))
        self._process.stdin.close()

    def counted(self) -> Counted:
        """Waits for its end."""
        assert self._process.stdout is not None
        printed = self._process.stdout.read()
        if self._process.wait(LONGEST_S) != 0:
            raise RuntimeError("the client of the benchmark failed; it says why above")
        return Counted(**json.loads(printed))


class _Connection(asyncio.Protocol):
    """Sends, and gives the seconds until the last byte of the answer was there."""

    def __init__(self, order: Order) -> None:
        target = urlsplit(order.url)
        path = f"{target.path}?{target.query}" if target.query else target.path
        body = "content-length: 0\r\n" if order.method == "POST" else ""
        lines = "".join(f"{name}: {value}\r\n" for name, value in order.headers.items())
        self._request = f"{order.method} {path} HTTP/1.1\r\nhost: {target.netloc}\r\n{body}{lines}\r\n".encode()
        self._least_bytes = order.least_bytes
        self._head = b""
        self._missing = 0
        self._answered: asyncio.Future[None] | None = None
        self._transport: asyncio.Transport | None = None
        self.received = 0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)

    async def ask(self) -> float:
        assert self._transport is not None
        self._answered = asyncio.get_running_loop().create_future()
        began = time.perf_counter()
        self._transport.write(self._request)
        await self._answered
        return time.perf_counter() - began

    def data_received(self, data: bytes) -> None:
        self.received += len(data)
        if self._missing:
            self._missing -= len(data)
        else:
            self._head += data
            head, end, body = self._head.partition(b"\r\n\r\n")
            if not end:
                return
            self._head = b""
            self._missing = self._length_of(head) - len(body)
        if self._missing == 0 and self._answered is not None and not self._answered.done():
            self._answered.set_result(None)

    def connection_lost(self, exc: Exception | None) -> None:
        if self._answered is not None and not self._answered.done():
            self._answered.set_exception(RuntimeError(f"the server closed the connection: {exc}"))

    def _length_of(self, head: bytes) -> int:
        status, *lines = head.lower().split(b"\r\n")
        fields = dict(line.split(b": ", 1) for line in lines)
        length = int(fields.get(b"content-length", b"0"))
        if not status.startswith(b"http/1.1 20") or length < self._least_bytes:
            raise RuntimeError(f"{status.decode()} with {length} bytes, at least {self._least_bytes} were expected")
        return length


async def _count(order: Order) -> Counted:
    seconds: list[float] = []
    target = urlsplit(order.url)
    host, port = target.hostname or "", target.port or 80
    loop = asyncio.get_running_loop()
    started = time.monotonic() + WARM_UP_S
    ends = started + order.seconds
    connections: list[_Connection] = []

    async def client() -> None:
        _, connection = await loop.create_connection(lambda: _Connection(order), host, port)
        connections.append(connection)
        counted = 0
        while (now := time.monotonic()) < ends or counted < LEAST_ANSWERS:
            took = await connection.ask()
            if now >= started:
                counted += 1
                seconds.append(took)
            if order.pause_s:
                await asyncio.sleep(order.pause_s)

    async with asyncio.timeout(WARM_UP_S + order.seconds + LONGEST_S):
        await asyncio.gather(*(client() for _ in range(order.connections)))
    return _figures(seconds, sum(one.received for one in connections), time.monotonic() - started)


def _figures(seconds: list[float], received: int, took_s: float) -> Counted:
    percentiles = statistics.quantiles(seconds, n=100, method="inclusive")
    used = resource.getrusage(resource.RUSAGE_SELF)
    return Counted(
        answers=len(seconds),
        rps=round(len(seconds) / took_s, 1),
        p50_ms=round(percentiles[49] * 1000, 2),
        p99_ms=round(percentiles[98] * 1000, 2),
        mb_per_s=round(received / (took_s + WARM_UP_S) / 1e6, 1),
        cpu_share=round((used.ru_utime + used.ru_stime) / (took_s + WARM_UP_S), 2),
    )


def main() -> None:
    order = Order(**json.load(sys.stdin))
    if order.first:
        with suppress(PermissionError):
            os.sched_setscheduler(0, os.SCHED_FIFO, os.sched_param(1))
    counted: Any = asdict(uvloop.run(_count(order)))
    print(json.dumps(counted))


if __name__ == "__main__":
    main()
