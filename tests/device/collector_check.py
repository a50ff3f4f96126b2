"""The whole collector on a machine with an NVIDIA card: eBPF and the card, joined to the same jobs.

`python3 tests/device/collector_check.py --out DIR [--nvml WHEEL]`, as root: two process trees stand for jobs (one keeps
the card busy, one only holds memory). Writes `collector.json`, prints it; the exit status is 1 where a check failed.
Needs `libbpf.so.1` beside the driver, and changes nothing on the card.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parents[1]))

from joblens.records import GpuSample, Level  # noqa: E402
from tests.acceptance.waiting import until  # noqa: E402
from tests.contract.job_trees import RealTrees  # noqa: E402
from tests.integration.joblens.running_collector import RunningCollector, TakingManager, running_collector  # noqa: E402

MIB = 1024 * 1024
BUSY, HOLDS = "1", "2"
MEMORY_MIB = {BUSY: 512, HOLDS: 2048}
READINGS = 12


def cards(manager: TakingManager, job: str) -> list[GpuSample]:
    return [sample for batch in list(manager.batches) for sample in batch.gpus if sample.key.job == job]


def observed(manager: TakingManager, collector: RunningCollector) -> dict[str, Any]:
    busy, holds = cards(manager, BUSY), cards(manager, HOLDS)
    settled = [sample.sm_percent or 0 for sample in busy[-5:]]
    return {
        "checks": {
            "the kernel is observed by eBPF": manager.batches[-1].level is Level.BPF,
            "each job has its CPU, files and card": all(
                manager.samples(job)[-1].cpu_ns > 0
                and any(file.key.job == job for batch in manager.batches for file in batch.files)
                and cards(manager, job)
                for job in MEMORY_MIB
            ),
            "one process of each job is on the card": busy[-1].processes == holds[-1].processes == 1,
            "the difference of memory is exact to 16 MiB": abs((holds[-1].memory_bytes - busy[-1].memory_bytes) // MIB
                                                               - MEMORY_MIB[HOLDS] + MEMORY_MIB[BUSY]) <= 16,
            "the busy job is busy and the other is not": min(settled) > 50 and (holds[-1].sm_percent or 0) < 5,
        },
        "readings": len(busy),
        "card": busy[-1].name,
        "collector_rss_mb": collector.resident_bytes() / MIB,
        "metrics": (collector.folder / "joblens.prom").read_text(),
        "said": collector.said(),
    }  # fmt: skip


def check(folder: Path) -> dict[str, Any]:
    manager = TakingManager()
    trees = RealTrees(folder)
    settings = {"level": "auto", "starters": (trees.starter,), "interval_s": 1.0, "gpu_interval_s": 1.0}
    with running_collector(folder, manager.url, **settings) as collector:
        load = str(HERE / "cuda_load.py")
        jobs = [
            trees.run(f"slurmstepd: [{job}.0]", sys.executable, load, str(MEMORY_MIB[job]), str(int(job == BUSY)))
            for job in MEMORY_MIB
        ]
        try:
            until("both are on the card", lambda: all(len(cards(manager, job)) >= READINGS for job in MEMORY_MIB))
            return observed(manager, collector)
        finally:
            for job in jobs:
                for pid in Path(f"/proc/{job.pid}/task/{job.pid}/children").read_text().split():
                    os.kill(int(pid), 9)
                job.wait(30)
            manager.close()


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--nvml", type=Path, help="a wheel of nvidia-ml-py, where it is not installed")
    given = parser.parse_args()
    if given.nvml:
        os.environ["PYTHONPATH"] = str(given.nvml.resolve())
    with tempfile.TemporaryDirectory() as folder:
        result = check(Path(folder))
    given.out.mkdir(parents=True, exist_ok=True)
    (given.out / "collector.json").write_text(json.dumps(result))
    print(json.dumps(result))
    return 0 if all(result["checks"].values()) else 1


if __name__ == "__main__":
    sys.exit(main())
