"""The processes of a measurement, and what they cost by the kernel's own count."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Cost:
    cpu_pct_core: float
    rss_mb: float  # MiB


class Watched:
    """A process and its children, from now on."""

    def __init__(self, pid: int) -> None:
        self._pid = pid
        self._since, self._cpu = time.monotonic(), cpu_seconds(pid)

    def cost(self) -> Cost:
        used, seconds = cpu_seconds(self._pid) - self._cpu, time.monotonic() - self._since
        return Cost(round(100 * used / seconds, 3), round(resident_bytes(self._pid) / (1 << 20), 1))


def cpu_seconds(pid: int) -> float:
    """In nanoseconds by the scheduler, of all threads and children."""
    own = sum(int(_read(path).split()[0]) for path in Path(f"/proc/{pid}/task").glob("*/schedstat"))
    return own / 1e9 + sum(map(cpu_seconds, children(pid)))


def resident_bytes(pid: int) -> int:
    pages = int(_read(Path(f"/proc/{pid}/statm")).split()[1])
    return pages * os.sysconf("SC_PAGESIZE") + sum(map(resident_bytes, children(pid)))


def children(pid: int) -> list[int]:
    return [int(each) for path in Path(f"/proc/{pid}/task").glob("*/children") for each in _read(path).split()]


def _read(path: Path) -> str:
    try:
        return path.read_text()
    except OSError:
        return "0 0"


def compiled(source: str, folder: Path) -> Path:
    target = folder / Path(source).stem
    subprocess.run(["cc", "-O2", "-o", target, Path(__file__).with_name(source)], check=True, timeout=60)
    return target


@contextmanager
def module(name: str, *arguments: str | Path, python: str | Path = sys.executable) -> Iterator[subprocess.Popen[str]]:
    """A program of ours, ended with the block."""
    argv = [python, "-m", name, *map(str, arguments)]
    with subprocess.Popen(argv, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        try:
            yield process
        finally:
            process.terminate()
            process.wait(60)


def line(process: subprocess.Popen[str]) -> str:
    """The next that it says."""
    assert process.stdout
    said = process.stdout.readline()
    if not said:
        raise RuntimeError(f"{process.args} ended without a word")
    return said.strip()
