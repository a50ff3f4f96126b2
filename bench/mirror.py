"""`make bench NAME=mirror`: 100,000 jobs of 500 users in the mirror, and all users looking at their own, newest first.

The real mirror and routes in one process, the scheduler played: each poll makes all jobs anew, as parsing an answer
does, and one in a hundred has changed. 16 clients ask for first pages of 50 over HTTP (in process) for `seconds`, so
that polls fall into the measurement. `filtered_p95_ms` are lists of everybody's jobs with a text filter, the costliest.
"""

from __future__ import annotations

import asyncio
import json
import random
import tempfile
import time
from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx2
from fastapi import FastAPI

from bench.calls import milliseconds
from bench.machine import machine
from ink_core.compute.mirror import MirroredCluster, QueueMirror
from ink_core.compute.model import (
    Associations,
    ClusterHealth,
    Explanation,
    Job,
    JobState,
    QueueSnapshot,
    compact,
)
from ink_core.compute.priorities import Measure, Priorities
from ink_core.compute.topology import Topology
from ink_core.errors import JobNotFound
from ink_core.settings import load_settings
from manager.api.app import create_app
from manager.composition import build
from manager.running import Running

JOBS, USERS, CLIENTS = 100_000, 500, 16
POLL_S = 60.0
SECONDS = 70.0
TARGET = {"list_p95_ms": 100, "scheduler_queries_per_min": 1}
START = datetime(2026, 1, 1, tzinfo=UTC)
STATES = (JobState.QUEUEING, JobState.RUNNING, JobState.RUNNING, JobState.HOLDING)


class PlayedScheduler:
    """A `QueueReader` of so many jobs that counts what it is asked."""

    cluster = "pool"

    def __init__(self) -> None:
        self.asked: list[float] = []

    def snapshot(self) -> QueueSnapshot:
        self.asked.append(time.monotonic())
        jobs = tuple(compact(_job(number, len(self.asked))) for number in range(JOBS))
        return QueueSnapshot.model_construct(cluster=self.cluster, observed_at=datetime.now(UTC), jobs=jobs)

    def look(self, job_ids: Sequence[str]) -> Sequence[Job]:
        return ()

    def health(self) -> ClusterHealth:
        return ClusterHealth(cluster=self.cluster, observed_at=datetime.now(UTC), nodes=(), problems=())

    def topology(self) -> Topology:
        return Topology(cluster=self.cluster, observed_at=datetime.now(UTC), nodes=())

    def associations(self, user: str) -> Associations:
        return Associations()

    def priorities(self) -> Priorities:
        return Priorities(cluster=self.cluster, observed_at=datetime.now(UTC), measure=Measure.NONE)

    def explain(self, job_id: str) -> Explanation:
        raise JobNotFound(f"job {job_id} is only played")


def main() -> None:
    with tempfile.TemporaryDirectory(prefix="ink-bench-") as folder:
        figures = asyncio.run(_measured(Path(folder)))
    print(json.dumps({"bench": "mirror", **figures, "target": TARGET, "machine": machine()}))


async def _measured(folder: Path) -> Mapping[str, Any]:
    running = await build(load_settings(environment={"INK_DATA_DIR": str(folder)}))
    scheduler = PlayedScheduler()
    mirror = QueueMirror(
        [MirroredCluster(scheduler, POLL_S, deadline_s=300)], record=running.platform.core.history.record
    )
    try:
        app = _application(running, mirror, folder)
        credentials = [await _signed_in(app, _user(number)) for number in range(USERS)]
        mirror.start()
        await mirror.refresh("pool")
        own = await _ask(app, credentials, {"limit": "50"}, SECONDS)
        polls = [moment for moment in scheduler.asked if moment >= own.began]
        filtered = await _ask(app, credentials, {"limit": "50", "owner": "*", "q": "analysis-7"}, 5)
    finally:
        await mirror.close()
        await running.stop()
    return {
        "jobs": JOBS,
        "users": USERS,
        "clients": CLIENTS,
        "requests": len(own.seconds),
        "list_p50_ms": milliseconds(own.seconds, 50),
        "list_p95_ms": milliseconds(own.seconds, 95),
        "list_p99_ms": milliseconds(own.seconds, 99),
        "filtered_p95_ms": milliseconds(filtered.seconds, 95),
        "scheduler_queries_per_min": round(len(polls) / (SECONDS / 60), 2),
        "rss_mb": _memory_mb("VmRSS"),
        "rss_peak_mb": _memory_mb("VmHWM"),
    }


class Asked:
    def __init__(self) -> None:
        self.began = time.monotonic()
        self.seconds: list[float] = []


async def _ask(app: FastAPI, credentials: Sequence[str], query: Mapping[str, str], seconds: float) -> Asked:
    """Latencies of requests of users in turn, from clients that each wait for one answer before the next."""
    asked = Asked()
    transport = httpx2.ASGITransport(app=app)

    async def client(number: int) -> None:
        chance = random.Random(number)
        async with httpx2.AsyncClient(transport=transport, base_url="http://site", timeout=300) as http:
            while time.monotonic() - asked.began < seconds:
                began = time.perf_counter()
                cookie = {"Cookie": f"ink_session={chance.choice(credentials)}"}
                answer = await http.get("/api/v1/jobs", params=query, headers=cookie)
                asked.seconds.append(time.perf_counter() - began)
                assert answer.status_code == 200 and answer.json()["total"] > 0, answer.text

    await asyncio.gather(*(client(number) for number in range(CLIENTS)))
    return asked


def _application(running: Running, mirror: QueueMirror, page: Path) -> FastAPI:
    async def no_mcp(*_: object) -> None:
        """MCP is not asked here."""

    @asynccontextmanager
    async def no_lifespan(_: FastAPI) -> AsyncGenerator[None]:
        yield

    app = create_app(running.platform, no_lifespan, no_mcp, public_url="http://site", page=page, data_dir=page)
    app.state.core = replace(app.state.core, queues=mirror)
    return app


async def _signed_in(app: FastAPI, username: str) -> str:
    identity = app.state.core.identity
    await identity.create_user(username)
    code = (await identity.create_sign_in_code(username)).secret
    return str((await identity.redeem_sign_in_code(code)).secret)


def _user(number: int) -> str:
    return f"user{number:03}"


def _job(number: int, poll: int) -> Job:
    """One in a hundred jobs has another state at each poll."""
    moved = poll if (number + poll) % 100 == 0 else 0
    owner = _user(number % USERS)
    return Job(
        cluster="pool",
        job_id=f"{number // 20}.{number % 20}",
        owner=owner,
        name=f"analysis-{number % 50}",
        state=STATES[(number + moved) % len(STATES)],
        command=f"/home/{owner}/analysis.sh --part {number}",
        submitted_at=START + timedelta(seconds=number),
        node=f"node{number % 300:03}",
        cpus=1,
        memory_mb=2000,
        working_directory=f"/home/{owner}",
        stdout=f"/home/{owner}/analysis.out.{number}",
        stderr=f"/home/{owner}/analysis.err.{number}",
    )


def _memory_mb(field: str) -> int:
    lines = Path("/proc/self/status").read_text("ascii").splitlines()
    return next(int(line.split()[1]) // 1024 for line in lines if line.startswith(f"{field}:"))


if __name__ == "__main__":
    main()
