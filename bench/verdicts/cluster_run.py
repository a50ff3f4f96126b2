"""The corpus on the development cluster: real HTCondor and Slurm jobs, and the real collector as a process of its own.

The cluster has to be up (`make cluster-up`, root). Half of the jobs go to each scheduler, `AT_ONCE` at a time; the
collector has no manager here, so that its batches wait in its spool, from which they are taken.
"""

from __future__ import annotations

import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import count
from pathlib import Path

from bench.verdicts import workload
from bench.verdicts.corpus import LIMITS, Case
from bench.verdicts.report import Judged
from joblens.records import JobKey
from joblens.store.memory import MemoryStore
from joblens.store.trace_store import JobQuery, JobState
from joblens.store.wire import decode
from joblens.verdicts.from_store import judge_job

ROOT = Path(__file__).resolve().parents[2]
CLUSTER = (sys.executable, str(ROOT / "deploy/dev-cluster/cluster.py"), "exec", "portal", "-u", "alice", "--")
PROGRAM = "/shared/home/alice/verdict-workload.py"
WORKLOAD = f"/opt/ink/env/bin/python -I -S {PROGRAM}"
AT_ONCE = 2
LONGEST_S = 120.0
"""For one job, its time in the queue included."""
CONFIG = """
host = "bench"
state_dir = "{state}"
interval_s = 0.5
files_interval_s = 1.0
linger_s = 1.0
squeue = []
manager_url = "http://127.0.0.1:9"
token_file = "{state}/token"
"""
HTCONDOR = """
batch_name = {name}
executable = /usr/bin/env
arguments = "{command}"
transfer_executable = false
should_transfer_files = YES
transfer_output_files = ""
request_cpus = {case.cpus}
request_memory = {case.memory_mib}MB
queue
"""
SLURM = """#!/bin/sh
#SBATCH --job-name={name}
#SBATCH --cpus-per-task={case.cpus}
#SBATCH --mem={case.memory_mib}M
#SBATCH --output=/dev/null
folder=$(mktemp -d /scratch/alice/verdict-XXXXXX)
cd "$folder" && {command}
cd / && rm -rf "$folder"
"""


def judge_all(cases: Sequence[Case]) -> list[Judged]:
    _portal(["tee", PROGRAM], Path(workload.__file__).read_text())
    with tempfile.TemporaryDirectory(prefix="ink-verdicts-") as folder, _collecting(Path(folder)) as collector:
        run = _Run(Path(folder) / "spool", collector)
        for number, case in enumerate(cases):
            run.submit(case, "slurm" if (number // 2 + number) % 2 else "htcondor")
            run.wait(AT_ONCE - 1)
        run.wait(0)
        return [Judged(case, key.cluster, judge_job(run.store, key, limits=LIMITS)) for case, key in run.ended()]


@contextmanager
def _collecting(state: Path) -> Iterator[subprocess.Popen[bytes]]:
    """No manager answers at the address that it has."""
    config = state / "joblens.toml"
    config.write_text(CONFIG.format(state=state))
    collector = subprocess.Popen([sys.executable, "-m", "joblens", "collect", "--config", config], cwd=ROOT)
    try:
        yield collector
    finally:
        collector.send_signal(signal.SIGTERM)
        collector.wait(30)


class _Run:
    """Jobs are known by their names, which no other run has."""

    def __init__(self, spool: Path, collector: subprocess.Popen[bytes]) -> None:
        self.store = MemoryStore()
        self._spool = spool
        self._collector = collector
        self._taken: set[str] = set()
        self._mark = f"v{int(time.time())}"
        self._numbers = count()
        self._cases: dict[str, Case] = {}
        self._submitted: dict[str, float] = {}

    def submit(self, case: Case, scheduler: str) -> None:
        name = f"{self._mark}-{next(self._numbers)}"
        self._cases[name] = case
        self._submitted[name] = time.monotonic()
        arguments = " ".join(case.arguments)
        if scheduler == "htcondor":
            text = HTCONDOR.format(name=name, case=case, command=f"{WORKLOAD} {arguments}")
            _portal(["condor_submit", "-terse", "-"], text)
        else:
            _portal(["sbatch", "--parsable"], SLURM.format(name=name, case=case, command=f"{WORKLOAD} {arguments}"))

    def wait(self, most: int) -> None:
        """Until no more than `most` jobs have not ended; one that takes too long is given up."""
        while len(self._submitted) > most:
            time.sleep(0.5)
            if self._collector.poll() is not None:
                raise SystemExit("the collector has ended; what it said is above")
            self._take()
            over = [name for name, since in self._submitted.items() if time.monotonic() - since > LONGEST_S]
            for name in {*over, *(self._name(key) for _, key in self.ended())} & self._submitted.keys():
                del self._submitted[name]

    def ended(self) -> list[tuple[Case, JobKey]]:
        rows = self.store.jobs(JobQuery(text=self._mark, states=(JobState.ENDED,)), limit=1000).rows
        return [(self._cases[row.infos[0].name], row.key) for row in rows if row.infos]

    def _name(self, key: JobKey) -> str:
        return self.store.summary(key).infos[0].name

    def _take(self) -> None:
        """Batches are written whole and renamed, so that what has its name is complete."""
        for path in sorted(self._spool.glob("*.jlb")):
            if path.name not in self._taken:
                self._taken.add(path.name)
                self.store.write([decode(path.read_bytes())])


def _portal(argv: list[str], text: str) -> None:
    """Run as alice on the access point, whose home is her folder."""
    subprocess.run([*CLUSTER, *argv], input=text, text=True, check=True, timeout=60, stdout=subprocess.DEVNULL)
