"""Gated calls beside bare ones: what the benchmarks of the whole way and of the gate measure.

Gated: REST → gate → ledger (two fsyncs) → worker agent over WebSocket → ledger → REST, listing a directory of ten.
Gated over MCP: the same way from `/mcp`, to the access-point agent. Bare: the MCP SDK's `call_tool` over streamable
HTTP on a tool of its own server that lists that directory itself and answers the same value (`bare_mcp.py`), with the
options of the transport that ours has and, as `bare_json`, with those that cost least. Each keeps its connection, and
both of ours bring the same token. They are called in turn, so that a noisy machine disturbs all.
"""

from __future__ import annotations

import asyncio
import statistics
import subprocess
import sys
import time
from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import httpx2
from mcp import Client as McpClient
from mcp.client.streamable_http import streamable_http_client

from bench.running_manager import Client, free_port, start_embedded

ROUNDS = 300
WARM_UP = 30
TOOL, FOLDER = "list_files", "bench"


@dataclass(frozen=True)
class CallTimes:
    """Seconds of each call, one of each kind per round."""

    gated: Sequence[float]
    gated_mcp: Sequence[float]
    bare: Sequence[float]
    bare_json: Sequence[float]


async def measure_calls(data: Path) -> CallTimes:
    """Starts the product and the bare server, and stops both."""
    manager = start_embedded(data)
    try:
        person = manager.sign_in("admin")
        worker = person.agent_ready(person.call("launch_agent", {})["worker_id"])
        folder = Path(worker["workspace"]) / FOLDER
        folder.mkdir(exist_ok=True)
        for number in range(10):
            (folder / f"entry-{number}").touch()
        token = person.post("/tokens", {"name": "bench", "scopes": ["files:read"], "lifetime_s": 3600})["token"]
        headers = {"Authorization": f"Bearer {token}"}
        async with (
            _bare(worker["workspace"]) as peer,
            _bare(worker["workspace"], "json") as peer_json,
            _ours_over_mcp(manager.url, headers) as ours,
        ):
            program = Client(httpx2.Client(base_url=manager.url, headers=headers, timeout=60))
            times = await _rounds(program, worker["worker_id"], ours, (peer, peer_json))
        person.call("stop_agent", {"worker_id": worker["worker_id"]})
        return times
    finally:
        manager.stop()


@asynccontextmanager
async def _ours_over_mcp(url: str, headers: Mapping[str, str]) -> AsyncGenerator[McpClient, None]:
    """The SDK's client on our `/mcp`."""
    async with (
        httpx2.AsyncClient(headers=headers, timeout=60) as http,
        McpClient(streamable_http_client(f"{url}/mcp", http_client=http)) as opened,
    ):
        yield opened


@asynccontextmanager
async def _bare(root: str, *options: str) -> AsyncGenerator[McpClient, None]:
    """The SDK's client on the SDK's server, which runs meanwhile."""
    port = free_port()
    command = [sys.executable, "-m", "bench.bare_mcp", root, str(port), *options]
    server = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        await _up(f"http://127.0.0.1:{port}/mcp")
        async with McpClient(f"http://127.0.0.1:{port}/mcp") as opened:
            yield opened
    finally:
        server.terminate()
        server.wait(10)


async def _up(url: str) -> None:
    """Wait until the bare server answers."""
    for _ in range(200):
        try:
            async with McpClient(url) as probe:
                await probe.list_tools()
                return
        except Exception:
            await asyncio.sleep(0.1)
    raise TimeoutError(f"{url} did not come up")


async def _rounds(client: Client, worker_id: str, ours: McpClient, peers: Sequence[McpClient]) -> CallTimes:
    times: tuple[list[float], ...] = ([], [], [], [])
    for number in range(WARM_UP + ROUNDS):
        moments = [time.perf_counter()]
        gated = client.call(TOOL, {"path": FOLDER}, worker_id=worker_id)
        moments.append(time.perf_counter())
        for over_mcp in (ours, *peers):
            answer = await over_mcp.call_tool(TOOL, {"path": FOLDER})
            moments.append(time.perf_counter())
            if answer.structured_content != gated:
                raise RuntimeError(f"the calls differ: {gated}, {answer}")
        if number >= WARM_UP:
            for kind, (began, ended) in zip(times, pairwise(moments), strict=True):
                kind.append(ended - began)
    return CallTimes(*times)


def ratio(ours: Sequence[float], peer: Sequence[float]) -> float:
    """Median of the ratios round by round."""
    return round(statistics.median(mine / its for mine, its in zip(ours, peer, strict=True)), 2)


def milliseconds(seconds: Sequence[float], percentile: int) -> float:
    return round(statistics.quantiles(seconds, n=100)[percentile - 1] * 1000, 2)
