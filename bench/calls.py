"""Gated calls beside bare ones: what the benchmarks of the whole way and of the gate measure.

Gated: REST → gate → ledger (two fsyncs) → worker agent over WebSocket → ledger → REST, listing a directory of ten.
Gated over MCP: the same way from `/mcp`, to the access-point agent. Bare: the MCP SDK's `call_tool` over streamable
HTTP on a tool that returns ten names. They are called in turn, so that a noisy machine disturbs all.
"""

from __future__ import annotations

import asyncio
import statistics
import subprocess
import sys
import time
from collections.abc import AsyncGenerator, Sequence
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


@dataclass(frozen=True)
class CallTimes:
    """Seconds of each call, one of each kind per round."""

    gated: Sequence[float]
    gated_mcp: Sequence[float]
    bare: Sequence[float]


async def measure_calls(data: Path) -> CallTimes:
    """Starts the product and the bare server, and stops both."""
    manager = start_embedded(data)
    port = free_port()
    bare = _bare_server(port)
    try:
        client = manager.sign_in("admin")
        worker = client.agent_ready(client.call("launch_agent", {})["worker_id"])
        folder = Path(worker["workspace"]) / "bench"
        folder.mkdir(exist_ok=True)
        for number in range(10):
            (folder / f"entry-{number}").touch()
        await _up(f"http://127.0.0.1:{port}/mcp")
        async with McpClient(f"http://127.0.0.1:{port}/mcp") as peer, _ours_over_mcp(manager.url, client) as ours:
            return await _rounds(client, worker["worker_id"], ours, peer)
    finally:
        bare.terminate()
        bare.wait(10)
        manager.stop()


@asynccontextmanager
async def _ours_over_mcp(url: str, client: Client) -> AsyncGenerator[McpClient, None]:
    """The SDK's client on our `/mcp`, with a token made for it."""
    token = client.post("/tokens", {"name": "bench", "scopes": ["files:read"], "lifetime_s": 3600})["token"]
    headers = {"Authorization": f"Bearer {token}"}
    async with (
        httpx2.AsyncClient(headers=headers, timeout=60) as http,
        McpClient(streamable_http_client(f"{url}/mcp", http_client=http)) as opened,
    ):
        yield opened


def _bare_server(port: int) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "bench.bare_mcp", str(port)]
    return subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


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


async def _rounds(client: Client, worker_id: str, ours: McpClient, peer: McpClient) -> CallTimes:
    times: tuple[list[float], list[float], list[float]] = ([], [], [])
    for number in range(WARM_UP + ROUNDS):
        moments = [time.perf_counter()]
        client.call("list_files", {"path": "bench"}, worker_id=worker_id)
        moments.append(time.perf_counter())
        await ours.call_tool("list_files", {"path": "bench"})
        moments.append(time.perf_counter())
        await peer.call_tool("list_entries", {"path": "bench"})
        moments.append(time.perf_counter())
        if number >= WARM_UP:
            for kind, (began, ended) in zip(times, pairwise(moments), strict=True):
                kind.append(ended - began)
    return CallTimes(*times)


def ratio(ours: Sequence[float], peer: Sequence[float]) -> float:
    """Median of the ratios round by round."""
    return round(statistics.median(mine / its for mine, its in zip(ours, peer, strict=True)), 2)


def milliseconds(seconds: Sequence[float], percentile: int) -> float:
    return round(statistics.quantiles(seconds, n=100)[percentile - 1] * 1000, 2)
