"""Rows of one job of one kind, compressed: length of the texts (4 bytes, big-endian), the texts (JSON), the columns."""

from __future__ import annotations

import json
import zlib
from collections.abc import Sequence
from typing import TypeVar

from joblens.store.columns import pack, unpack

Row = TypeVar("Row")
_LENGTH = 4
_COMPRESSION = 6
MAX_PLAIN_BYTES = 256 << 20


def pack_block(row: type[Row], rows: Sequence[Row]) -> bytes:
    texts, data = pack(row, rows)
    header = json.dumps(texts, separators=(",", ":")).encode()
    return zlib.compress(len(header).to_bytes(_LENGTH, "big") + header + data, _COMPRESSION)


def unpack_block(row: type[Row], count: int, block: bytes) -> list[Row]:
    """Raises `ValueError` where the bytes are no block."""
    try:
        plain = zlib.decompressobj().decompress(block, MAX_PLAIN_BYTES)
    except zlib.error as error:
        raise ValueError(str(error)) from error
    start = _LENGTH + int.from_bytes(plain[:_LENGTH], "big")
    return unpack(row, count, json.loads(plain[_LENGTH:start]), plain[start:])
