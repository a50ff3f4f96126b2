"""`make bench NAME=roundtrip`: starts, click to worker, and one gated, audited, dispatched call beside a bare MCP call.

The calls are those of `bench/calls.py`. On the development cluster (root only) a worker is launched as an HTCondor job.
"""

from __future__ import annotations

import asyncio
import json
import os
import shutil
import statistics
import subprocess
import tempfile
import time
from pathlib import Path
from typing import Any

from bench.calls import ROUNDS, CallTimes, measure_calls, milliseconds, ratio
from bench.machine import machine
from bench.running_manager import Client, start_embedded, start_on_cluster

LAUNCHES = 3


def main() -> None:
    figures: dict[str, Any] = {"bench": "roundtrip"}
    with tempfile.TemporaryDirectory(prefix="ink-bench-") as folder:
        data = Path(folder) / "data"
        figures |= _starts(data)
        figures |= _figures(asyncio.run(measure_calls(data)))
    figures |= _on_cluster()
    figures["target"] = {"warm_start_s": 3, "worker_ready_s_htcondor": 6, "gated_over_bare_p50": 1.0}
    figures["machine"] = machine()
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


def _figures(times: CallTimes) -> dict[str, float]:
    return {
        "gated_call_p50_ms": milliseconds(times.gated, 50),
        "gated_call_p99_ms": milliseconds(times.gated, 99),
        "gated_mcp_call_p50_ms": milliseconds(times.gated_mcp, 50),
        "gated_mcp_call_p99_ms": milliseconds(times.gated_mcp, 99),
        "bare_mcp_call_p50_ms": milliseconds(times.bare, 50),
        "bare_mcp_call_p99_ms": milliseconds(times.bare, 99),
        "bare_json_mcp_call_p50_ms": milliseconds(times.bare_json, 50),
        "gated_over_bare_p50": ratio(times.gated, times.bare),
        "gated_over_bare_json_p50": ratio(times.gated, times.bare_json),
        "gated_mcp_over_bare_p50": ratio(times.gated_mcp, times.bare),
        "gated_mcp_over_bare_json_p50": ratio(times.gated_mcp, times.bare_json),
        "rounds": ROUNDS,
    }


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


if __name__ == "__main__":
    main()
