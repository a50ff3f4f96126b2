"""Which bytes a request wants: a single range (RFC 9110, section 14) if it is still of the same content.

Limits: of several ranges the whole file is the answer, as the standard allows.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

_ONE_RANGE = re.compile(r"bytes=(\d{0,19})-(\d{0,19})")


@dataclass(frozen=True)
class ByteRange:
    """From `first` on `length` bytes of `size`; `whole` where no part was asked for. Empty where none can be given."""

    first: int
    length: int
    size: int
    whole: bool

    @property
    def content_range(self) -> str:
        return f"bytes {self.first}-{self.first + self.length - 1}/{self.size}"


def wanted_range(headers: Mapping[str, str], size: int, etag: str) -> ByteRange | None:
    """None where the range lies behind the end (416)."""
    whole = ByteRange(0, size, size, whole=True)
    asked = _ONE_RANGE.fullmatch(headers.get("range", "").replace(" ", ""))
    if asked is None or headers.get("if-range", etag) != etag or asked[1] == asked[2] == "":
        return whole
    first, last = asked[1], asked[2]
    if first == "":
        length = min(int(last), size)
        return ByteRange(size - length, length, size, whole=False) if length else None
    start, end = int(first), min(int(last or size), size - 1)
    if last and int(last) < start:
        return whole  # an invalid range is as none at all
    return ByteRange(start, end - start + 1, size, whole=False) if start < size else None
