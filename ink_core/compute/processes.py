"""Processes by identity: a pid alone may be another process by now, pid + start time + boot is one process for ever.

Linux only (reads /proc). Standard library only.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
from collections import defaultdict
from pathlib import Path

_PR_SET_NAME, _PR_GET_NAME, _PR_SET_CHILD_SUBREAPER = 15, 16, 36


def identity(pid: int) -> str | None:
    """Name of the running process `pid`; None when there is none (a zombie has ended)."""
    fields = _stat(pid)
    if fields is None or fields[0] in "ZX":
        return None
    return f"{_boot_id()}:{pid}:{fields[19]}"


def is_alive(name: str) -> bool:
    return identity(pid_of(name)) == name


def pid_of(name: str) -> int:
    return int(name.split(":")[1])


def signal_process(name: str, number: int) -> None:
    """Signals the process of that identity, if it still runs."""
    if is_alive(name):
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid_of(name), number)


def signal_tree(pids: list[int], number: int) -> None:
    """Signals processes and everything below them."""
    for pid in [*pids, *descendants(pids)]:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.kill(pid, number)


def adopt_orphans() -> None:
    """Makes this process the parent of every orphan below it, so that none escapes by a double fork."""
    ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)


def call_this_process(name: str) -> str:
    """Gives this process another name, of which the kernel keeps 15 bytes; the one that it had."""
    prctl = ctypes.CDLL(None).prctl
    before = ctypes.create_string_buffer(16)
    prctl(_PR_GET_NAME, before, 0, 0, 0)
    prctl(_PR_SET_NAME, os.fsencode(name), 0, 0, 0)
    return os.fsdecode(before.value)


def descendants(ancestors: list[int]) -> list[int]:
    children: dict[int, list[int]] = defaultdict(list)
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit() and (fields := _stat(int(entry.name))) and fields[0] not in "ZX":
            children[int(fields[1])].append(int(entry.name))
    found: list[int] = []
    waiting = list(ancestors)
    while waiting:
        below = children.pop(waiting.pop(), [])
        found += below
        waiting += below
    return found


def _stat(pid: int) -> list[str] | None:
    """Fields of /proc/PID/stat from the third (state) on; the second may hold spaces and parentheses."""
    try:
        return Path(f"/proc/{pid}/stat").read_text("utf-8", "replace").rpartition(")")[2].split()
    except OSError:
        return None


def _boot_id() -> str:
    return Path("/proc/sys/kernel/random/boot_id").read_text("ascii").strip().replace(":", "")
