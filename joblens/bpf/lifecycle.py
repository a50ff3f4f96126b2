"""Reader of `lifecycle.bpf.c`: what a process tree was begun with, and what can be read of one that ran before."""

from __future__ import annotations

import ctypes
import os
import time

from joblens.bpf.layout import Environment, EventType, Executed
from joblens.collector.probe import Found

MAX_ENVIRONMENT = 1 << 20  # bytes of a block read from /proc
_EXECUTED, _ENVIRONMENT = ctypes.sizeof(Executed), ctypes.sizeof(Environment)


def boot_time() -> float:
    """When the machine was started, in seconds since the epoch."""
    return time.time() - time.clock_gettime(time.CLOCK_BOOTTIME)


class Beginnings:
    """Gathers the events of an exec (its facts, then the environment in pieces) into one `Found`."""

    def __init__(self) -> None:
        self._facts: dict[int, tuple[Executed, str]] = {}
        self._blocks: dict[int, bytearray] = {}
        self._found: list[Found] = []

    def take(self, kind: int, address: int) -> None:
        if kind == EventType.EXECUTED:
            event = Executed.from_buffer_copy(ctypes.string_at(address, _EXECUTED))
            names = ctypes.string_at(address + _EXECUTED, event.length)
            self._facts[event.head.handle] = (event, joined(names))
            self._blocks[event.head.handle] = bytearray()
        else:
            piece = Environment.from_buffer_copy(ctypes.string_at(address, _ENVIRONMENT))
            self._add_piece(piece, ctypes.string_at(address + _ENVIRONMENT, piece.length))

    def take_found(self) -> list[Found]:
        found, self._found = self._found, []
        return found

    def forget(self, handle: int) -> None:
        self._facts.pop(handle, None)
        self._blocks.pop(handle, None)

    def _add_piece(self, piece: Environment, text: bytes) -> None:
        handle = piece.head.handle
        if handle not in self._facts:
            return
        self._blocks[handle] += text
        if piece.last:
            event, cgroup = self._facts[handle]
            self._found.append(_found(event, cgroup, bytes(self._blocks[handle])))
            self.forget(handle)


def _found(event: Executed, cgroup: str, block: bytes) -> Found:
    pid = event.head.pid
    return Found(
        handle=event.head.handle,
        root_pid=pid,
        uid=event.uid,
        started=boot_time() + event.when_ns / 1e9,
        name=os.fsdecode(event.name),
        environ=parse_environment(block),
        cgroup=cgroup if cgroup != "/" else cgroup_of(pid),
        adopted=False,
    )


def found_in_proc(handle: int, pid: int, *, uid: int, started: float, name: str, adopted: bool) -> Found:
    """A tree that the kernel told no environment of; empty where its root is no more."""
    return Found(handle, pid, uid, started, name, environment_of(pid), cgroup_of(pid), adopted)


def joined(names: bytes) -> str:
    """A path from its names, the last one first, each with its NUL; `/` of none."""
    return "/" + os.fsdecode(b"/".join(reversed(names.split(b"\0")[:-1])))


def parse_environment(block: bytes) -> dict[str, str]:
    pairs = (entry.partition(b"=") for entry in block.split(b"\0") if b"=" in entry)
    return {os.fsdecode(name): os.fsdecode(value) for name, _, value in pairs}


def environment_of(pid: int) -> dict[str, str]:
    try:
        with open(f"/proc/{pid}/environ", "rb") as file:
            return parse_environment(file.read(MAX_ENVIRONMENT))
    except OSError:
        return {}


def cgroup_of(pid: int) -> str:
    """The deepest of its control groups, over all hierarchies; "" where the process is no more."""
    try:
        with open(f"/proc/{pid}/cgroup", encoding="utf-8", errors="surrogateescape") as file:
            return max((line.rstrip("\n").split(":", 2)[2] for line in file), key=len, default="")
    except OSError:
        return ""
