"""Reader of `lifecycle.bpf.c`: what a process tree was begun with, and what can be read of one that ran before."""

from __future__ import annotations

import ctypes
import os
from dataclasses import replace

from joblens.bpf import jobs
from joblens.bpf.clocks import boot_time
from joblens.bpf.jobs import Row
from joblens.bpf.layout import Environment, EventType, Executed
from joblens.collector.identity import evidence
from joblens.collector.probes.probe import Found

ROOT = (0, 0, 0)
_EXECUTED, _ENVIRONMENT = ctypes.sizeof(Executed), ctypes.sizeof(Environment)


class Beginnings:
    """Gathers the events of an exec (its facts, then the environment in pieces) into one `Found`.

    `root_starts_alone`: the kernel begins trees for starters of root's, so that one is known to be root's also when it
    is gone before it can be looked at, as that of a job of no duration on a busy host may be."""

    def __init__(self, *, root_starts_alone: bool) -> None:
        self._root_starts_alone = root_starts_alone
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
            found = _found(event, cgroup, bytes(self._blocks[handle]))
            if self._root_starts_alone and not found.evidence.starter_uids:
                found = replace(found, evidence=replace(found.evidence, starter_uids=ROOT))
            self._found.append(found)
            self.forget(handle)


def _found(event: Executed, cgroup: str, block: bytes) -> Found:
    """Read at once what outlives a short job by milliseconds only."""
    pid, uid = event.head.pid, event.uid
    seen = evidence.gather(event.starter_pid, uid)
    return Found(
        handle=event.head.handle,
        root_pid=pid,
        uid=uid,
        started=boot_time() + event.when_ns / 1e9,
        name=os.fsdecode(event.name),
        environ=evidence.telling(os.fsdecode(block)),
        cgroup=evidence.control_group(pid) or f"0::{cgroup}",
        adopted=False,
        evidence=replace(seen, environ_at_exec=bool(event.is_first)),
    )


def found_in_proc(row: Row, name: str) -> Found:
    """A tree that the kernel told no environment of; empty where its root is no more."""
    pid, uid = row[jobs.ROOT_PID], row[jobs.UID]
    return Found(
        handle=row[jobs.HANDLE],
        root_pid=pid,
        uid=uid,
        started=boot_time() + row[jobs.STARTED_NS] / 1e9,
        name=name,
        environ=evidence.environment(pid),
        cgroup=evidence.control_group(pid),
        adopted=bool(row[jobs.ADOPTED]),
        evidence=evidence.gather(row[jobs.STARTER_PID], uid),
    )


def joined(names: bytes) -> str:
    """A path from its names, the last one first, each with its NUL; `/` of none."""
    return "/" + os.fsdecode(b"/".join(reversed(names.split(b"\0")[:-1])))
