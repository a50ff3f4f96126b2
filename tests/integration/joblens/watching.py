"""A probe on jobs of a test's own starter, and everything it told."""

from __future__ import annotations

import json
import os
import secrets
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import pytest

from joblens.bpf.probe import BpfProbe
from joblens.collector.probes.probe import FileUsage, Found, Reading, Usage
from joblens.errors import ProbeRefused
from joblens.records import Traffic

HERE = Path(__file__).parent
PYTHON = os.path.realpath(sys.executable)
START_AND_WAIT = (
    "import os, sys\nos.waitpid(os.posix_spawn(sys.argv[1], [sys.argv[1], '-I', '-S', '-c', *sys.argv[2:]], {}), 0)"
)
"""A starter of one job that shares its input and output: the interpreter, a program and its arguments."""


class Watching(AbstractContextManager["Watching"]):
    """Skips the test with the probe's own reason where the host refuses it."""

    def __init__(self, folder: Path, **options: Any) -> None:
        self.starter = folder / f"jl{secrets.token_hex(5)}"  # of a name that nobody else's starter has
        self.starter.symlink_to(PYTHON)
        self.probe = BpfProbe(frozenset({self.starter.name}), **options)
        try:
            self.probe.open()
        except ProbeRefused as why:
            pytest.skip(str(why))
        argv = [self.starter, "-I", "-S", HERE / "starter.py"]
        self._starter = subprocess.Popen(argv, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.found: dict[int, Found] = {}
        self.usages: dict[int, Usage] = {}
        self.files: dict[int, dict[tuple[Traffic, str], FileUsage]] = {}
        self.lost_events = 0

    def __exit__(self, *_: object) -> None:
        with self._starter:
            assert self._starter.stdin
            self._starter.stdin.close()
        self.probe.close()

    def begin(self, *argv: str | Path, environ: dict[str, str] | None = None, times: int = 1) -> None:
        job = {"argv": [str(part) for part in argv], "environ": environ or {}, "times": times}
        assert self._starter.stdin
        self._starter.stdin.write(json.dumps(job) + "\n")
        self._starter.stdin.flush()

    def ran(self) -> list[dict[str, Any]]:
        """What the starter was told by the kernel of the jobs of one `begin`; waits for their end."""
        assert self._starter.stdout
        return json.loads(self._starter.stdout.readline())

    def read(self) -> Reading:
        reading = self.probe.read()
        self.found |= {found.handle: found for found in reading.found}
        self.usages |= {usage.handle: usage for usage in reading.usages}
        for file in reading.files:
            self.files.setdefault(file.handle, {})[file.traffic, file.path] = file
        self.lost_events = reading.lost_events
        return reading

    def until_ended(self, jobs: int = 1) -> list[int]:
        """Handles of the jobs that ended, once there are so many."""
        self.until(lambda: len(self._ended()) >= jobs)
        assert len(self._ended()) == jobs
        return self._ended()

    def until(self, check: Callable[[], object]) -> None:
        deadline = time.monotonic() + 90
        while not check():
            assert time.monotonic() < deadline, "the probe has not told it in time"
            self.probe.wait(0.05)
            self.read()

    def run(self, *argv: str | Path, environ: dict[str, str] | None = None) -> tuple[int, dict[str, Any]]:
        """One job to its end: its handle, and what its starter was told."""
        self.begin(*argv, environ=environ)
        ran = self.ran()[0]
        assert ran["code"] == 0, f"the job failed: {argv}"
        return self.until_ended(len(self._ended()) + 1)[-1], ran

    def figures(self, handle: int, path: Path | str, traffic: Traffic = Traffic.FILE) -> tuple[int, int, int, int]:
        told = self.files[handle][traffic, str(path)]
        return told.read_bytes, told.read_ops, told.write_bytes, told.write_ops

    def _ended(self) -> list[int]:
        return [handle for handle, usage in self.usages.items() if usage.ended]


def program(name: str, *arguments: str | Path) -> Sequence[str | Path]:
    """The command of a job written in Python, beside this file."""
    return (PYTHON, "-I", "-S", HERE / name, *arguments)
