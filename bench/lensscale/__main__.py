"""`make bench NAME=lensscale`: 1,200 nodes with 10,000 jobs send to one manager every 5 s, which is asked meanwhile.

The manager is the product on its embedded store, over HTTP; each node has a connection of its own. `lag` is from when a
batch is due until it is durable; `together` says how many requests had so many batches. An administrator asks all the
while, natively and as clients of the public JobLens do, and at the end every counter of every job is compared with what
its node told. Peer, in the same run and with nothing beside it: the same rows as they are in SQLite, by one transaction
an interval, without HTTP. ARGS="seconds=60 nodes=1200" changes the load. The last line is one JSON object.
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any

from bench.joblens.processes import children, cpu_seconds, resident_bytes
from bench.lensscale.site import Site, rows_of
from bench.machine import machine
from bench.running_manager import ROOT, Client, RunningManager, start_embedded
from bench.tracestore import peers
from joblens.store.embedded import EmbeddedStore

PAUSE_S = 0.25
PATIENCE_S = 300.0
BEGINS_IN_S = 10.0
OWN_MAKE = {"MAKEFLAGS": "", "ARGS": ""}
"""What was given to this benchmark is not for the manager that it starts."""


def main() -> None:
    given = dict(word.split("=", 1) for word in sys.argv[1:])
    nodes, seconds = int(given.get("nodes", 1200)), float(given.get("seconds", 220))
    interval_s, jobs = float(given.get("interval", 5)), int(given.get("jobs", nodes * 25 // 3))
    figures: dict[str, Any] = {"bench": "lensscale", "nodes": nodes, "jobs": jobs, "interval_s": interval_s}
    with tempfile.TemporaryDirectory(prefix="ink-bench-", dir=os.environ.get("INK_BENCH_DIR")) as made:
        folder = Path(made)
        manager = start_embedded(folder / "data", timeout_s=180, environment=OWN_MAKE)
        try:
            site = Site(nodes, jobs, round(seconds / interval_s), interval_s, time.time() + BEGINS_IN_S)
            figures["manager"] = _measured(manager, folder / "data", site)
        finally:
            manager.stop()
        figures["wrong_jobs"] = _wrong(folder / "data", site)
        (folder / "peer").mkdir()
        rows: Any = rows_of(site)
        figures["sqlite_rows"] = peers.sqlite_rows(folder / "peer", rows)
    print(json.dumps(figures | {"load_before": os.getloadavg()[0], "machine": machine()}))


def _measured(manager: RunningManager, data: Path, site: Site) -> dict[str, Any]:
    administrator, token = manager.sign_in("admin"), _node_token(data)
    (pid,) = _service(manager.process.pid)
    argv = [sys.executable, "-m", "bench.lensscale.nodes", manager.url, token]
    with subprocess.Popen(argv, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as nodes:
        assert nodes.stdin
        nodes.stdin.write(json.dumps(asdict(site)))
        nodes.stdin.close()
        _until_all_are_told(administrator, site)
        used, since = cpu_seconds(pid), time.monotonic()
        asked = _asked(administrator, site, lambda: nodes.poll() is None)
        cpu = 100 * (cpu_seconds(pid) - used) / (time.monotonic() - since)
        assert nodes.stdout
        told = json.loads(nodes.stdout.read())
    return {"cpu_pct_core": cpu, "rss_mb": resident_bytes(pid) / (1 << 20)} | asked | told


def _node_token(data: Path) -> str:
    ink = Path(sys.executable).with_name("ink")
    argv = [ink, "joblens", "node-token", "--host", "node*"]
    environment = {**os.environ, "INK_DATA_DIR": str(data)}
    return subprocess.run(argv, env=environment, capture_output=True, text=True, check=True, timeout=120).stdout.strip()


def _service(pid: int) -> list[int]:
    """The process that answers, below the command that was given."""
    below = children(pid)
    return [found for child in below for found in _service(child)] if below else [pid]


def _until_all_are_told(administrator: Client, site: Site) -> None:
    deadline = time.monotonic() + PATIENCE_S
    while administrator.get("/joblens/jobs", limit=1)["counts"]["total"] < site.jobs:
        if time.monotonic() > deadline:
            raise TimeoutError("not all jobs are told")
        time.sleep(1)


def _asked(administrator: Client, site: Site, goes_on: Callable[[], bool]) -> dict[str, float]:
    took: dict[str, list[float]] = {"summary": [], "data_summary": [], "series": [], "list_of_50": []}
    number = refused = 0
    while goes_on():
        number = (number + 997) % site.jobs
        job = f"{number}.0"
        one = f"/joblens/jobs/htcondor/{job}"
        try:
            took["summary"].append(_timed(lambda one=one: administrator.get(one)))
            took["data_summary"].append(_timed(lambda job=job: _public_summary(administrator, job)))
            took["series"].append(_timed(lambda one=one: administrator.get(f"{one}/series", **_SERIES)))
            took["list_of_50"].append(_timed(lambda: administrator.get("/joblens/jobs", limit=50)))
        except RuntimeError as error:
            print(error, file=sys.stderr)
            refused += 1
        time.sleep(PAUSE_S)
    percentiles = {f"{name}_p95_ms": statistics.quantiles(each, n=20)[-1] for name, each in took.items()}
    return percentiles | {"asked": sum(map(len, took.values())), "refused": refused}


_SERIES: dict[str, Any] = {"metric": "cpu_percent", "points": 200}


def _public_summary(client: Client, job: str) -> None:
    """As clients of the public JobLens ask."""
    answer = client.http.get("/data/summary", params={"cluster": "htcondor", "job": job})
    if answer.is_error:
        raise RuntimeError(f"/data/summary of {job}: {answer.status_code} {answer.text}")


def _timed(ask: Callable[[], object]) -> float:
    """Milliseconds. Raises `RuntimeError` for an answer that is an error."""
    began = time.perf_counter()
    ask()
    return (time.perf_counter() - began) * 1000


def _wrong(data: Path, site: Site) -> int:
    """Jobs whose counters are not, to the last byte, what their node told."""
    store = EmbeddedStore(next(data.rglob("joblens.db")), read_only=True)
    try:
        return sum(store.summary(key).totals != totals for key, totals in site.totals())
    finally:
        store.close()


if __name__ == "__main__":
    main()
