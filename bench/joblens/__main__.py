"""`make bench NAME=joblens` (root): cost and exactness of the collector, beside polling, on jobs that count themselves.

251 jobs of 3 workers each write, read, talk and compute. The collector runs as on a node: every figure, every file, its
spool and its delivery to a store. `ARGS="seconds=60 jobs=251"` changes the load. The last line is one JSON object.
"""

from __future__ import annotations

import json
import os
import secrets
import subprocess
import sys
import tempfile
import time
from dataclasses import asdict
from pathlib import Path
from typing import Any

from bench.joblens import peers
from bench.joblens.processes import Watched, compiled, line, module
from bench.joblens.tax import taxes
from bench.joblens.truth import compared, read_truth
from bench.locked_environment import LockedEnvironment
from bench.machine import machine
from joblens.store.embedded import EmbeddedStore
from joblens.store.trace_store import JobQuery, JobState

INTERVALS = (1, 5)
FILES_INTERVAL_S = 30.0  # as the collector has it by default
WORKERS, THINK_MS = 3, 1000
TAX_TARGET = {"without_exact_files": 0, "exact_files": {"plain": 100, "write": 210, "send": 210}}  # nanoseconds a call
SETTLE_S = 5  # the jobs begin, and are found
PEERS = 3
PEER_SHARE = 0.3  # of the time that the collector is measured for


def main() -> None:
    given = dict(word.split("=", 1) for word in sys.argv[1:])
    jobs, seconds = int(given.get("jobs", 251)), float(given.get("seconds", 40))
    figures: dict[str, Any] = {"bench": "joblens", "load_before": round(os.getloadavg()[0], 1)}
    with tempfile.TemporaryDirectory(prefix="ink-bench-", dir=os.environ.get("INK_BENCH_DIR")) as name:
        folder = Path(name).resolve()  # the kernel tells files by their real paths
        load, tax = compiled("load.c", folder), compiled("tax.c", folder)
        for interval in INTERVALS:
            place = folder / str(interval)
            place.mkdir()
            figures[f"interval_{interval}"] = one_interval(load, place, interval, jobs, seconds)
        figures["syscall_tax_ns"] = taxes(tax, folder)
    figures["files_interval_s"] = FILES_INTERVAL_S
    figures["target"] = {"cpu_pct_core": {"1": 1.0, "5": 0.2}, "rss_mb": 40, "tax": TAX_TARGET}
    print(json.dumps(figures | {"machine": machine()}))


def one_interval(load: Path, folder: Path, interval: int, jobs: int, seconds: float) -> dict[str, Any]:
    starter = f"jb{secrets.token_hex(4)}"
    with module("bench.joblens.sink", folder) as sink:
        config = _config(folder, interval, starter, line(sink))
        with module("joblens", "collect", "--config", config) as collector:
            _until_it_collects(folder)
            life = SETTLE_S + seconds * (1 + PEERS * PEER_SHARE) + 5
            argv = [load, str(jobs), str(WORKERS), str(life), folder, str(THINK_MS), starter]
            with subprocess.Popen(argv) as running:
                time.sleep(SETTLE_S)
                ours, store = Watched(collector.pid), Watched(sink.pid)
                time.sleep(seconds)
                found: dict[str, Any] = {"jobs": jobs, "workers": WORKERS, **asdict(ours.cost())}
                found["store_cpu_pct_core"] = store.cost().cpu_pct_core
                found["proc"] = _peer("proc", interval, starter, seconds * PEER_SHARE)
                found["psutil"] = _peer("psutil", interval, starter, seconds * PEER_SHARE)
                found["bcc"] = _bcc(interval, starter, seconds * PEER_SHARE)
                running.wait(life + 120)
            _until_all_have_ended(folder / "traces.db", jobs)
            found["rss_mb_at_the_end"] = Watched(collector.pid).cost().rss_mb
    found["lost_events"] = _metric(folder, "lost_events_total")
    store_of_all = EmbeddedStore(folder / "traces.db", read_only=True)
    found |= compared(read_truth(folder), store_of_all, "slurm")
    store_of_all.close()
    return found


def _config(folder: Path, interval: int, starter: str, port: str) -> Path:
    (folder / "token").write_text("not checked")
    settings: dict[str, Any] = {
        "host": "bench",
        "state_dir": str(folder / "state"),
        "manager_url": f"http://127.0.0.1:{port}",
        "token_file": str(folder / "token"),
        "metrics_file": str(folder / "metrics.prom"),
        "level": "bpf",
        "interval_s": float(interval),
        "files_interval_s": FILES_INTERVAL_S,
        "starters": [starter],
        "squeue": [],
    }
    path = folder / "joblens.toml"
    path.write_text("".join(f"{name} = {json.dumps(value)}\n" for name, value in settings.items()))
    path.chmod(0o600)
    return path


def _until_it_collects(folder: Path) -> None:
    deadline = time.monotonic() + 60
    while not (folder / "metrics.prom").exists():
        if time.monotonic() > deadline:
            raise TimeoutError("the collector has not begun within a minute")
        time.sleep(0.1)


def _until_all_have_ended(traces: Path, jobs: int) -> None:
    """In the store. The kernel may tell the end of a process seconds later, and a job lingers for its next step."""
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        store = EmbeddedStore(traces, read_only=True)
        try:
            if store.counts(JobQuery()).get(JobState.ENDED, 0) >= jobs:
                return
        finally:
            store.close()
        time.sleep(1)


def _python_of(peer: str) -> str | Path:
    if peer == "psutil":
        return LockedEnvironment("psutil").install()
    return peers.BCC_PYTHON if peer == "bcc" else sys.executable


def _peer(name: str, interval: int, starter: str, seconds: float) -> dict[str, Any]:
    try:
        python = _python_of(name)
        with module("bench.joblens.peers", name, str(interval), starter, python=python) as peer:
            line(peer)
            watched = Watched(peer.pid)
            time.sleep(seconds)
            return asdict(watched.cost())
    except (RuntimeError, subprocess.CalledProcessError) as error:
        return {"not_measured": str(error)}


def _bcc(interval: int, starter: str, seconds: float) -> dict[str, Any]:
    why_not = peers.why_no_bcc()
    return {"not_measured": why_not} if why_not else _peer("bcc", interval, starter, seconds)


def _metric(folder: Path, name: str) -> float:
    lines = (folder / "metrics.prom").read_text().splitlines()
    return next(float(each.split()[-1]) for each in lines if each.startswith(f"ink_joblens_collector_{name} "))


if __name__ == "__main__":
    main()
