"""Measures it all and prints one object.

`idle_workers` are connected and nobody asks them anything; `bare_…` is a bare `websockets` server that holds the same
connections. `idle_kib` is resident memory for each, `cpu_pct_idle` is of one core, most of it heartbeats.
`reconnect_s` counts from the first answer of the manager that was started again to the last worker's return.
`load_before` tells who else was on the machine.
"""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

from bench.machine import machine
from bench.rest.load import Order, Running
from bench.running_manager import UNBOUNDED, free_port, start_serving
from bench.workers.process import cpu_percent, resident_mib
from bench.workers.site import SETTINGS, Launched, crowd, expected_workers
from bench.workers.storm import CONNECT_S, storm

IDLE, USERS = 10_000, 100
IN_ONE_PROCESS = 5_000
SECONDS, SETTLE_S = 40.0, 5.0
RECONNECTING, CALLS = 1_200, 200
TARGET = {"idle_workers": 10_000, "idle_kib": 24, "reconnect_s": 10, "lost_calls": 0, "double_calls": 0}


def main() -> None:
    load = round(os.getloadavg()[0], 2)
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    with tempfile.TemporaryDirectory(prefix="ink-bench-") as folder:
        figures = {**_idle(Path(folder) / "idle"), **storm(Path(folder) / "storm", RECONNECTING, CALLS)}
    about = {"bench": "workers", "load_before": load}
    print(json.dumps({**about, **figures, "target": TARGET, "machine": machine()}))


def _idle(folder: Path) -> Mapping[str, Any]:
    data = folder / "data"
    launched = expected_workers(data, {f"user{number:03}": IDLE // USERS for number in range(USERS)})
    workers = [worker for mine in launched.values() for worker in mine]
    bare = _with_bare(workers, data)
    port = free_port()
    # All these come from one address, at once: the limit of one client is not what is measured.
    manager = start_serving(data, port=port, environment={**SETTINGS, "INK_SERVER__REQUESTS_PER_S": UNBOUNDED})
    try:
        with _connected(port, workers, data, manager.process.pid) as held:
            health = Running(Order(f"{manager.url}/health", connections=1, seconds=10, pause_s=0.02)).counted()
    finally:
        manager.stop()
    waits = {"health_p50_ms": health.p50_ms, "health_p99_ms": health.p99_ms}
    return {"idle_workers": len(workers), **held, **waits, **{f"bare_{name}": value for name, value in bare.items()}}


def _with_bare(workers: Launched, data: Path) -> Mapping[str, float]:
    port = free_port()
    argv = (sys.executable, "-m", "bench.workers.bare", str(port))
    with subprocess.Popen(argv, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as server:
        assert server.stdout is not None
        server.stdout.readline()
        try:
            with _connected(port, workers, data, server.pid) as held:
                return held
        finally:
            server.terminate()


@contextmanager
def _connected(port: int, workers: Launched, data: Path, pid: int) -> Iterator[Mapping[str, float]]:
    """All connected to this server; what they add to what it takes."""
    before = resident_mib(pid)
    url = f"ws://127.0.0.1:{port}/agents/connect"
    with ExitStack() as exits:
        parts = [workers[first : first + IN_ONE_PROCESS] for first in range(0, len(workers), IN_ONE_PROCESS)]
        for each in [exits.enter_context(crowd(url, part, data)) for part in parts]:
            each.complete(CONNECT_S)
        time.sleep(SETTLE_S)
        cpu, resident = cpu_percent(pid, SECONDS), resident_mib(pid)
        yield {
            "rss_mb": round(resident, 1),
            "idle_kib": round((resident - before) * 1024 / len(workers), 1),
            "cpu_pct_idle": round(cpu, 2),
        }


if __name__ == "__main__":
    main()
