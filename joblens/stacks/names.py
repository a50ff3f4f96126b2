"""From addresses of a process to names: of the function where its file tells one, else of the file, in brackets."""

from __future__ import annotations

import os
import time
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Collection, Sequence
from contextlib import suppress
from math import inf

from joblens.stacks.places import AddressSpace, Device, Place, answering, opened
from joblens.stacks.plain import plain
from joblens.stacks.symbols import Function, Segment, SymbolTable, address_of

MOST_BYTES = 16 << 20
"""About, of all address spaces that are remembered."""
MOST_FUNCTIONS = 50_000
"""Of all files that are remembered; then they are looked up anew."""
LONGEST = 160
UNKNOWN = "[unknown]"


class _KnownFile:
    """The functions of a file that were asked for so far."""

    def __init__(self) -> None:
        self._segments: Sequence[Segment] = ()
        self._functions: list[Function] = []
        self.tells_no_more = False

    def __len__(self) -> int:
        return len(self._functions)

    def name(self, offset: int) -> str | None:
        """Empty where no function is there; None where nobody has looked."""
        address = address_of(self._segments, offset)
        at = bisect_right(self._functions, address, key=lambda each: each.start) - 1
        found = self._functions[at] if at >= 0 else None
        if found and address < found.end:
            return found.name
        return "" if self.tells_no_more else None

    def look(self, descriptor: int, offsets: Collection[int]) -> None:
        table = SymbolTable(descriptor)
        self._segments = table.segments
        addresses = sorted({address_of(self._segments, offset) for offset in offsets})
        self._functions = sorted({*self._functions, *table.functions(addresses)})


class Names:
    def __init__(self) -> None:
        self._spaces: dict[int, AddressSpace] = {}
        self._files: dict[tuple[Device, int], _KnownFile] = {}

    def of(self, pid: int, addresses: Collection[int], until: float = inf) -> dict[int, str]:
        """A name for each of these addresses of a process, also of one that has ended since it was asked for before.
        From `until` on (`time.monotonic`) nothing new is looked at."""
        if time.monotonic() < until:
            self._remember_space(pid, addresses)
        space = self._spaces.get(pid)
        places = {address: place for address in addresses if space and (place := space.find(address))}
        self._look(pid, places, until)
        return {address: self._name(places.get(address), address) for address in addresses}

    def _remember_space(self, pid: int, addresses: Collection[int]) -> None:
        known = self._spaces.pop(pid, None)
        if known is None or not all(map(known.find, addresses)):
            known = AddressSpace(pid) or known or AddressSpace(pid)
        self._spaces[pid] = known
        while sum(space.bytes for space in self._spaces.values()) > MOST_BYTES:
            del self._spaces[next(iter(self._spaces))]

    def _look(self, pid: int, places: dict[int, Place], until: float) -> None:
        """Once into each file that something new is asked of."""
        wanted: defaultdict[Place, list[int]] = defaultdict(list)
        for address, place in places.items():
            if place.inode and self._known(place, address) is None:
                wanted[place].append(_offset(place, address))
        may_open = answering(pid) if wanted and time.monotonic() < until else frozenset[Device]()
        for place, offsets in wanted.items():
            if place.device in may_open and time.monotonic() < until:
                self._open(pid, place, offsets)

    def _open(self, pid: int, place: Place, offsets: Collection[int]) -> None:
        if sum(map(len, self._files.values())) > MOST_FUNCTIONS:
            self._files.clear()
        file = self._files.setdefault((place.device, place.inode), _KnownFile())
        with suppress(OSError):
            descriptor = opened(pid, place)
            try:
                file.look(descriptor, offsets)
            except ValueError:
                file.tells_no_more = True
            finally:
                os.close(descriptor)

    def _known(self, place: Place, address: int) -> str | None:
        file = self._files.get((place.device, place.inode))
        return file.name(_offset(place, address)) if file else None

    def _name(self, place: Place | None, address: int) -> str:
        if place is None:
            return UNKNOWN
        name = plain(self._known(place, address) or "")
        return (name or f"[{place.module.strip('[]')}]").replace(";", ":")[:LONGEST]


def _offset(place: Place, address: int) -> int:
    return address - place.start + place.offset
