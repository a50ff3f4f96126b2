"""Cumulative traffic of trees on names (paths, peers), told when it changed. The kernel's entries are of inodes and
sockets; several may have one name, as a file that was replaced, and are then one."""

from __future__ import annotations

import struct
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from operator import sub

from joblens.bpf.libbpf import HashMap
from joblens.collector.probes.probe import FileUsage
from joblens.records import Traffic

_FIGURES = struct.Struct("=4Q")
Figures = tuple[int, int, int, int]  # bytes read, reads, bytes written, writes
NOTHING: Figures = (0, 0, 0, 0)
_EMPTY = bytes(_FIGURES.size)


@dataclass(frozen=True, slots=True)
class Name:
    path: str
    mount: str
    fs_type: str
    traffic: Traffic


class Line:
    """What one tree moved under one name."""

    __slots__ = ("figures", "handle", "name")

    def __init__(self, handle: int, name: Name) -> None:
        self.handle, self.name = handle, name
        self.figures = NOTHING

    def told(self) -> FileUsage:
        name = self.name
        return FileUsage(self.handle, name.path, name.mount, name.fs_type, name.traffic, *self.figures)


class _Entry:
    """One of the kernel's, as it was last seen."""

    __slots__ = ("line", "value")

    def __init__(self, line: Line) -> None:
        self.line = line
        self.value = _EMPTY


class Book:
    """The lines of all trees, kept beside the kernel's map."""

    def __init__(self, entries: HashMap) -> None:
        self._entries = entries
        self._known: dict[bytes, _Entry] = {}  # by key of the kernel
        self._keys: dict[int, list[bytes]] = {}
        self._lines: dict[int, dict[str, Line]] = {}  # by handle and path
        self._sums: dict[int, Figures] = {}

    def read(self, name_of: Callable[[int, bytes], Name | None]) -> set[Line]:
        """The lines that changed. `name_of` is asked, by handle and key, for an entry that is new; one without a name
        is asked for again the next time."""
        touched: set[Line] = set()
        known = self._known
        for key, value in self._entries.items():
            entry = known.get(key)
            if entry is None:
                entry = self._begin(key, name_of)
                if entry is None:
                    continue
            elif entry.value == value:
                continue
            self.add(entry.line, map(sub, _FIGURES.unpack_from(value), _FIGURES.unpack_from(entry.value)))
            entry.value = value
            touched.add(entry.line)
        return touched

    def line(self, handle: int, name: Name) -> Line:
        lines = self._lines.setdefault(handle, {})
        if name.path not in lines:
            lines[name.path] = Line(handle, name)
        return lines[name.path]

    def add(self, line: Line, more: Iterable[int]) -> None:
        read, reads, written, writes = more
        was, sums = line.figures, self._sums.get(line.handle, NOTHING)
        line.figures = (was[0] + read, was[1] + reads, was[2] + written, was[3] + writes)
        self._sums[line.handle] = (sums[0] + read, sums[1] + reads, sums[2] + written, sums[3] + writes)

    def total(self, handle: int) -> Figures:
        return self._sums.get(handle, NOTHING)

    def forget(self, handle: int) -> int:
        """The tree has ended: its entries are removed from the kernel's map. How many they were."""
        keys = self._keys.pop(handle, [])
        for key in keys:
            self._entries.remove(key)
            del self._known[key]
        self._lines.pop(handle, None)
        self._sums.pop(handle, None)
        return len(keys)

    def _begin(self, key: bytes, name_of: Callable[[int, bytes], Name | None]) -> _Entry | None:
        handle = int.from_bytes(key[:8], "little")
        name = name_of(handle, key)
        if name is None:
            return None
        self._keys.setdefault(handle, []).append(key)
        entry = self._known[key] = _Entry(self.line(handle, name))
        return entry
