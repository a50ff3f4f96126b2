"""A timer of the kernel on one thread: while the thread runs, its calls are written down. Format: perf_event_open(2).

Time in the kernel is told as the call of the program that asked for it. Limits: callers are followed by frame pointers,
so that of code that was built without them the innermost function alone is sure.
"""

from __future__ import annotations

import ctypes
import mmap
import os
import platform
import struct
from collections.abc import Iterator

Chain = tuple[int, ...]
"""Addresses of calls, the innermost first."""
MOST_FRAMES = 32
_CALL_NUMBERS = {"x86_64": 298, "aarch64": 241}
_ATTRIBUTES = struct.Struct("=IIQQQQQIIQQQQIiQIHH")  # struct perf_event_attr, PERF_ATTR_SIZE_VER5
_SOFTWARE, _CPU_CLOCK = 1, 0
_WITH_THREAD, _WITH_CHAIN = 1 << 1, 1 << 5
_WITHOUT_HYPERVISOR, _WITHOUT_KERNEL_FRAMES = 1 << 6, 1 << 21
_CLOSE_ON_EXEC = 1 << 3
_SAMPLE = 9
_FIRST_MARKER = 2**64 - 4095  # from here on numbers say of what the next addresses are
_HEADER, _CHAIN_HEAD = struct.Struct("=IHH"), struct.Struct("=IIQ")
_HEAD_AT, _TAIL_AT = 1024, 1032  # in struct perf_event_mmap_page
_PAGE = mmap.PAGESIZE
_ROOM = 4 * _PAGE  # a power of two; what finds none is lost
_libc = ctypes.CDLL(None, use_errno=True)


class ThreadTimer:
    """Raises `OSError` where the kernel refuses, or the thread is gone."""

    def __init__(self, thread: int, period_ns: int) -> None:
        self._descriptor = _opened(thread, period_ns)
        try:
            self._ring = mmap.mmap(self._descriptor, _PAGE + _ROOM)
        except BaseException:
            os.close(self._descriptor)
            raise

    def take(self) -> list[Chain]:
        """What was written down since the last time."""
        head, tail = (struct.unpack_from("=Q", self._ring, at)[0] for at in (_HEAD_AT, _TAIL_AT))
        chains = list(chains_in(self._between(tail, head)))
        struct.pack_into("=Q", self._ring, _TAIL_AT, head)
        return chains

    def close(self) -> None:
        self._ring.close()
        os.close(self._descriptor)

    def _between(self, tail: int, head: int) -> bytes:
        first, last = tail % _ROOM, tail % _ROOM + head - tail
        return self._ring[_PAGE + first : _PAGE + min(last, _ROOM)] + self._ring[_PAGE : _PAGE + max(last - _ROOM, 0)]


def _opened(thread: int, period_ns: int) -> int:
    number = _CALL_NUMBERS.get(platform.machine())
    if number is None:
        raise OSError(f"the number of perf_event_open is not known on {platform.machine()}")
    flags = _WITHOUT_HYPERVISOR | _WITHOUT_KERNEL_FRAMES
    kinds = _WITH_THREAD | _WITH_CHAIN
    attributes = _ATTRIBUTES.pack(
        _SOFTWARE, _ATTRIBUTES.size, _CPU_CLOCK, period_ns, kinds, 0, flags, *(0,) * 10, MOST_FRAMES, 0
    )
    descriptor = _libc.syscall(number, attributes, thread, -1, -1, _CLOSE_ON_EXEC)
    if descriptor < 0:
        code = ctypes.get_errno()
        raise OSError(code, os.strerror(code))
    return descriptor


def chains_in(records: bytes) -> Iterator[Chain]:
    place = 0
    while place + _HEADER.size <= len(records):
        kind, _, size = _HEADER.unpack_from(records, place)
        if size < _HEADER.size:
            return
        if kind == _SAMPLE:
            _, _, count = _CHAIN_HEAD.unpack_from(records, place + _HEADER.size)
            addresses = struct.unpack_from(f"={count}Q", records, place + _HEADER.size + _CHAIN_HEAD.size)
            yield tuple(address for address in addresses if address < _FIRST_MARKER)
        place += size
