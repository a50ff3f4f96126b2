"""The last bytes of an endless stream, addressed by their offset from its beginning.

Limits: a pure value holder; who writes and who reads is decided elsewhere.
"""

from __future__ import annotations


class Backlog:
    def __init__(self, bound: int) -> None:
        self._bound = bound
        self._data = bytearray()
        self._start = 0

    @property
    def next_offset(self) -> int:
        return self._start + len(self._data)

    def append(self, piece: bytes) -> int:
        """Keep the piece and return the offset of its first byte."""
        offset = self.next_offset
        self._data += piece
        surplus = max(0, len(self._data) - self._bound)
        del self._data[:surplus]
        self._start += surplus
        return offset

    def since(self, offset: int) -> tuple[int, bytes]:
        """What is kept from `offset` on, and where that begins: later than asked where bytes were dropped."""
        begin = min(max(offset, self._start), self.next_offset)
        return begin, bytes(self._data[begin - self._start :])
