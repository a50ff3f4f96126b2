"""What observing costs the system calls of everybody, by class, in nanoseconds a call."""

from __future__ import annotations

import secrets
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from joblens.bpf.probe import BpfProbe, Files

CALLS = 100_000
ROUNDS = 5
KINDS = ("plain", "write", "send")  # a call that does nothing, and those of 64 bytes to a file and to a socket
STARTER = """
import subprocess, sys
with open("/proc/self/comm", "w") as comm:
    comm.write(sys.argv[1])
print(subprocess.run(sys.argv[2:], capture_output=True, text=True, check=True).stdout)
"""


def taxes(program: Path, folder: Path) -> dict[str, float]:
    """The least of all rounds with a probe, less the least without: what others do at the time only ever adds."""
    calls: dict[str, list[float]] = {}
    for _ in range(ROUNDS):
        _note(calls, "base", _measured(program, folder, f"jb{secrets.token_hex(4)}"))
        for files, kind in ((Files.OFF, "without_exact_files"), (Files.EXACT, "exact_files")):
            for is_inside in (False, True):
                where = f"{kind}_{'inside' if is_inside else 'outside'}"
                _note(calls, where, _with_probe(program, folder, files, is_inside=is_inside))
    least = {name: min(values) for name, values in calls.items()}
    base = {kind: least[f"base_{kind}"] for kind in KINDS}
    taxed = {name: value - base[name.rpartition("_")[2]] for name, value in least.items()}
    return {name: round(value, 1) for name, value in (taxed | {f"base_{kind}": base[kind] for kind in KINDS}).items()}


def _note(calls: dict[str, list[float]], where: str, figures: Sequence[float]) -> None:
    for kind, figure in zip(KINDS, figures, strict=True):
        calls.setdefault(f"{where}_{kind}", []).append(figure)


def _with_probe(program: Path, folder: Path, files: Files, *, is_inside: bool) -> Sequence[float]:
    starter = f"jb{secrets.token_hex(4)}"
    probe = BpfProbe(frozenset({starter if is_inside else "nobody"}), files=files)
    probe.open()
    try:
        return _measured(program, folder, starter)
    finally:
        probe.close()


def _measured(program: Path, folder: Path, starter: str) -> Sequence[float]:
    """Under a process of that name: a job where the probe looks for it."""
    argv = [sys.executable, "-I", "-S", "-c", STARTER, starter, program, str(CALLS), folder]
    said = subprocess.run(argv, capture_output=True, text=True, check=True, timeout=120).stdout
    return [float(word) for word in said.split()]
