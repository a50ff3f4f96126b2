"""Cumulative traffic of trees on names (paths, peers), told when it changed. The kernel's entries are of inodes and
sockets; several may have one name, as a file that was replaced, and are then one."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from operator import add, sub
from struct import Struct
from types import MappingProxyType
from typing import NamedTuple

from joblens.bpf.libbpf import HashMap
from joblens.collector.probes.probe import FileUsage
from joblens.records import Traffic

Figures = tuple[int, int, int, int]  # bytes read, reads, bytes written, writes
NOTHING: Figures = (0, 0, 0, 0)
_NO_LINES: Mapping[str, Line] = MappingProxyType({})


class Name(NamedTuple):
    path: str
    mount: str
    fs_type: str
    traffic: Traffic


class Line:
    """What one tree moved under one name. Of one entry alone, as nearly all are, its figures are the entry's."""

    __slots__ = ("figures", "handle", "is_of_one", "name")

    def __init__(self, handle: int, name: Name) -> None:
        self.handle, self.name = handle, name
        self.figures = NOTHING
        self.is_of_one = True

    def add(self, more: Iterable[int]) -> None:
        read, reads, written, writes = map(add, self.figures, more)
        self.figures = (read, reads, written, writes)

    def told(self) -> FileUsage:
        return FileUsage._make((self.handle, *self.name, *self.figures))


class _Entry:
    """One of the kernel's, as it was last seen."""

    __slots__ = ("figures", "line")

    def __init__(self, line: Line) -> None:
        self.line = line
        self.figures = NOTHING


class Book:
    """The lines of all trees, kept beside the kernel's map. `form` is that of its values: four figures."""

    def __init__(self, entries: HashMap, form: Struct) -> None:
        self._entries = entries
        self._form = form
        self._known: dict[bytes, _Entry] = {}  # by key of the kernel
        self._keys: dict[int, list[bytes]] = {}
        self._lines: dict[int, dict[str, Line]] = {}  # by handle and path

    def read(self, name_of: Callable[[int, bytes], Name | None]) -> tuple[list[FileUsage], set[Line]]:
        """What is told of lines of one entry that changed, and the other lines that did. `name_of` is asked, by handle
        and key, for an entry that is new; one without a name is asked for again the next time."""
        told: list[FileUsage] = []
        shared: set[Line] = set()
        known = self._known
        for key, figures in self._entries.items(self._form):
            entry = known.get(key)
            if entry is None:
                entry = self._begin(key, name_of)
                if entry is None:
                    continue
            elif entry.figures == figures:
                continue
            line = entry.line
            if line.is_of_one:
                line.figures = figures
                told.append(line.told())
            else:
                line.add(map(sub, figures, entry.figures))
                shared.add(line)
            entry.figures = figures
        return told, shared

    def shared_line(self, handle: int, name: Name) -> Line:
        """One to add to, whatever entries it has."""
        line = self._line(handle, name)
        line.is_of_one = False
        return line

    def moved(self, handle: int) -> tuple[int, int]:
        """Bytes read and written of a tree."""
        figures = [line.figures for line in self._lines.get(handle, _NO_LINES).values()]
        return sum(each[0] for each in figures), sum(each[2] for each in figures)

    def forget(self, handle: int) -> int:
        """The tree has ended: its entries are removed from the kernel's map. How many they were."""
        keys = self._keys.pop(handle, [])
        for key in keys:
            self._entries.remove(key)
            del self._known[key]
        self._lines.pop(handle, None)
        return len(keys)

    def _line(self, handle: int, name: Name) -> Line:
        lines = self._lines.setdefault(handle, {})
        if name.path not in lines:
            lines[name.path] = Line(handle, name)
        return lines[name.path]

    def _begin(self, key: bytes, name_of: Callable[[int, bytes], Name | None]) -> _Entry | None:
        handle = int.from_bytes(key[:8], "little")
        name = name_of(handle, key)
        if name is None:
            return None
        self._keys.setdefault(handle, []).append(key)
        is_first = name.path not in self._lines.get(handle, _NO_LINES)
        line = self._line(handle, name) if is_first else self.shared_line(handle, name)
        entry = self._known[key] = _Entry(line)
        return entry
