"""Processes of a manager that was started by `make run`: which one to kill, and what it left running."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from bench.running_manager import RunningManager
from tests.acceptance.waiting import until


def kill_manager(manager: RunningManager) -> None:
    """`kill -9`. Returns when `make run` has ended too, so that the next one finds the port free."""
    pid = until("the manager's process", lambda: next(_managers_below(manager.process.pid), None))
    os.kill(pid, signal.SIGKILL)
    manager.process.wait(100)


def end_processes_writing_to(folder: Path) -> None:
    """Ends the jobs and agents of an embedded installation."""
    for pid in processes_writing_to(folder):
        with suppress(OSError):
            os.kill(pid, signal.SIGKILL)


def processes_writing_to(folder: Path) -> Iterator[int]:
    """What has its standard output in a file of this folder: jobs and agents of an embedded installation."""
    for entry in Path("/proc").iterdir():
        if not entry.name.isdecimal():
            continue
        with suppress(OSError):
            if (entry / "fd/1").readlink().is_relative_to(folder):
                yield int(entry.name)


def children_of_manager(manager: RunningManager) -> Iterator[int]:
    """Everything that the manager's process has started and that has not left its tree."""
    (pid,) = _managers_below(manager.process.pid)
    return (below for below in _descendants(pid) if below != pid)


def argv_of(pid: int) -> str:
    return " ".join(_argv(pid))


def environment_of(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/environ").read_text(errors="replace")
    except OSError:
        return ""


def everything_below(pid: int) -> Iterator[int]:
    """The process itself and all its descendants."""
    return iter(_descendants(pid))


def _managers_below(root: int) -> Iterator[int]:
    for pid in _descendants(root):
        argv = _argv(pid)
        if "serve" in argv[2:3] and "python" in Path(argv[0]).name:
            yield pid


def _descendants(root: int) -> Iterator[int]:
    children: dict[int, list[int]] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdecimal() and (parent := _parent(entry)) is not None:
            children.setdefault(parent, []).append(int(entry.name))
    found = [root]
    while found:
        yield (pid := found.pop())
        found.extend(children.get(pid, []))


def _parent(entry: Path) -> int | None:
    try:
        return int((entry / "stat").read_text().rpartition(")")[2].split()[1])
    except OSError:
        return None


def _argv(pid: int) -> list[str]:
    try:
        return Path(f"/proc/{pid}/cmdline").read_text().split("\0")
    except OSError:
        return [""]
