"""The whole application over a store of JobLens in memory, with two users and an administrator, and jobs of theirs."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx2
from fastapi import FastAPI

from ink_core.identity.principal import USER_SCOPES, Scope
from joblens.api.node_tokens import token_name
from joblens.records import Batch, FileSample, JobInfo, JobKey, JobSample, Level, Mark, MarkKind, Traffic
from joblens.store.memory import MemoryStore
from tests.security.application import application, client

BEGIN = 1_768_469_340.0
CLUSTER = "local"
HOST = "node17.example"
SECOND = 10**9
EVERY_SCOPES = USER_SCOPES | {Scope.ADMIN}


def key_of(job: str) -> JobKey:
    return JobKey(CLUSTER, job)


def info(job: str, user: str = "alice", *, host: str = HOST) -> JobInfo:
    return JobInfo(
        key_of(job), "htcondor", host, user, 1000, "job.sh", 4711, BEGIN, schedd="schedd1", cpus=2, memory_bytes=2**30
    )


def sample(job: str, second: int, *, final: bool = False) -> JobSample:
    """One core busy, 2 MB a second read, 100 MiB resident."""
    return JobSample(
        key=key_of(job),
        time=BEGIN + second,
        cpu_ns=second * SECOND,
        rchar=second * 2_000_000,
        wchar=second * 1000,
        read_bytes=second * 1_000_000,
        write_bytes=second * 500,
        syscr=second,
        syscw=second,
        net_rx=second * 10,
        net_tx=second * 20,
        minor_faults=0,
        major_faults=0,
        voluntary_switches=0,
        involuntary_switches=0,
        cpu_wait_ms=0,
        io_wait_ms=0,
        rss_bytes=100 << 20,
        rss_peak_bytes=200 << 20,
        swap_bytes=0,
        processes=1,
        threads=2,
        final=final,
    )


def batch(sequence: int, host: str = HOST, **rows: Any) -> Batch:
    return Batch(host, sequence, BEGIN + sequence, 1.0, Level.BPF, **rows)


def measured(job: str, user: str = "alice", *, seconds: int = 20, sequence: int = 1, host: str = HOST) -> Batch:
    """A job from its beginning to its end, with a file and marks."""
    return batch(
        sequence,
        host,
        jobs=[info(job, user, host=host)],
        samples=[sample(job, second, final=second == seconds) for second in range(1, seconds + 1)],
        files=[
            FileSample(key_of(job), BEGIN + 5, "/eos/da\udcffta", "/eos", "fuse", Traffic.FILE, 5_000_000, 50, 0, 0)
        ],
        marks=[Mark(key_of(job), BEGIN, MarkKind.START, "")],
    )


@dataclass
class LensSite:
    app: FastAPI
    http: httpx2.AsyncClient
    store: MemoryStore
    tokens: dict[str, str] = field(default_factory=dict[str, str])

    async def get(self, path: str, who: str = "alice", **query: Any) -> httpx2.Response:
        return await self.http.get(path, params=query, headers=self.headers(who))

    async def post(self, path: str, body: Any, user: str = "alice") -> httpx2.Response:
        return await self.http.post(path, json=body, headers=self.headers(user))

    def headers(self, user: str) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.tokens[user]}"}

    def keep(self, *batches: Batch) -> None:
        self.store.write(batches)


@asynccontextmanager
async def lens_site(
    folder: Path, batches: Sequence[Batch] = (), store: MemoryStore | None = None
) -> AsyncGenerator[LensSite]:
    """alice, bob and admin have tokens of all their scopes; `node` has one for collectors."""
    store = store or MemoryStore(lambda: BEGIN + 60)
    async with application(folder, open_traces=lambda _: store) as app, client(app) as http:
        site = LensSite(app, http, store)
        identity = app.state.platform.core.identity
        for name in ("alice", "bob", "admin", "node"):
            await identity.create_user(name, is_admin=name == "admin")
        await identity.set_roles("node", is_admin=None, disabled=None, own_scopes=frozenset({Scope.LENS_WRITE}))
        scopes = {"admin": EVERY_SCOPES, "node": frozenset({Scope.LENS_WRITE})}
        for name in ("alice", "bob", "admin", "node"):
            wanted = scopes.get(name, USER_SCOPES)
            called = token_name("node1*") if name == "node" else "tests"
            site.tokens[name] = (await identity.create_token_of(name, called, wanted, timedelta(hours=1))).secret
        site.keep(*batches)
        yield site
