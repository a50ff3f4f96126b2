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
from joblens.row_maker import row_maker

Figures = tuple[int, int, int, int]  # bytes read, reads, bytes written, writes
NOTHING: Figures = (0, 0, 0, 0)
_NO_LINES: Mapping[str, Line] = MappingProxyType({})
_as_file_usage = row_maker(FileUsage)


class Name(NamedTuple):
    path: str
    mount: str
    fs_type: str
    traffic: Traffic


class Line:
    """What one tree moved under one name. Of one entry alone, as nearly all are, its figures are the entry's; `only` is
    the entry's key then."""

    __slots__ = ("figures", "head", "only")

    def __init__(self, handle: int, name: Name) -> None:
        self.head = (handle, *name)
        self.figures = NOTHING
        self.only: bytes | None = None

    def add(self, more: Iterable[int]) -> None:
        read, reads, written, writes = map(add, self.figures, more)
        self.figures = (read, reads, written, writes)

    def told(self) -> FileUsage:
        return _as_file_usage(self.head + self.figures)


class _Entry:
    """One of the kernel's that shares its line with others, as it was last seen."""

    __slots__ = ("figures", "line")

    def __init__(self, line: Line, figures: Figures) -> None:
        self.line = line
        self.figures = figures


class Book:
    """The lines of all trees, kept beside the kernel's map. `form` is that of its values: four figures."""

    def __init__(self, entries: HashMap, form: Struct) -> None:
        self._entries = entries
        self._form = form
        self._alone: dict[bytes, Line] = {}  # by key of the kernel
        self._shared: dict[bytes, _Entry] = {}
        self._keys: dict[int, list[bytes]] = {}
        self._lines: dict[int, dict[str, Line]] = {}  # by handle and path

    def read(self, name_of: Callable[[int, bytes], Name | None]) -> tuple[list[FileUsage], set[Line]]:
        """What is told of lines of one entry that changed, and the other lines that did. `name_of` is asked, by handle
        and key, for an entry that is new; one without a name is asked for again the next time."""
        told: list[FileUsage] = []
        shared: set[Line] = set()
        alone = self._alone
        for batch in self._entries.items(self._form):
            for key, figures in batch:
                line = alone.get(key)
                if line is None and key not in self._shared:
                    line = self._begin(key, name_of)
                if line is None:
                    self._add_to_shared(key, figures, shared)
                elif line.figures != figures:
                    line.figures = figures
                    told.append(_as_file_usage(line.head + figures))
        return told, shared

    def shared_line(self, handle: int, name: Name) -> Line:
        """One to add to, whatever entries it has."""
        line = self._line(handle, name)
        if line.only is not None:
            self._shared[line.only] = _Entry(line, line.figures)
            del self._alone[line.only]
            line.only = None
        return line

    def moved(self, handle: int) -> tuple[int, int]:
        """Bytes read and written of a tree."""
        all_read = all_written = 0
        for line in self._lines.get(handle, _NO_LINES).values():
            read, _, written, _ = line.figures
            all_read += read
            all_written += written
        return all_read, all_written

    def forget(self, handle: int) -> int:
        """The tree has ended: its entries are removed from the kernel's map. How many they were."""
        keys = self._keys.pop(handle, [])
        for key in keys:
            self._entries.remove(key)
            if self._alone.pop(key, None) is None:
                del self._shared[key]
        self._lines.pop(handle, None)
        return len(keys)

    def _line(self, handle: int, name: Name) -> Line:
        lines = self._lines.setdefault(handle, {})
        if name.path not in lines:
            lines[name.path] = Line(handle, name)
        return lines[name.path]

    def _begin(self, key: bytes, name_of: Callable[[int, bytes], Name | None]) -> Line | None:
        """Its line, where it has that alone."""
        handle = int.from_bytes(key[:8], "little")
        name = name_of(handle, key)
        if name is None:
            return None
        self._keys.setdefault(handle, []).append(key)
        if name.path in self._lines.get(handle, _NO_LINES):
            self._shared[key] = _Entry(self.shared_line(handle, name), NOTHING)
            return None
        line = self._alone[key] = self._line(handle, name)
        line.only = key
        return line

    def _add_to_shared(self, key: bytes, figures: Figures, shared: set[Line]) -> None:
        entry = self._shared.get(key)
        if entry and entry.figures != figures:
            entry.line.add(map(sub, figures, entry.figures))
            entry.figures = figures
            shared.add(entry.line)
