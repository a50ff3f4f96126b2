"""The write-ahead log beside a SQLite file, checked as bytes: SQLite silently drops all after a damaged frame.

Limits: damage to its last transaction can look like a write that never ended, and so does an end that was cut off.
"""

from __future__ import annotations

import struct
from pathlib import Path

_WAL_HEADER, _WAL_FRAME, _WAL_LITTLE_ENDIAN = 32, 24, 0x377F0682


def lost_transactions(path: Path) -> int:
    """Committed transactions of `FILE-wal` from the first damaged frame on, which SQLite would drop.

    Format: sqlite.org/fileformat2.html, section 4. Frames with other salts than the header's are left over from before
    the log was begun anew; frames without a commit frame after them were never acknowledged.
    """
    log = Path(f"{path}-wal")
    content = log.read_bytes() if log.is_file() else b""
    if len(content) <= _WAL_HEADER:
        return 0
    magic, _, page_size, _, salt1, salt2, *expected = struct.unpack(">8I", content[:_WAL_HEADER])
    order = "<" if magic == _WAL_LITTLE_ENDIAN else ">"
    sums = _wal_sums(content[: _WAL_HEADER - 8], (0, 0), order)
    if list(sums) != expected or not 512 <= page_size <= 65536:
        return 1
    sound, later = True, 0
    for start in range(_WAL_HEADER, len(content) - _WAL_FRAME - page_size + 1, _WAL_FRAME + page_size):
        _, commit, *salts, first, second = struct.unpack(">6I", content[start : start + _WAL_FRAME])
        ours = salts == [salt1, salt2]
        if sound:
            page = content[start + _WAL_FRAME : start + _WAL_FRAME + page_size]
            sums = _wal_sums(page, _wal_sums(content[start : start + 8], sums, order), order)
            sound = ours and sums == (first, second)
        later += bool(not sound and ours and commit)
    return later


def _wal_sums(content: bytes, sums: tuple[int, int], order: str) -> tuple[int, int]:
    first, second = sums
    words = struct.unpack(f"{order}{len(content) // 4}I", content)
    for even, odd in zip(words[::2], words[1::2], strict=True):
        first = (first + even + second) & 0xFFFFFFFF
        second = (second + odd + first) & 0xFFFFFFFF
    return first, second
