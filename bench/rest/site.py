"""The manager of this benchmark, started as `ink serve`, and what its two users have: files and jobs.

The jobs wait in the embedded scheduler's own queue, held, so that none runs; the real poller brings them into the real
mirror. The files are in the user's workspace, and the user's own agent reads them.
"""

from __future__ import annotations

import json
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx2

from bench.running_manager import Client, free_port, start_serving
from ink_core.compute.local.queue import LocalQueue
from ink_core.compute.local.schema import NewJobs

FEW_JOBS, MANY_JOBS, OTHERS_JOBS = 50, 6_195, 13_755
FEW_FILES, MANY_FILES = 202, 65_000
LARGE_BYTES = 100_000_000
SMALL_BYTES = 1_024
POLL_S = 20.0
WAIT_S = 60.0
PASSWORD = "of accounts that end with the benchmark"
JOBS_OF = {"few": FEW_JOBS, "many": MANY_JOBS, "others": OTHERS_JOBS}


@dataclass(frozen=True)
class Site:
    url: str
    tokens: dict[str, str]
    manager_pid: int

    def headers(self, user: str) -> dict[str, str]:
        return {"ink-username": user, "ink-token": self.tokens[user]}


@contextmanager
def running_site(folder: Path) -> Iterator[Site]:
    """Users `few` and `many`, named by their jobs; `many` has the files."""
    _fill_queue(folder / "queue")
    cluster = {"name": "local", "type": "local", "directory": str(folder / "queue"), "poll_interval_s": POLL_S}
    environment = {"INK_CLUSTERS": json.dumps([cluster])}
    manager = start_serving(folder / "data", port=free_port(), environment=environment)
    try:
        administrator = manager.sign_in("admin")
        tokens = {user: _token_of(administrator, user) for user in ("few", "many")}
        site = Site(manager.url, tokens, manager.process.pid)
        _make_files(home_of(site))
        _wait_for_jobs(site)
        yield site
    finally:
        manager.stop()


def home_of(site: Site) -> Path:
    """Where the files of `many` are."""
    return Path(_data(site, "many", "/fs/get_home")["home"])


def few_jobs(site: Site) -> list[dict[str, Any]]:
    """As the manager lists them."""
    return _data(site, "few", "/cr/query_jobs")["job_list"]


def _fill_queue(directory: Path) -> None:
    queue = LocalQueue(directory)
    for user, count in JOBS_OF.items():
        for first in range(0, count, 50):
            queue.submit(_jobs(user, first, min(50, count - first)))
    with queue.transaction() as connection:
        connection.execute("UPDATE jobs SET state = 'HOLDING', reason = 'held for the benchmark'")


def _jobs(user: str, first: int, count: int) -> NewJobs:
    return NewJobs(
        owner=user,
        operation_id=f"bench-{first}",
        name=f"analysis-{first}",
        argv=(f"/home/{user}/analysis.sh", "--part", "%{ProcId}"),
        working_directory=f"/home/{user}",
        stdout="analysis.out.{job_id}",
        stderr="analysis.err.{job_id}",
        environment={},
        cpus=1,
        memory_mb=2000,
        wall_time_s=144_000,
        queue=None,
        group=None,
        priority=0,
        count=count,
        submitted_at=time.time() - first,
    )


def _token_of(administrator: Client, user: str) -> str:
    administrator.post("/users", {"username": user, "password": PASSWORD})
    login = {"username": user, "password": PASSWORD}
    made = administrator.http.post("/api/v2/auth/create_token", json=login).json()
    if made["status"] != "200":
        raise RuntimeError(f"no token for {user}: {made}")
    return str(made["data"]["token"])


def _make_files(home: Path) -> None:
    for name, count in (("few", FEW_FILES), ("many", MANY_FILES)):
        (home / name).mkdir(parents=True)
        for number in range(count):
            (home / name / f"run-{number:05}.root").touch()
    (home / "small.dat").write_bytes(os.urandom(SMALL_BYTES))
    (home / "large.dat").write_bytes(os.urandom(LARGE_BYTES))


def _wait_for_jobs(site: Site) -> None:
    """The queue was filled before the manager was up, so its first poll has them all."""
    deadline = time.monotonic() + WAIT_S
    while time.monotonic() < deadline:
        if _data(site, "many", "/cr/query_jobs?limit=1").get("total") == MANY_JOBS:
            return
        time.sleep(0.2)
    raise TimeoutError("the jobs did not come into the mirror")


def _data(site: Site, user: str, path: str) -> dict[str, Any]:
    answer = httpx2.get(f"{site.url}/api/v2{path}", headers=site.headers(user), timeout=WAIT_S).json()
    return answer["data"] or {}
