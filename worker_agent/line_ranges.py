"""Lines of a file by their numbers, for those who were told of a line and not of a byte.

Limits: the lines before are counted each time, in at most 256 MiB.
"""

from __future__ import annotations

import os

from worker_agent.faults import fault

MAX_COUNTED_BYTES = 256 * 1024 * 1024
_PIECE = 1024 * 1024


def line_offset(descriptor: int, line: int, path: str) -> int:
    """First byte of that line (1 is the first); the end of the file where it has not so many."""
    offset, missing = 0, line - 1
    while missing and (piece := os.pread(descriptor, _PIECE, offset)):
        if offset >= MAX_COUNTED_BYTES:
            said = f"Line {line} of {path} is too far from its beginning to be counted to; read from an offset."
            raise fault("too_large", said)
        count = piece.count(b"\n")
        if count >= missing:
            return offset + _after(piece, missing)
        missing -= count
        offset += len(piece)
    return offset


def first_lines(data: bytes, lines: int | None) -> bytes:
    return data if lines is None or data.count(b"\n") < lines else data[: _after(data, lines)]


def _after(data: bytes, lines: int) -> int:
    """Just behind the line end that is that many from the beginning."""
    at = 0
    for _ in range(lines):
        at = data.index(b"\n", at) + 1
    return at
