"""`make bench NAME=short_jobs`: 500 jobs of no duration on the development cluster, and how many have a record.

Half are HTCondor's, half tasks of a Slurm array; each is `/bin/true`. The collector runs here, sees the jobs of
all nodes, and keeps its batches on disk, as the manager that it is told does not exist. Needs root and the cluster
that is up (`make cluster-up`). The last line is one JSON object.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bench.machine import machine
from joblens.collector.self_metrics import resident_bytes
from joblens.records import JobSample
from joblens.store.wire import decode

ROOT = Path(__file__).parents[1]
CLUSTER = [sys.executable, str(ROOT / "deploy/dev-cluster/cluster.py"), "exec"]
HALF = 250
PATIENCE_S = 240
UNREACHABLE = "http://127.0.0.1:9"


def main() -> None:
    with tempfile.TemporaryDirectory(prefix="ink-bench-") as name, running_collector(Path(name)) as process:
        began = time.monotonic()
        wanted = submit()
        finals = wait(Path(name) / "state/spool", wanted)
        figures = {
            "bench": "short_jobs",
            "jobs": len(wanted),
            "recorded": len(finals.keys() & wanted),
            "under_other_ids": len(finals.keys() - wanted),
            "missing": sorted(f"{cluster} {job}" for cluster, job in wanted - finals.keys()),
            "unnamed": (Path(name) / "log").read_text().count("is no job that is known"),
            "seconds": round(time.monotonic() - began, 1),
            "rss_mb": round(resident_bytes(process.pid) / 1e6, 1),
            "target": {"recorded": 2 * HALF, "under_other_ids": 0, "rss_mb": 40},
            "machine": machine(),
        }
        print((Path(name) / "log").read_text(), file=sys.stderr)
    print(json.dumps(figures))


@contextmanager
def running_collector(folder: Path) -> Iterator[subprocess.Popen[bytes]]:
    settings = {
        "state_dir": str(folder / "state"),
        "manager_url": UNREACHABLE,
        "token_file": os.devnull,
        "interval_s": 1,
        "squeue": [*CLUSTER, "cm", "--", "squeue"],
    }
    file = folder / "joblens.toml"
    file.write_text("".join(f"{name} = {json.dumps(value)}\n" for name, value in settings.items()))
    file.chmod(0o600)
    argv = [sys.executable, "-m", "joblens", "collect", "--config", str(file)]
    with open(folder / "log", "w") as log, subprocess.Popen(argv, cwd=ROOT, stderr=log) as process:
        while "collecting on" not in (folder / "log").read_text():
            if process.poll() is not None:
                raise SystemExit((folder / "log").read_text())
            time.sleep(0.1)
        yield process
        process.send_signal(signal.SIGTERM)


def submit() -> set[tuple[str, str]]:
    """Cluster and id of all jobs."""
    settings = ["executable=/bin/true", "transfer_executable=false", "request_memory=20"]
    condor = on_portal("condor_submit", "-terse", *settings, "-queue", str(HALF)).partition(".")[0]
    options = ["--parsable", "--mem=1", "--chdir=/tmp", "--output=/dev/null", f"--array=1-{HALF}"]
    array = on_portal("sbatch", *options, "--wrap", "exec /bin/true").strip()
    jobs = {("htcondor", f"{condor}.{proc}") for proc in range(HALF)}
    return jobs | {("slurm", f"{array}_{task}") for task in range(1, HALF + 1)}


def on_portal(*argv: str) -> str:
    command = [*CLUSTER, "portal", "-u", "alice", "--", *argv]
    return subprocess.run(command, check=True, capture_output=True, text=True, timeout=120).stdout


def wait(spool: Path, wanted: set[tuple[str, str]]) -> dict[tuple[str, str], JobSample]:
    """Final records by job, once all are there or time is over."""
    finals: dict[tuple[str, str], JobSample] = {}
    read: set[str] = set()
    deadline = time.monotonic() + PATIENCE_S
    while not wanted <= finals.keys() and time.monotonic() < deadline:
        time.sleep(1)
        for path in sorted(spool.glob("*.jlb")):
            if path.name not in read:
                read.add(path.name)
                samples = decode(path.read_bytes()).samples
                finals |= {(sample.key.cluster, sample.key.job): sample for sample in samples if sample.final}
    return finals


if __name__ == "__main__":
    main()
