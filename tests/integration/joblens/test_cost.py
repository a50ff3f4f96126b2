"""What the collector costs with 251 jobs of three workers, as the benchmark has them: every figure, and files by name.

Times of a machine that others use too tell nothing by themselves: CPU time is compared with that of who polls `/proc`
for less at the same time. The figures themselves are those of `make bench NAME=joblens`.
"""

from __future__ import annotations

import os
import secrets
import shutil
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from bench.joblens.processes import compiled, cpu_seconds, line, module
from joblens.records import Level
from tests.acceptance.waiting import until
from tests.integration.joblens.running_collector import TakingManager, running_collector

pytestmark = [
    pytest.mark.integration,
    pytest.mark.xdist_group("joblens_bpf"),
    pytest.mark.timeout(1800),
    pytest.mark.skipif(shutil.which("cc") is None, reason="there is no C compiler here"),
]
JOBS, WORKERS, LIFE_S, THINK_MS = 251, 3, 600, 20_000
ROUNDS = 4
PATIENCE_S = 500


@dataclass(frozen=True)
class Used:
    """By a process: CPU time, and reads and writes, of `/proc`, of what the kernel's programs tell and of its disk."""

    cpu_s: float
    calls: int

    @classmethod
    def by(cls, pid: int) -> Used:
        fields = dict(line.split(": ") for line in Path(f"/proc/{pid}/io").read_text().splitlines())
        return cls(cpu_seconds(pid), int(fields["syscr"]) + int(fields["syscw"]))

    def __sub__(self, before: Used) -> Used:
        return Used(self.cpu_s - before.cpu_s, self.calls - before.calls)


@dataclass(frozen=True)
class Cost:
    """Of at least `ROUNDS` samples of all jobs, and what polling `/proc` used meanwhile."""

    resident_bytes: int
    ours: Used
    polling: Used
    batches: int


@pytest.fixture(scope="module")
def cost(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cost]:
    folder = tmp_path_factory.mktemp("cost")
    starter = f"jl{secrets.token_hex(5)}"
    manager = TakingManager()
    settings = {"starters": (starter,), "interval_s": 1.0, "files_interval_s": 2.0}
    with running_collector(folder, manager.url, **settings) as collector, load(starter):
        wait("all jobs are told with their files", lambda: rounds(manager) and files(manager) >= 3 * JOBS * WORKERS)
        if manager.batches[-1].level is not Level.BPF:
            pytest.skip("this host allows no eBPF")
        with module("bench.joblens.peers", "proc", "1", starter) as polling:
            line(polling)
            ours, polled, since = Used.by(collector.process.pid), Used.by(polling.pid), time.time()
            batches = len(manager.batches)
            wait("they are sampled some times", lambda: rounds(manager, since) >= ROUNDS)
            ours, polled = Used.by(collector.process.pid) - ours, Used.by(polling.pid) - polled
            yield Cost(collector.resident_bytes(), ours, polled, len(manager.batches) - batches)
    manager.close()


@contextmanager
def load(starter: str) -> Iterator[None]:
    """Its files are in memory: a disk that is slow for others makes nothing more of it."""
    with TemporaryDirectory(prefix="ink-load-", dir="/dev/shm") as folder:
        argv = [compiled("load.c", Path(folder)), *map(str, (JOBS, WORKERS, LIFE_S, folder, THINK_MS)), starter]
        with subprocess.Popen(argv, start_new_session=True) as running:
            try:
                yield
            finally:
                os.killpg(running.pid, signal.SIGKILL)


def rounds(manager: TakingManager, since: float = 0.0) -> int:
    """Samples of all jobs that were taken since, whenever they came: a disk may hold them up."""
    return sum(len(batch.samples) >= JOBS and batch.time > since for batch in list(manager.batches))


def files(manager: TakingManager) -> int:
    """Told, those again that changed: each worker has one of its own and two sockets."""
    return sum(len(batch.files) for batch in list(manager.batches))


def wait(what: str, check: Callable[[], object]) -> None:
    until(what, check, timeout_s=PATIENCE_S)


@pytest.mark.requirement("LENS-COST-02")
def test_the_collector_of_251_jobs_holds_at_most_40_mb(cost: Cost) -> None:
    assert cost.resident_bytes <= 40 * 2**20


@pytest.mark.requirement("LENS-COST-01")
def test_it_costs_at_most_a_quarter_of_what_polling_costs_that_sees_no_files_and_no_network(cost: Cost) -> None:
    assert cost.ours.cpu_s <= cost.polling.cpu_s / 4


@pytest.mark.requirement("LENS-COST-01")
def test_what_it_reads_and_writes_for_a_sample_does_not_grow_with_jobs_and_processes(cost: Cost) -> None:
    """All tasks are read in one pass, files and peers a thousand at once; polling opens three files of each process."""
    assert cost.ours.calls <= 20 * cost.batches
