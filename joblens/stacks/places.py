"""Which file an address of a process lies in, from `/proc/PID/maps`, and whether that file may be looked into.

A file system that a user mounted (FUSE) may never answer, so files are opened on those alone that the host itself has
mounted, or whose kind needs no user's process.
"""

from __future__ import annotations

import os
import stat
from bisect import bisect_right
from collections.abc import Iterator
from typing import NamedTuple

Device = tuple[int, int]
_OF_BLOCKS = frozenset({"ext4", "xfs", "btrfs", "squashfs"})
MOST_LINES = 20_000
MOST_BYTES = 2 << 20
"""About, of one address space; what lies beyond is not known."""
_PLACE_BYTES = 400


class Place(NamedTuple):
    """A part of a file that is mapped to be run."""

    start: int
    end: int
    offset: int
    device: Device
    inode: int
    path: str

    @property
    def module(self) -> str:
        return self.path.rpartition("/")[2].removesuffix(" (deleted)") or "no file"


class AddressSpace:
    """As it was when it was read; empty where the process is gone."""

    def __init__(self, pid: int) -> None:
        self.pid = pid
        self._places = sorted(_within_bytes(_places(pid)))
        self.bytes = sum(map(_bytes_of, self._places))
        self._starts = [place.start for place in self._places]

    def __bool__(self) -> bool:
        return bool(self._places)

    def find(self, address: int) -> Place | None:
        at = bisect_right(self._starts, address) - 1
        return self._places[at] if at >= 0 and address < self._places[at].end else None


def _bytes_of(place: Place) -> int:
    return _PLACE_BYTES + len(place.path)


def _within_bytes(places: Iterator[Place]) -> Iterator[Place]:
    left = MOST_BYTES
    for place in places:
        left -= _bytes_of(place)
        if left < 0:
            return
        yield place


def _places(pid: int) -> Iterator[Place]:
    for line in _lines(f"/proc/{pid}/maps"):
        words = line.split(None, 5)
        if len(words) > 4 and words[1][2:3] == "x":
            start, _, end = words[0].partition("-")
            major, _, minor = words[3].partition(":")
            path = words[5] if len(words) > 5 else ""
            device = int(major, 16), int(minor, 16)
            yield Place(int(start, 16), int(end, 16), int(words[2], 16), device, int(words[4]), path)


def answering(pid: int) -> frozenset[Device]:
    """Devices whose files may be opened."""
    of_host = {device for device, kind, options in _mounts("self") if not _is_users(kind, options)}
    in_container = {device for device, kind, _ in _mounts(str(pid)) if kind in _OF_BLOCKS}
    return frozenset(of_host | in_container)


def _is_users(kind: str, options: str) -> bool:
    return kind.startswith("fuse") and "user_id=0" not in options.split(",")


def _mounts(process: str) -> Iterator[tuple[Device, str, str]]:
    """Device, kind and options of each mount (proc(5), mountinfo)."""
    for line in _lines(f"/proc/{process}/mountinfo"):
        before, _, after = line.partition(" - ")
        major, _, minor = before.split()[2].partition(":")
        kind, _, rest = after.partition(" ")
        yield (int(major), int(minor)), kind, rest.rpartition(" ")[2]


def _lines(path: str) -> Iterator[str]:
    """As the kernel ends them: it escapes `\\n` in a name, and leaves `\\r` there."""
    try:
        with open(path, encoding="utf-8", errors="surrogateescape", newline="\n") as file:
            for _, line in zip(range(MOST_LINES), file, strict=False):
                yield line.rstrip("\n")
    except OSError:
        return


def opened(pid: int, place: Place) -> int:
    """A descriptor of the very file that is mapped. Raises `OSError`.

    A job may lead the path elsewhere, where opening alone does something, as of devices: so it is opened as a mere path
    until it is known which file that is.
    """
    found = os.open(f"/proc/{pid}/root{place.path}", os.O_PATH | os.O_CLOEXEC | os.O_NOFOLLOW)
    try:
        seen = os.fstat(found)
        is_mapped = (os.major(seen.st_dev), os.minor(seen.st_dev), seen.st_ino) == (*place.device, place.inode)
        if not is_mapped or not stat.S_ISREG(seen.st_mode):
            raise OSError("another file has this name now")
        return os.open(f"/proc/self/fd/{found}", os.O_RDONLY | os.O_CLOEXEC)
    finally:
        os.close(found)
