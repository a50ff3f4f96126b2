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
from bench.rest.health import Servers, health_waits
from bench.rest.load import Counted, Order, Running
from bench.rest.site import LARGE_BYTES, SMALL_BYTES, Site, running_site
from bench.running_manager import free_port

INK_HEALTH_RPS = 703
INK_RPS = {"token_check": 904, "nginx_check": 985, "job_list_50": 6.4, "file_list_202": 32, "small_download": 37}
TARGET = {"job_list_50_times_ink": 10, "file_list_202_rps": 320, "health_waits": "all hold"}


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
    return figures | {"health_waits": health_waits(servers, _orders(site))}


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
    health: Order
    pid: int


@contextmanager
def _plain() -> Iterator[Plain]:
    port = free_port()
    server = subprocess.Popen([sys.executable, "-m", "bench.rest.plain", str(port)])
    order = Order(f"http://127.0.0.1:{port}/health")
    try:
        _wait_for(order.url)
        yield Plain(order, server.pid)
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
