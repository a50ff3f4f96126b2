"""Cumulative traffic of trees on names (paths, peers), told when it changed. The kernel's entries are of inodes and
sockets; several may have one name, as a file that was replaced, and are then one."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass

from joblens.bpf.libbpf import HashMap
from joblens.collector.probe import FileUsage
from joblens.records import Traffic

_FOUR = struct.Struct("=4Q")
SIZE = _FOUR.size
NOTHING = bytes(SIZE)


def pack(figures: tuple[int, ...]) -> bytes:
    return _FOUR.pack(*figures)


@dataclass(frozen=True, slots=True)
class Name:
    path: str
    mount: str
    fs_type: str
    traffic: Traffic


class Line:
    """The sum of a tree's entries of one name: bytes read, reads, bytes written, writes."""

    __slots__ = ("figures", "handle", "name")

    def __init__(self, handle: int, name: Name) -> None:
        self.handle, self.name = handle, name
        self.figures = (0, 0, 0, 0)

    def add(self, before: bytes, now: bytes) -> None:
        a, b, c, d = self.figures
        e, f, g, h = _FOUR.unpack_from(now)
        k, m, n, o = _FOUR.unpack_from(before)
        self.figures = (a + e - k, b + f - m, c + g - n, d + h - o)

    def told(self) -> FileUsage:
        name = self.name
        return FileUsage(self.handle, name.path, name.mount, name.fs_type, name.traffic, *self.figures)


class Book:
    """The lines of all trees, kept beside the kernel's map."""

    def __init__(self, entries: HashMap) -> None:
        self._entries = entries
        self._lines: dict[int, dict[str, Line]] = {}  # by handle and path
        self._known: dict[bytes, tuple[Line, bytes]] = {}  # by key of the kernel's entry: its line and last figures
        self._keys: dict[int, list[bytes]] = {}

    def changed(self) -> Iterator[tuple[bytes, bytes, Line | None]]:
        """Entries that changed since the last time, those without a name with `None`; `settle` takes each."""
        known = self._known
        for key, value in self._entries.items():
            entry = known.get(key)
            if entry is None:
                yield key, value, None
            elif entry[1] != value[:SIZE]:
                yield key, value, entry[0]

    def begin(self, handle: int, name: Name) -> Line:
        """The line that entries of this name are summed in."""
        lines = self._lines.setdefault(handle, {})
        if name.path not in lines:
            lines[name.path] = Line(handle, name)
        return lines[name.path]

    def settle(self, key: bytes, value: bytes, line: Line) -> None:
        entry = self._known.get(key)
        if entry is None:
            self._keys.setdefault(line.handle, []).append(key)
        line.add(entry[1] if entry else NOTHING, value)
        self._known[key] = (line, value[:SIZE])

    def lines(self, handle: int) -> list[Line]:
        return list(self._lines.get(handle, {}).values())

    def forget(self, handle: int) -> None:
        """The tree has ended: its entries are removed from the kernel's map."""
        for key in self._keys.pop(handle, []):
            self._entries.remove(key)
            del self._known[key]
        self._lines.pop(handle, None)
