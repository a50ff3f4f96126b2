"""A manager whose ledger expects many workers, and the crowds that dial in to it.

The workers are launched by record alone (`worker.launched`, as the launcher writes it): no cluster has so many jobs
here. From the greeting on everything is real.
"""

from __future__ import annotations

import asyncio
import json
import os
import queue
import secrets
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Any, TextIO

from audit.sqlite import SqliteLedger
from bench.workers.crowd import Crowd
from ink_core.clock import SystemClock
from manager.workers.life import WorkerLife, digest, launched
from manager.workers.registry import WorkerRegistry
from worker_agent.protocol import Place

Launched = Sequence[tuple[str, str]]
"""Id and launch token of each worker."""

SETTINGS: Mapping[str, str] = {
    "INK_AGENTS__LAUNCH_TIMEOUT_S": "86400",  # there are no jobs, so that nobody can tell that they have ended
    "INK_SERVER__REQUESTS_PER_S": "100",  # as it is for a site, although a whole crowd has one address here
}


def expected_workers(data: Path, users: Mapping[str, int]) -> dict[str, Launched]:
    """Puts so many launched workers of each user on record, of a manager that does not run."""
    data.mkdir(parents=True, exist_ok=True)
    return asyncio.run(_launched(data, users))


async def _launched(data: Path, users: Mapping[str, int]) -> dict[str, Launched]:
    ledger = SqliteLedger(data / "ledger.db")
    registry = WorkerRegistry(ledger, SystemClock())
    tokens = {
        user: [(f"w-{secrets.token_hex(10)}", secrets.token_hex(16)) for _ in range(n)] for user, n in users.items()
    }
    workers = [(user, *worker) for user, mine in tokens.items() for worker in mine]
    for first in range(0, len(workers), 1000):
        await asyncio.gather(*(_launch(registry, data, *worker) for worker in workers[first : first + 1000]))
    await ledger.close()
    return dict(tokens)


def _new_worker() -> tuple[str, str]:
    return f"w-{secrets.token_hex(10)}", secrets.token_hex(16)


async def _launch(registry: WorkerRegistry, data: Path, user: str, worker_id: str, secret: str) -> None:
    life = WorkerLife(
        worker_id=worker_id,
        user=user,
        place=Place.EXECUTE,
        cluster="local",
        workspace=str(workspace(data)),
        operation_id=f"op-{worker_id[2:]}",
        launch_sha256=digest(secret),
        expected_uid=os.getuid(),
    )
    await registry.record(worker_id, launched(life))


def workspace(data: Path) -> Path:
    """Of all workers of a crowd."""
    return data.with_name("workspace")


class RunningCrowd:
    """One `bench.workers.crowd` at work."""

    def __init__(self, process: subprocess.Popen[str], number: int) -> None:
        self._process = process
        self._number = number
        self._changes: queue.SimpleQueue[dict[str, Any]] = queue.SimpleQueue()
        assert process.stdout is not None
        self._hearing = threading.Thread(target=self._hear, args=(process.stdout,), daemon=True)
        self._hearing.start()

    def _hear(self, told: TextIO) -> None:
        with told:
            for line in told:
                self._changes.put(json.loads(line))

    def complete(self, timeout_s: float) -> float:
        """Waits until all of them are connected (again); the monotonic time at which they were."""
        deadline = time.monotonic() + timeout_s
        while True:
            try:
                change = self._changes.get(timeout=max(0.0, deadline - time.monotonic()))
            except queue.Empty:
                raise TimeoutError(f"the crowd of {self._number} was not complete after {timeout_s:.0f} s") from None
            if change["connected"] == self._number:
                return float(change["at_s"])

    def end(self) -> None:
        assert self._process.stdin is not None
        self._process.stdin.close()
        self._process.wait(60)
        self._hearing.join(60)


@contextmanager
def crowd(url: str, workers: Launched, data: Path) -> Iterator[RunningCrowd]:
    workspace(data).mkdir(exist_ok=True)
    argv = (sys.executable, "-m", "bench.workers.crowd")
    process = subprocess.Popen(
        argv, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    )
    assert process.stdin is not None
    process.stdin.write(json.dumps(asdict(Crowd(url, workers, str(workspace(data))))) + "\n")
    process.stdin.flush()
    running = RunningCrowd(process, len(workers))
    try:
        yield running
    finally:
        running.end()
