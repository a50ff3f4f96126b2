"""`make bench NAME=nodes`: 1,200 nodes, 64,000 slots and 10,000 jobs of a real HTCondor pool, held and listed.

Needs root and the development cluster that is up (`make cluster-up`): the ads of the slots are sent to its collector as
startds do, the jobs wait in its schedd, and a manager on this machine reads both by its own poller. `…_ms` are
latencies over HTTP of four connections that wait between an answer and their next request; `rss_mb` is of the manager
with its global model. What was put into the pool is taken out again at the end.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from bench.machine import machine
from bench.rest.load import Order, Running
from bench.running_manager import Client, free_port, start_serving
from bench.workers.process import resident_mib

ROOT = Path(__file__).parents[1]
CLUSTER = (sys.executable, str(ROOT / "deploy/dev-cluster/cluster.py"), "exec")
AS_DAEMON = "_CONDOR_SEC_CLIENT_AUTHENTICATION_METHODS=IDTOKENS"
ADVERTISE = (*CLUSTER, "cm", "--", "env", AS_DAEMON, "condor_advertise", "-tcp")
NODES, SLOTS, JOBS = 1_200, 64_000, 10_000
WAIT_S = 240.0
BATCH = "ink-bench-nodes"
DOMAIN = "bench.invalid"
COLLECTOR, SCHEDD = "10.77.0.1", "portal.pool.test"
POOL = {"name": "htcondor", "type": "htcondor", "collector": COLLECTOR, "schedd": SCHEDD}
PATIENT = {"poll_interval_s": 60, "deadline_s": 120}
"""As a site of this size asks; all its daemons share this machine with the manager and the clients."""
SETTINGS = {
    "INK_CLUSTERS": json.dumps([{**POOL, **PATIENT}]),
    "INK_AGENTS__DEFAULT_CLUSTER": "htcondor",
    "INK_SIGN_IN__FIRST_ACCOUNTS": json.dumps([{"username": "alice"}]),
}
TARGET = {"nodes": NODES, "slots": SLOTS, "jobs": JOBS, "p99_ms": 100, "rss_mb": 1000}
PATHS = {
    "nodes_page": "/clusters/htcondor/nodes?limit=100&offset=500",
    "nodes_sorted": "/clusters/htcondor/nodes?limit=100&order=load&q=bench",
    "totals": "/clusters/htcondor/totals",
    "jobs_page": "/jobs?cluster=htcondor&owner=*&limit=50",
    "node_map": "/site/clusters/htcondor/nodes?limit=5000",
}


def main() -> None:
    load = round(os.getloadavg()[0], 2)
    with _large_pool(), tempfile.TemporaryDirectory(prefix="ink-bench-") as folder:
        manager = start_serving(Path(folder) / "data", port=free_port(), environment=SETTINGS)
        try:
            client = manager.sign_in("alice")
            held = _held(client)
            answers = {name: _latencies(client, f"{manager.url}/api/v1{path}") for name, path in PATHS.items()}
            figures = {**held, **answers, "rss_mb": round(resident_mib(manager.process.pid), 1)}
            client.http.close()
        finally:
            manager.stop()
    print(json.dumps({"bench": "nodes", "load_before": load, **figures, "target": TARGET, "machine": machine()}))


@contextmanager
def _large_pool() -> Iterator[None]:
    jobs = f"executable=/bin/true\nbatch_name={BATCH}\nrequirements=false\nqueue {JOBS}\n"
    gone = f'MyType="Query"\nTargetType="Machine"\nRequirements=regexp("{DOMAIN}$", Machine)\n'
    alice = (*CLUSTER, "portal", "-u", "alice", "-d", "/shared/home/alice", "--")
    try:
        _told((*ADVERTISE, "-multiple", "UPDATE_STARTD_AD", "-"), "\n".join(_ad(number) for number in range(SLOTS)))
        _told((*alice, "condor_submit", "-terse", "-"), jobs)
        yield
    finally:
        _told((*ADVERTISE, "INVALIDATE_STARTD_ADS", "-"), gone)
        _told((*alice, "condor_rm", "-constraint", f'JobBatchName=="{BATCH}"'), "")


def _ad(number: int) -> str:
    """One dynamic slot's, claimed, so that the negotiator leaves it alone."""
    node, slot = number % NODES, number // NODES
    machine_name = f"wn{node:04}.{DOMAIN}"
    return (
        f'MyType="Machine"\nTargetType="Job"\nName="slot1_{slot}@{machine_name}"\nMachine="{machine_name}"\n'
        f'MyAddress="<192.0.2.1:{10_000 + node}?noUDP&slot={slot}>"\nSlotType="Static"\nState="Claimed"\n'
        f'Activity="Busy"\nCpus=1\nMemory=4000\nTotalSlotCpus=1\nTotalSlotMemory=4000\nTotalLoadAvg={node % 64}.0\n'
        f"TotalCpus=54\nTotalMemory=216000\nSlotID={slot}\n"
    )


def _told(command: Sequence[str], text: str) -> None:
    subprocess.run(command, check=True, input=text, text=True, stdout=subprocess.DEVNULL, timeout=WAIT_S)


def _held(client: Client) -> Mapping[str, Any]:
    """Waits until the manager shows all of it; then, how much that is and how long it took."""
    began, found = time.monotonic(), {}
    while time.monotonic() - began < WAIT_S:
        try:
            sums = client.get("/clusters/htcondor/totals")["totals"]
        except RuntimeError:
            time.sleep(1)
            continue  # while the pool takes it in, an answer may be late
        jobs = client.get("/jobs", cluster="htcondor", owner="*", limit=1)["total"]
        known = sum(client.get("/site/health")["clusters"][0]["nodes"].values())
        found = {"nodes": sum(sums["nodes"].values()), "slots": sum(sums["slots"].values()), "jobs": jobs}
        if min(found["nodes"], known) >= NODES and found["slots"] >= SLOTS and jobs >= JOBS:
            return {**found, "shown_after_s": round(time.monotonic() - began, 1)}
        time.sleep(1)
    raise TimeoutError(f"the manager shows {found} after {WAIT_S:.0f} s")


def _latencies(client: Client, url: str) -> Mapping[str, float]:
    cookies = "; ".join(f"{cookie.name}={cookie.value}" for cookie in client.http.cookies.jar)
    order = Order(url, headers={"cookie": cookies}, connections=4, seconds=10, pause_s=0.05)
    counted = Running(order).counted()
    return {"p50_ms": counted.p50_ms, "p99_ms": counted.p99_ms}


if __name__ == "__main__":
    main()
