"""What a process takes: resident memory and processor time, as the kernel counts them (proc(5))."""

from __future__ import annotations

import os
import time
from pathlib import Path

_TICKS = os.sysconf("SC_CLK_TCK")


def resident_mib(pid: int) -> float:
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return next(int(line.split()[1]) / 1024 for line in lines if line.startswith("VmRSS:"))


def cpu_percent(pid: int, seconds: float) -> float:
    """Of one core, of all its threads, in the next so many seconds."""
    before = _used_s(pid)
    time.sleep(seconds)
    return (_used_s(pid) - before) / seconds * 100


def _used_s(pid: int) -> float:
    """Fields 14 and 15; the second may hold blanks and brackets."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / _TICKS
