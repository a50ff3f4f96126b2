"""What the jobs of `load.c` counted themselves, and whether the store says the same."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from joblens.records import FileSample, JobKey, Traffic
from joblens.store.embedded import EmbeddedStore

Figures = tuple[int, int, int, int]
MAX_FILES = 2000


@dataclass
class Counted:
    """One job, by itself and by the kernel to its starter."""

    cpu_ns: int = 0
    net_rx: int = 0
    net_tx: int = 0
    files: dict[str, Figures] = field(default_factory=dict[str, Figures])
    peers: dict[str, tuple[int, int]] = field(default_factory=dict[str, tuple[int, int]])

    def add_worker(self, path: str, shared: str, row: list[int]) -> None:
        read, reads, written, writes, server, client, sent, received = row
        self.files[path] = (0, 0, written, writes)
        before = self.files.get(shared, (0, 0, 0, 0))
        self.files[shared] = (before[0] + read, before[1] + reads, 0, 0)
        self.peers[f"tcp://127.0.0.1:{server}"] = (0, sent)
        self.peers[f"tcp://127.0.0.1:{client}"] = (received, 0)
        self.net_rx += received
        self.net_tx += sent


def read_truth(folder: Path) -> dict[str, Counted]:
    jobs: dict[str, Counted] = defaultdict(Counted)
    for line in (folder / "truth").read_text().splitlines():
        kind, job, *rest = line.split()
        if kind == "cpu":
            jobs[job].cpu_ns = int(rest[0]) * 1000
        else:
            jobs[job].add_worker(rest[0], str(folder / "shared"), [int(word) for word in rest[1:]])
    return jobs


def compared(truth: dict[str, Counted], store: EmbeddedStore, cluster: str) -> dict[str, Any]:
    """`bytes_exact` is whether every byte and operation of every file, socket and job is told as it was counted."""
    wrong: list[str] = []
    cpu = 0
    for job, counted in truth.items():
        key = JobKey(cluster, job)
        summary = store.summary(key)
        cpu += summary.totals["cpu_ns"]
        if (summary.totals["net_rx"], summary.totals["net_tx"]) != (counted.net_rx, counted.net_tx):
            wrong.append(f"job {job}: network {summary.totals['net_rx']}, {summary.totals['net_tx']}")
        wrong += _wrong_files(counted, {file.path: file for file in store.files(key, limit=MAX_FILES)}, job)
    return {
        "bytes_exact": not wrong,
        "wrong": wrong[:5],
        "cpu_of_rusage": round(cpu / sum(each.cpu_ns for each in truth.values()), 4),
        "files_and_sockets": sum(len(each.files) + len(each.peers) for each in truth.values()),
    }


def _wrong_files(counted: Counted, told: dict[str, FileSample], job: str) -> list[str]:
    wrong: list[str] = []
    for path, figures in counted.files.items():
        file = told.get(path)
        if file is None or (file.read_bytes, file.read_ops, file.write_bytes, file.write_ops) != figures:
            wrong.append(f"job {job}: {path} is {file} and not {figures}")
    for path, (received, sent) in counted.peers.items():
        peer = told.get(path)
        traffic = (peer.read_bytes, peer.write_bytes) if peer and peer.traffic is Traffic.NETWORK else None
        if traffic != (received, sent):
            wrong.append(f"job {job}: {path} is {traffic} and not {(received, sent)}")
    return wrong
