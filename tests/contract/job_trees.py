"""Process trees for the probe contract: real ones under a starter with a name of its own, and scripted ones.

The real job is a program that does what it is told, line by line, and says when it has.
"""

from __future__ import annotations

import os
import secrets
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Protocol

from joblens.collector.probes.probe import Probe
from joblens.collector.probes.scripted_probe import ScriptedProbe

JOB = """
import os, sys, time
def child(daemon):
    inner, outer = os.pipe()
    if not os.fork():
        if daemon and os.fork():
            os._exit(0)
        os.close(inner)
        os.write(outer, str(os.getpid()).encode())
        os.close(outer)
        sys.stdin.close()
        while True:
            time.sleep(1000)
    os.close(outer)
    pid = os.read(inner, 100).decode()
    if daemon:
        os.wait()
    return pid
print(os.getpid(), flush=True)
for line in sys.stdin:
    word, _, amount = line.strip().partition(" ")
    said = ""
    if word == "burn":
        until = time.process_time() + float(amount)
        while time.process_time() < until:
            pass
    elif word == "write":
        with open("out", "ab", buffering=0) as file:
            said = file.write(b"x" * int(amount))
    elif word == "read":
        with open("in", "rb", buffering=0) as file:
            said = len(file.read(int(amount)))
    elif word == "hold":
        kept = b"x" * int(amount)
    elif word in ("child", "daemon"):
        said = child(word == "daemon")
    print(said, flush=True)
"""
STARTER = '"$@"; wait'


class Trees(Protocol):
    """Where the contract lets jobs run. Sizes in bytes, times in seconds."""

    def begin(self, environ: dict[str, str]) -> int:
        """The pid of the root process of a new job, once it runs."""
        ...

    def burn(self, root: int, seconds: float) -> None: ...
    def write(self, root: int, size: int) -> str:
        """The path of the file that was written to."""
        ...

    def read(self, root: int, size: int) -> None: ...
    def hold(self, root: int, size: int) -> None: ...
    def child(self, root: int, *, daemon: bool = False) -> int: ...
    def end(self, root: int) -> None: ...
    def close(self) -> None: ...


class RealTrees:
    """Under a shell whose name nobody else uses, so that tests side by side do not see each other's jobs."""

    def __init__(self, folder: Path) -> None:
        self.starter = f"jl{secrets.token_hex(5)}"
        self._folder = folder
        self._program = folder / self.starter
        self._program.symlink_to(os.path.realpath("/bin/sh"))
        (folder / "in").write_bytes(b"x" * 1_000_000)
        self._jobs: dict[int, subprocess.Popen[str]] = {}
        self._daemons: list[int] = []

    def begin(self, environ: dict[str, str], title: str = "starter") -> int:
        """`title` is the command line that the starter shows."""
        job = [os.path.realpath(sys.executable), "-I", "-S", "-c", JOB]
        process = subprocess.Popen(
            [title, "-c", STARTER, "starter", *job],
            executable=self._program,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            cwd=self._folder,
            env=environ,
        )
        root = int(_said(process))
        self._jobs[root] = process
        return root

    def run(self, title: str, *argv: str) -> subprocess.Popen[bytes]:
        """A starter with one job, which is this command."""
        return subprocess.Popen([title, "-c", STARTER, "starter", *argv], executable=self._program)

    def burn(self, root: int, seconds: float) -> None:
        self._tell(root, f"burn {seconds}")

    def write(self, root: int, size: int) -> str:
        self._tell(root, f"write {size}")
        return str(self._folder / "out")

    def read(self, root: int, size: int) -> None:
        self._tell(root, f"read {size}")

    def hold(self, root: int, size: int) -> None:
        self._tell(root, f"hold {size}")

    def child(self, root: int, *, daemon: bool = False) -> int:
        pid = int(self._tell(root, "daemon" if daemon else "child"))
        self._daemons.append(pid)
        return pid

    def end(self, root: int) -> None:
        for pid in self._daemons:
            os.kill(pid, 9)
        self._daemons.clear()
        with self._jobs.pop(root) as process:
            assert process.stdin
            process.stdin.close()

    def close(self) -> None:
        for root in list(self._jobs):
            self.end(root)

    def _tell(self, root: int, line: str) -> str:
        process = self._jobs[root]
        assert process.stdin
        process.stdin.write(line + "\n")
        process.stdin.flush()
        return _said(process)


class ScriptedTrees:
    """The same, told to the double."""

    def __init__(self, probe: ScriptedProbe) -> None:
        self._probe = probe
        self._handles: dict[int, int] = {}
        self._pids: dict[int, list[int]] = {}
        self._next = 100

    def begin(self, environ: dict[str, str]) -> int:
        root = self._new_pid()
        self._handles[root] = self._probe.begin(root, environ, uid=os.getuid())
        self._pids[root] = [root]
        return root

    def burn(self, root: int, seconds: float) -> None:
        self._probe.work(self._handles[root], cpu_ns=int(seconds * 1e9))

    def write(self, root: int, size: int) -> str:
        self._probe.work(self._handles[root], wchar=size, syscw=1)
        self._probe.touch(self._handles[root], "/job/out", written=size)
        return "/job/out"

    def read(self, root: int, size: int) -> None:
        self._probe.work(self._handles[root], rchar=size, syscr=1)
        self._probe.touch(self._handles[root], "/job/in", read=size)

    def hold(self, root: int, size: int) -> None:
        self._probe.work(self._handles[root], rss_bytes=size)

    def child(self, root: int, *, daemon: bool = False) -> int:
        self._pids[root].append(self._new_pid())
        self._probe.populate(self._handles[root], self._pids[root])
        return self._pids[root][-1]

    def end(self, root: int) -> None:
        self._probe.end(self._handles.pop(root))

    def close(self) -> None:
        self._handles.clear()

    def _new_pid(self) -> int:
        self._next += 1
        return self._next


def _said(process: subprocess.Popen[str]) -> str:
    assert process.stdout
    line = process.stdout.readline()
    assert line, "the job of the test ended without a word"
    return line.strip()


ProbeOf = Callable[[frozenset[str]], Probe]
