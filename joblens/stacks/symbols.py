"""Names of functions from the symbol table of a program or library: 64-bit ELF, little-endian (System V ABI, 4).

The file is a user's: whatever stands in it is bounded, and what makes no sense names nothing. Nothing of a table is
kept but the functions that were asked for, and the holes between functions, so that a table is read seldom.
"""

from __future__ import annotations

import os
import struct
import time
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

MOST_SYMBOLS = 2_000_000
MOST_SECTIONS = 1_000
MOST_SEGMENTS = 200
MOST_NAME = 512
LONGEST_S = 1.0
"""For one table: who asks for the names waits meanwhile, and functions may overlap as their file likes."""
_AT_ONCE = 20_000
_FILE = struct.Struct("<4sBB10xHHIQQQIHHHHHH")
_SEGMENT = struct.Struct("<IIQQQQQQ")
_SECTION = struct.Struct("<IIQQQQIIQQ")
_SYMBOL = struct.Struct("<IBBHQQ")
_LOADED = 1
_ALL_SYMBOLS, _DYNAMIC_SYMBOLS = 2, 11
_FUNCTIONS = frozenset({2, 10})  # STT_FUNC, STT_GNU_IFUNC


class Function(NamedTuple):
    """From `start` to before `end`, in addresses of the file; without a name it is a hole between functions."""

    start: int
    end: int
    name: str


class Segment(NamedTuple):
    """A part of the file and where it is loaded to."""

    offset: int
    size: int
    address: int


class _Section(NamedTuple):
    kind: int
    offset: int
    size: int
    link: int


class SymbolTable:
    """Of an open file, read as it is asked. Raises `ValueError` and `OSError` where it is no such file."""

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor
        self._ends = time.monotonic() + LONGEST_S
        head = _FILE.unpack(self._read(0, _FILE.size))
        magic, bits, order = head[:3]
        if (magic, bits, order) != (b"\x7fELF", 2, 1):
            raise ValueError("it is no 64-bit program")
        segments_at, sections_at = head[7], head[8]
        segment_size, segment_count, section_size, section_count = head[11:15]
        rows = self._rows(_SEGMENT, segments_at, segment_size, min(segment_count, MOST_SEGMENTS))
        self.segments = [Segment(row[2], row[5], row[3]) for row in rows if row[0] == _LOADED]
        self._sections = [
            _Section(row[1], row[4], row[5], row[6])
            for row in self._rows(_SECTION, sections_at, section_size, min(section_count, MOST_SECTIONS))
        ]

    def functions(self, addresses: Sequence[int]) -> list[Function]:
        """Those that these sorted addresses lie in, and holes where they lie in none."""
        found: dict[int, Function] = {}
        below, above = [0] * len(addresses), [2**64] * len(addresses)
        if table := self._table():
            names = self._sections[table.link] if table.link < len(self._sections) else None
            for start, end, name_at in self._symbols(table):
                first, last = bisect_left(addresses, start), bisect_left(addresses, end)
                if first < last:
                    self._check_time()
                    function = Function(start, end, self._name(names, name_at))
                    found |= dict.fromkeys(addresses[first:last], function)
                if last < len(addresses):
                    below[last] = max(below[last], end)
                if first:
                    above[first - 1] = min(above[first - 1], start)
        return [*dict.fromkeys(found.values()), *_holes(addresses, found, below, above)]

    def _table(self) -> _Section | None:
        """The larger one where it was not stripped."""
        for kind in (_ALL_SYMBOLS, _DYNAMIC_SYMBOLS):
            for section in self._sections:
                if section.kind == kind:
                    return section
        return None

    def _symbols(self, table: _Section) -> Iterator[tuple[int, int, int]]:
        """Start, end and place of the name of each function."""
        count = min(table.size // _SYMBOL.size, MOST_SYMBOLS)
        for first in range(0, count, _AT_ONCE):
            size = min(_AT_ONCE, count - first) * _SYMBOL.size
            self._check_time()
            piece = self._read(table.offset + first * _SYMBOL.size, size)
            for name_at, info, _, section, start, length in _SYMBOL.iter_unpack(piece):
                if info & 15 in _FUNCTIONS and section and length:
                    yield start, start + length, name_at

    def _check_time(self) -> None:
        if time.monotonic() > self._ends:
            raise ValueError("its table takes too long to read")

    def _name(self, names: _Section | None, at: int) -> str:
        if names is None or at >= names.size or names.offset + at >= 2**63:
            return ""
        text = os.pread(self._descriptor, min(MOST_NAME, names.size - at), names.offset + at)
        return text.split(b"\0", 1)[0].decode("utf-8", "replace")

    def _rows(self, form: struct.Struct, at: int, size: int, count: int) -> Iterable[tuple[int, ...]]:
        if count and size != form.size:
            raise ValueError("its tables have another form")
        return form.iter_unpack(self._read(at, size * count))

    def _read(self, at: int, size: int) -> bytes:
        data = os.pread(self._descriptor, size, at) if at < 2**63 else b""
        if len(data) != size:
            raise ValueError("it is cut short")
        return data


def address_of(segments: Iterable[Segment], offset: int) -> int:
    """Where a place of the file is loaded to."""
    for segment in segments:
        if 0 <= offset - segment.offset < segment.size:
            return segment.address + offset - segment.offset
    return offset


def _holes(
    addresses: Sequence[int], found: dict[int, Function], below: list[int], above: list[int]
) -> Iterator[Function]:
    """Around each address that no function has: from the end of the one below to the start of the one above."""
    starts: list[int] = []
    for end in below:
        starts.append(max(end, starts[-1] if starts else 0))
    ends = list(above)
    for place in range(len(ends) - 2, -1, -1):
        ends[place] = min(ends[place], ends[place + 1])
    for place, address in enumerate(addresses):
        if address not in found:
            yield Function(starts[place], ends[place], "")
