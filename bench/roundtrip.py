"""`make bench NAME=roundtrip`: starts, click to worker, and one gated, audited, dispatched call beside a bare MCP call.

Gated: REST → gate → ledger (two fsyncs) → worker agent over WebSocket → ledger → REST, listing a directory of ten.
Gated over MCP: the same way from `/mcp`, to the access-point agent. Bare: the MCP SDK's `call_tool` over streamable
HTTP on a tool that returns ten names. They are called in turn, so that a noisy machine disturbs all. On the
development cluster (root only) a worker is launched as an HTCondor job.
"""

from __future__ import annotations

import asyncio
import json
import os
import platform
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from itertools import pairwise
from pathlib import Path
from typing import Any

import httpx2
from mcp import Client as McpClient
from mcp.client.streamable_http import streamable_http_client

from bench.running_manager import Client, free_port, start_embedded, start_on_cluster

ROUNDS = 300
WARM_UP = 30
LAUNCHES = 3


def main() -> None:
    figures: dict[str, Any] = {"bench": "roundtrip"}
    with tempfile.TemporaryDirectory(prefix="ink-bench-") as folder:
        data = Path(folder) / "data"
        figures |= _starts(data)
        figures |= asyncio.run(_calls(data))
    figures |= _on_cluster()
    figures["target"] = {"warm_start_s": 3, "worker_ready_s_htcondor": 6, "gated_over_bare_p50": 1.0}
    figures["machine"] = {"cores": os.cpu_count(), "python": platform.python_version(), "kernel": platform.release()}
    print(json.dumps(figures))


def _starts(data: Path) -> dict[str, float]:
    """First start on an empty data directory, then the median of three later ones, each by `make run`."""
    subprocess.run(["make", "--no-print-directory", "env", "web"], check=True, stdout=subprocess.DEVNULL)
    times: list[float] = []
    for _ in range(4):
        manager = start_embedded(data)
        times.append(manager.ready_s)
        manager.stop()
    return {"cold_start_s": round(times[0], 2), "warm_start_s": round(statistics.median(times[1:]), 2)}


async def _calls(data: Path) -> dict[str, float]:
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
            gated, gated_mcp, plain = await _rounds(client, worker["worker_id"], ours, peer)
    finally:
        bare.terminate()
        bare.wait(10)
        manager.stop()
    return {
        "gated_call_p50_ms": _ms(gated, 50),
        "gated_call_p99_ms": _ms(gated, 99),
        "gated_mcp_call_p50_ms": _ms(gated_mcp, 50),
        "gated_mcp_call_p99_ms": _ms(gated_mcp, 99),
        "bare_mcp_call_p50_ms": _ms(plain, 50),
        "bare_mcp_call_p99_ms": _ms(plain, 99),
        "gated_over_bare_p50": _ratio(gated, plain),
        "gated_mcp_over_bare_p50": _ratio(gated_mcp, plain),
        "rounds": ROUNDS,
    }


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


async def _rounds(
    client: Client, worker_id: str, ours: McpClient, peer: McpClient
) -> tuple[list[float], list[float], list[float]]:
    """Seconds of each call, one of each kind per round."""
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
    return times


def _on_cluster() -> dict[str, Any]:
    """Click to ready worker as an HTCondor job on the idle pool: median of three."""
    if os.geteuid() != 0 or not shutil.which("unshare"):
        return {"worker_ready_s_htcondor": None, "htcondor_reason": "the development cluster needs root on Linux"}
    manager = start_on_cluster(timeout_s=900)
    try:
        client = manager.sign_in("alice")
        times = [_launch(client) for _ in range(LAUNCHES)]
    finally:
        manager.stop()
    return {"worker_ready_s_htcondor": round(statistics.median(times), 2)}


def _launch(client: Client) -> float:
    started = time.monotonic()
    worker_id = client.call("launch_agent", {"cluster": "htcondor"})["worker_id"]
    client.agent_ready(worker_id, 120)
    elapsed = time.monotonic() - started
    client.call("stop_agent", {"worker_id": worker_id})
    return elapsed


def _ratio(ours: Sequence[float], peer: Sequence[float]) -> float:
    """Median of the ratios round by round."""
    return round(statistics.median(mine / its for mine, its in zip(ours, peer, strict=True)), 2)


def _ms(seconds: Sequence[float], percentile: int) -> float:
    return round(statistics.quantiles(seconds, n=100)[percentile - 1] * 1000, 2)


if __name__ == "__main__":
    main()
