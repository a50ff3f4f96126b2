"""The nodes, a process of its own: `python -m bench.lensscale.nodes URL TOKEN` with the site as JSON on its input.

A connection and a task for each node. A batch goes when it is due and as many wait as the manager wants together, and
again while it is not taken, as a collector's does; what it prints as JSON is how long after it was due each was
durable."""

from __future__ import annotations

import asyncio
import json
import resource
import statistics
import sys
import time
from collections import Counter
from dataclasses import dataclass, field
from urllib.parse import urlsplit

import uvloop

from bench.lensscale.site import Site
from joblens.store.wire import MEDIA_TYPE, TOGETHER_HEADER, encode, join

PATIENCE_S = 300.0
AGAIN_S = 1.0


@dataclass
class Told:
    lags_ms: list[float] = field(default_factory=list[float])
    answers: Counter[int] = field(default_factory=Counter[int])
    together: Counter[int] = field(default_factory=Counter[int])


async def run(url: str, token: str, site: Site) -> Told:
    told = Told()
    async with asyncio.timeout(site.steps * site.interval_s + PATIENCE_S):
        await asyncio.gather(*(_node(_Connection(url), token, site, number, told) for number in range(site.nodes)))
    return told


class _Connection:
    """Opened again where it was closed while it was idle, as a collector's is."""

    def __init__(self, url: str) -> None:
        self._target = urlsplit(url)
        self._streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def post(self, token: str, body: bytes) -> tuple[int, int]:
        """The status of the answer, and how many batches are wanted together."""
        head = f"POST /api/v1/joblens/batches HTTP/1.1\r\nHost: {self._target.netloc}\r\n"
        fields = f"Authorization: Bearer {token}\r\nContent-Type: {MEDIA_TYPE}\r\nContent-Length: {len(body)}\r\n\r\n"
        request = (head + fields).encode() + body
        try:
            return await self._asked(request)
        except (OSError, asyncio.IncompleteReadError):
            self.close()
            return await self._asked(request)

    def close(self) -> None:
        if self._streams:
            self._streams[1].close()
            self._streams = None

    async def _asked(self, request: bytes) -> tuple[int, int]:
        if self._streams is None:
            self._streams = await asyncio.open_connection(self._target.hostname, self._target.port)
        reader, writer = self._streams
        writer.write(request)
        head = (await reader.readuntil(b"\r\n\r\n")).lower().split(b"\r\n")
        await reader.readexactly(_number(head, b"content-length"))
        return int(head[0].split(b" ", 2)[1]), _number(head, _TOGETHER)


_TOGETHER = TOGETHER_HEADER.lower().encode()


def _number(head: list[bytes], name: bytes) -> int:
    return int(next((line[len(name) + 1 :] for line in head if line.startswith(name + b":")), b"1"))


async def _node(connection: _Connection, token: str, site: Site, number: int, told: Told) -> None:
    waiting: list[tuple[float, bytes]] = []
    together = 1
    for batch in site.batches(number):
        waiting.append((batch.time, encode(batch)))
        await asyncio.sleep(max(0.0, batch.time - time.time()))
        if len(waiting) >= together or batch.sequence == site.steps:
            together = await _taken(connection, token, join(data for _, data in waiting), told)
            told.together[len(waiting)] += 1
            told.lags_ms += [(time.time() - due) * 1000 for due, _ in waiting]
            waiting.clear()
    connection.close()


async def _taken(connection: _Connection, token: str, body: bytes, told: Told) -> int:
    """How many are to be sent together from then on."""
    while True:
        status, together = await connection.post(token, body)
        told.answers[status] += 1
        if status == 200:
            return together
        await asyncio.sleep(AGAIN_S)


def main() -> None:
    site = Site(**json.load(sys.stdin))
    began = time.monotonic()
    told = uvloop.run(run(sys.argv[1], sys.argv[2], site))
    used = resource.getrusage(resource.RUSAGE_SELF)
    percentiles = statistics.quantiles(told.lags_ms, n=100, method="inclusive")
    figures = {
        "batches": len(told.lags_ms),
        "answers": {str(status): count for status, count in sorted(told.answers.items())},
        "together": {str(number): count for number, count in sorted(told.together.items())},
        "lag_p50_ms": percentiles[49],
        "lag_p99_ms": percentiles[98],
        "lag_max_ms": max(told.lags_ms),
        "client_cpu_pct_core": 100 * (used.ru_utime + used.ru_stime) / (time.monotonic() - began),
    }
    print(json.dumps(figures))


if __name__ == "__main__":
    main()
