"""Reads known loads through the NVML adapter on a machine with an NVIDIA card, and records a trace of it.

`python3 tests/device/gpu_check.py --out DIR [--nvml WHEEL]`: two process trees stand for jobs (one keeps the card busy,
one only holds memory), a third was assigned the card and never opens it. Writes `nvml-trace.json` and `result.json`,
prints the latter; the exit status is 1 where a check failed. Changes nothing on the card.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parents[1]))

from joblens.gpu.child import GpuChild  # noqa: E402
from joblens.gpu.join import assigned, join  # noqa: E402
from joblens.gpu.nvml import NvmlReader, load_nvml  # noqa: E402
from joblens.gpu.nvml_trace import RecordedNvml, RecordingNvml  # noqa: E402
from joblens.gpu.reader import GpuReader  # noqa: E402
from joblens.records import GpuSample, JobKey  # noqa: E402

MIB = 1024 * 1024
BUSY, HOLDS, IDLE = (JobKey("device", name) for name in ("1.0", "2.0", "3.0"))
MEMORY_MIB = {BUSY: 512, HOLDS: 2048}
CONTEXT_MIB = 2048  # at most: what CUDA itself takes on a card for each process
READINGS = 10
CALLS = (
    "nvmlDeviceGetTotalEnergyConsumption",
    "nvmlDeviceGetUtilizationRates",
    "nvmlDeviceGetMemoryInfo",
    "nvmlDeviceGetMigMode",
    "nvmlDeviceGetComputeRunningProcesses",
    "nvmlDeviceGetGraphicsRunningProcesses",
    "nvmlDeviceGetName",
)


def tree(root: int) -> list[int]:
    """The process ids of a tree, as `/proc` has them."""
    parents = {int(path.name): _parent(path) for path in Path("/proc").iterdir() if path.name.isdigit()}
    found = [root]
    for pid in found:
        found += [child for child, parent in parents.items() if parent == pid]
    return found


def _parent(process: Path) -> int:
    try:
        return int((process / "stat").read_text().rpartition(")")[2].split()[1])
    except OSError:
        return 0


@contextmanager
def job(mib: int, busy: float) -> Iterator[int]:
    """A tree of a shell and the load under it, as a scheduler's starter has it; its root pid once the load runs."""
    command = f'"{sys.executable}" "{HERE / "cuda_load.py"}" {mib} {busy}; exit $?'
    shell = subprocess.Popen(["/bin/sh", "-c", command], stdout=subprocess.PIPE, text=True, start_new_session=True)
    assert shell.stdout is not None
    try:
        if shell.stdout.readline() != "ready\n":
            raise SystemExit("the load did not start: no CUDA driver here?")
        yield shell.pid
    finally:
        os.killpg(shell.pid, 9)
        shell.wait()


def readings(reader: NvmlReader, pids: dict[JobKey, list[int]], wait: Callable[[], None]) -> Iterator[list[GpuSample]]:
    cards = {IDLE: assigned({"CUDA_VISIBLE_DEVICES": "0"})}
    for _ in range(READINGS):
        yield join(reader.read(), pids, cards, time.time())
        wait()


def cost(reader: GpuReader) -> dict[str, float]:
    """Of one reading, in milliseconds of CPU and of time."""
    before, began, rounds = resource.getrusage(resource.RUSAGE_SELF), time.monotonic(), 50
    for _ in range(rounds):
        reader.read()
    after = resource.getrusage(resource.RUSAGE_SELF)
    cpu_s = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return {"cpu_ms": 1000 * cpu_s / rounds, "wall_ms": 1000 * (time.monotonic() - began) / rounds}


def calls_ms(nvml: Any) -> dict[str, float]:
    """Of the single calls of a reading, in milliseconds."""
    card, told = nvml.nvmlDeviceGetHandleByIndex(0), dict[str, float]()
    for name in CALLS:
        began = time.monotonic()
        for _ in range(10):
            with suppress(nvml.NVMLError):
                getattr(nvml, name)(card)
        told[name] = 100 * (time.monotonic() - began)
    return told


def through_child(pids: dict[JobKey, list[int]]) -> dict[str, Any]:
    """The same by the process that the collector uses: what it reads, and what it and the collector spend."""
    environment = ":".join(filter(None, (os.environ.get("PYTHONPATH"), *sys.path[:2])))
    os.environ["PYTHONPATH"] = environment
    child = GpuChild()
    samples, spent = join(child.read(), pids, {}, 0.0), cost(child)
    resident = Path(f"/proc/{child.pid}/statm").read_text().split()[1] if child.pid else "0"
    child.close()
    return {"jobs": len(samples), "collector": spent, "child_rss_mb": int(resident) * 4096 / MIB}


