"""What observing costs the system calls of everybody, by class, in nanoseconds a call."""

from __future__ import annotations

import secrets
import statistics
import subprocess
import sys
from pathlib import Path

from joblens.collector.bpf_probe import BpfProbe, Files

CALLS = 100_000
ROUNDS = 5
STARTER = """
import subprocess, sys
with open("/proc/self/comm", "w") as comm:
    comm.write(sys.argv[1])
print(subprocess.run(sys.argv[2:], capture_output=True, text=True, check=True).stdout)
"""


def taxes(program: Path, folder: Path) -> dict[str, float]:
    """Medians of differences between a measurement without a probe and the next with one, in the same round."""
    found: dict[str, list[float]] = {}
    for _ in range(ROUNDS):
        plain, write = _measured(program, folder, f"jb{secrets.token_hex(4)}")
        found.setdefault("base_plain", []).append(plain)
        found.setdefault("base_write", []).append(write)
        for files, kind in ((Files.OFF, "without_exact_files"), (Files.EXACT, "exact_files")):
            for is_inside in (False, True):
                taxed = _with_probe(program, folder, files, is_inside=is_inside)
                where = f"{kind}_{'inside' if is_inside else 'outside'}"
                found.setdefault(f"{where}_plain", []).append(taxed[0] - plain)
                found.setdefault(f"{where}_write", []).append(taxed[1] - write)
    return {name: round(statistics.median(values), 1) for name, values in found.items()}


def _with_probe(program: Path, folder: Path, files: Files, *, is_inside: bool) -> tuple[float, float]:
    starter = f"jb{secrets.token_hex(4)}"
    probe = BpfProbe(frozenset({starter if is_inside else "nobody"}), files=files)
    probe.open()
    try:
        return _measured(program, folder, starter)
    finally:
        probe.close()


def _measured(program: Path, folder: Path, starter: str) -> tuple[float, float]:
    """Under a process of that name: a job where the probe looks for it."""
    argv = [sys.executable, "-I", "-S", "-c", STARTER, starter, program, str(CALLS), folder]
    said = subprocess.run(argv, capture_output=True, text=True, check=True, timeout=120).stdout
    plain, write = map(float, said.split())
    return plain, write
