"""Measures it all and prints one object.

`times_ink` is how often ours answers for each of INK's answers, by INK's own figures (`INK_RPS`), and
`times_ink_scaled` the same as if INK had run on this machine, by what plain FastAPI does here and what INK's `/health`
did there. Manager, agent and client share the cores, and `load_before` tells who else was there: where it is above 1.5,
only ratios count.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import httpx2

from bench.machine import machine
from bench.rest.health import JUDGED, Servers, health_waits
from bench.rest.load import Counted, Order, Running
from bench.rest.site import LARGE_BYTES, SMALL_BYTES, Site, few_jobs, home_of, running_site
from bench.running_manager import free_port

INK_HEALTH_RPS = 703
INK_RPS = {"token_check": 904, "nginx_check": 985, "job_list_50": 6.4, "file_list_202": 32, "small_download": 37}
PLAIN_ROUNDS = 2
TARGET = {"job_list_50_times_ink": 10, "file_list_202_rps": 320, "health_waits": "apart, all hold"}


def main() -> None:
    load = round(os.getloadavg()[0], 2)
    with (
        tempfile.TemporaryDirectory(prefix="ink-bench-") as folder,
        _plain() as plain,
        running_site(Path(folder)) as site,
    ):
        figures = _measured(site, plain)
    about = {"bench": "rest", "connections": 16, "load_before": load}
    print(json.dumps(about | figures | {"target": TARGET, "machine": machine()}))


def _measured(site: Site, plain: Plain) -> dict[str, Any]:
    yardstick = Running(plain.health).counted()
    counted = {name: Running(order).counted() for name, order in _orders(site).items()}
    figures: dict[str, Any] = {"plain_health": _shown(yardstick)}
    for name, one in counted.items():
        figures[name] = _shown(one) | _beside_ink(name, one.rps, yardstick.rps)
    servers = Servers(Order(f"{site.url}/health"), plain.health, site.manager_pid, plain.pid)
    figures["health_waits"] = health_waits(servers, _orders(site))
    return figures | {"plain_that_lists": _plain_that_lists(site, plain)}


def _plain_that_lists(site: Site, plain: Plain) -> dict[str, Any]:
    """The waits of the peer that does the same work, in the placement by which ours is judged."""
    with tempfile.NamedTemporaryFile("w", suffix=".json") as jobs:
        json.dump(few_jobs(site), jobs)
        jobs.flush()
        with _plain(home_of(site), jobs.name) as peer:
            servers = Servers(peer.health, plain.health, peer.pid, plain.pid)
            return health_waits(servers, _orders_of_plain(peer), rounds=PLAIN_ROUNDS, places=JUDGED)


def _orders_of_plain(peer: Plain) -> Mapping[str, Order]:
    """The load of `_orders`, by the same names. Its jobs are in memory: 50 of 50 are 50 of 6,195 there."""
    jobs = Order(f"{peer.url}/jobs", least_bytes=50 * 200)
    return {
        "job_list_50": jobs,
        "job_list_6195_page": jobs,
        "file_list_202": Order(f"{peer.url}/files/few?limit=202", least_bytes=202 * 100),
        "file_list_65000_first_page": Order(f"{peer.url}/files/many?limit=500", least_bytes=500 * 100),
        "download_100mb": Order(f"{peer.url}/download/large.dat", least_bytes=LARGE_BYTES),
    }


def _orders(site: Site) -> Mapping[str, Order]:
    few, many = site.headers("few"), site.headers("many")
    v1, v2 = f"{site.url}/api/v1", f"{site.url}/api/v2"
    return {
        "health": Order(f"{site.url}/health"),
        "token_check": Order(f"{v2}/auth/validate_token", "POST", few),
        "nginx_check": Order(f"{v2}/auth/auth_request", headers=few),
        "job_list_50": Order(f"{v2}/cr/query_jobs", headers=few, least_bytes=50 * 200),
        "job_list_50_v1": Order(f"{v1}/jobs", headers=_bearer(site, "few"), least_bytes=50 * 200),
        "job_list_6195_page": Order(f"{v2}/cr/query_jobs?page=60&limit=50", headers=many, least_bytes=50 * 200),
        "file_list_202": Order(f"{v2}/fs/list_path?workdir=few", headers=many, least_bytes=202 * 100),
        "file_list_202_v1": Order(f"{v1}/files?path=few", headers=_bearer(site, "many"), least_bytes=202 * 100),
        "file_list_65000_first_page": Order(
            f"{v1}/files?path=many&limit=500", headers=_bearer(site, "many"), least_bytes=500 * 100
        ),
        "small_download": _download(site, "small.dat", SMALL_BYTES),
        "download_100mb": replace(_download(site, "large.dat", LARGE_BYTES), seconds=15),
    }


def _download(site: Site, path: str, size: int) -> Order:
    address = f"{site.url}/api/v2/fs/download_file?TargetPath={path}"
    return Order(address, headers=site.headers("many"), least_bytes=size)


def _bearer(site: Site, user: str) -> dict[str, str]:
    return {"authorization": f"Bearer {site.tokens[user]}"}


def _shown(counted: Counted) -> dict[str, float]:
    shown = {"rps": counted.rps, "p50_ms": counted.p50_ms, "p99_ms": counted.p99_ms, "client_cpu": counted.cpu_share}
    return shown | ({"mb_per_s": counted.mb_per_s} if counted.mb_per_s > 50 else {})


def _beside_ink(name: str, rps: float, yardstick_rps: float) -> dict[str, float]:
    if name not in INK_RPS:
        return {}
    times = rps / INK_RPS[name]
    return {"times_ink": round(times, 2), "times_ink_scaled": round(times * INK_HEALTH_RPS / yardstick_rps, 2)}


@dataclass(frozen=True)
class Plain:
    url: str
    pid: int

    @property
    def health(self) -> Order:
        return Order(f"{self.url}/health")


@contextmanager
def _plain(*work: str | Path) -> Iterator[Plain]:
    """With `work`, the folder and the file of jobs that it lists."""
    port = free_port()
    server = subprocess.Popen([sys.executable, "-m", "bench.rest.plain", str(port), *work])
    plain = Plain(f"http://127.0.0.1:{port}", server.pid)
    try:
        _wait_for(plain.health.url)
        yield plain
    finally:
        server.terminate()
        server.wait(10)


def _wait_for(url: str) -> None:
    for _ in range(300):
        try:
            httpx2.get(url, timeout=1)
            return
        except httpx2.HTTPError:
            time.sleep(0.1)
    raise TimeoutError(f"{url} did not come up")


if __name__ == "__main__":
    main()