def judged(rounds: list[list[GpuSample]]) -> dict[str, bool]:
    settled = rounds[3:]  # the driver's own sample period has passed
    by_key = {key: [sample for each in settled for sample in each if sample.key == key] for key in (BUSY, HOLDS, IDLE)}
    memory = {key: by_key[key][-1].memory_bytes // MIB if by_key[key] else 0 for key in MEMORY_MIB}
    busy, holds = (_mean(by_key[key]) for key in (BUSY, HOLDS))
    return {
        "both jobs are found by pid in every reading": all(len(by_key[key]) == len(settled) for key in MEMORY_MIB),
        "each has one process": all(sample.processes == 1 for key in MEMORY_MIB for sample in by_key[key]),
        "memory is what was allocated and a context": all(
            mib <= memory[key] <= mib + CONTEXT_MIB for key, mib in MEMORY_MIB.items()
        ),
        "the difference of memory is exact to 16 MiB": abs(memory[HOLDS] - memory[BUSY] - 1536) <= 16,
        "the busy job is busy and the other is not": busy > 50 and holds < 5,
        "the job that leaves its card unused is told with no process": bool(by_key[IDLE])
        and all(sample.processes == 0 and sample.sm_percent == 0 for sample in by_key[IDLE]),
        "energy rises": settled[0][0].energy_mj < settled[-1][0].energy_mj if settled[0] else False,
    }


def _mean(samples: list[GpuSample]) -> float:
    values = [sample.sm_percent for sample in samples if sample.sm_percent is not None]
    return sum(values) / len(values) if values else -1.0


def check(out: Path) -> dict[str, Any]:
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    nvml = load_nvml()
    recording = RecordingNvml(nvml)
    reader = NvmlReader(recording)
    with job(MEMORY_MIB[BUSY], 1.0) as busy, job(MEMORY_MIB[HOLDS], 0.0) as holds:
        pids = {BUSY: tree(busy), HOLDS: tree(holds)}
        rounds = list(readings(reader, pids, lambda: time.sleep(1)))
        plain = NvmlReader(nvml)
        spent = cost(plain)
        told, calls, child = facts(nvml), calls_ms(nvml), through_child(pids)
        grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    time.sleep(2)
    after = join(reader.read(), pids, {}, time.time())
    trace = {"pids": {key.job: each for key, each in pids.items()}, "calls": recording.trace}
    (out / "nvml-trace.json").write_text(json.dumps(trace))
    replayed = list(readings(NvmlReader(RecordedNvml(json.loads(json.dumps(recording.trace)))), pids, lambda: None))
    checks = judged(rounds) | {
        "ended jobs leave the card": after == [],
        "the child finds both jobs": child["jobs"] == len(MEMORY_MIB),
        "the trace replays to the same figures": [[sample._replace(time=0.0) for sample in each] for each in replayed]
        == [[sample._replace(time=0.0) for sample in each] for each in rounds],
    }
    costs = {"reading": spent, "calls_ms": calls, "child": child, "rss_grown_kb": grown}
    return {"checks": checks, "costs": costs, "facts": told, "rounds": rounds}


def facts(nvml: Any) -> dict[str, Any]:
    nvml.nvmlInit()
    card = nvml.nvmlDeviceGetHandleByIndex(0)
    asked: dict[str, Callable[[], Any]] = {
        "driver": nvml.nvmlSystemGetDriverVersion,
        "card": lambda: nvml.nvmlDeviceGetName(card),
        "mig_mode": lambda: nvml.nvmlDeviceGetMigMode(card),
        "gpm_supported": lambda: nvml.nvmlGpmQueryDeviceSupport(card).isSupportedDevice,
        "processes": lambda: [str(each) for each in nvml.nvmlDeviceGetComputeRunningProcesses(card)],
    }
    told: dict[str, Any] = {}
    for name, ask in asked.items():
        try:
            told[name] = ask()
        except Exception as error:  # whatever a card does not tell is a fact too
            told[name] = f"not told: {error!r}"
    return told


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--nvml", type=Path, help="a wheel of nvidia-ml-py, where it is not installed")
    given = parser.parse_args()
    if given.nvml:
        sys.path.insert(1, str(given.nvml.resolve()))
    given.out.mkdir(parents=True, exist_ok=True)
    result = check(given.out)
    (given.out / "result.json").write_text(json.dumps(result, default=str))
    print(json.dumps(result, default=str))
    return 0 if all(result["checks"].values()) else 1


if __name__ == "__main__":
    sys.exit(main())
