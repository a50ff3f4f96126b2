"""A Merkle tree kept as tiles: hashing of RFC 6962 section 2.1, tiles of C2SP tlog-tiles (256 hashes of 32 bytes each).

Pure: tiles come from a `read` function and the new ones are returned. Holds the right edge only, so that a log of any
length costs a few kilobytes.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Sequence

WIDTH = 256
HASH_BYTES = 32
HEIGHT = 8

TileKey = tuple[int, int]
"""Level and index. A tile's file is full at 8,192 bytes, else partial."""

ReadTile = Callable[[TileKey], bytes]


def leaf_hash(entry: bytes) -> bytes:
    return hashlib.sha256(b"\x00" + entry).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\x01" + left + right).digest()


def merge(hashes: Sequence[bytes]) -> bytes:
    """Root of a subtree over 2^n hashes."""
    while len(hashes) > 1:
        hashes = [node_hash(hashes[place], hashes[place + 1]) for place in range(0, len(hashes), 2)]
    return hashes[0]


class TiledTree:
    """`read` gives the tiles of the first `size` leaves; of a longer tile only the part that counts is used."""

    def __init__(self, read: ReadTile, size: int = 0) -> None:
        self._read = read
        self.size = size
        self._edge = {key[0]: read(key)[: width * HASH_BYTES] for key, width in _partial_tiles(size)}

    def append(self, leaves: Iterable[bytes]) -> dict[TileKey, bytes]:
        """Take leaf hashes in; returns every tile that is new or has grown."""
        grown: dict[TileKey, bytes] = {}
        for leaf in leaves:
            self._push(0, leaf, grown)
            self.size += 1
        for (level, index), _ in _partial_tiles(self.size):
            grown[level, index] = self._edge[level]
        return grown

    def _push(self, level: int, value: bytes, grown: dict[TileKey, bytes]) -> None:
        tile = self._edge.get(level, b"") + value
        if len(tile) < WIDTH * HASH_BYTES:
            self._edge[level] = tile
            return
        self._edge[level] = b""
        grown[level, self.size // WIDTH ** (level + 1)] = tile
        self._push(level + 1, merge(_hashes(tile)), grown)

    def root(self, size: int | None = None) -> bytes:
        """Root of the first `size` leaves (all by default); of none it is the hash of nothing."""
        size = self.size if size is None else size
        return self._range(0, size) if size else hashlib.sha256().digest()

    def consistency_proof(self, old: int, new: int) -> tuple[bytes, ...]:
        """That the tree of `new` leaves begins with that of `old` (RFC 6962 section 2.1.2); 0 < old <= new <= size."""
        if not 0 < old <= new <= self.size:
            raise ValueError(f"no proof from {old} to {new} leaves in a tree of {self.size}")
        return self._subproof(old, 0, new, known=True)

    def _subproof(self, old: int, low: int, high: int, *, known: bool) -> tuple[bytes, ...]:
        if old == high - low:
            return () if known else (self._range(low, high),)
        half = _split(high - low)
        if old <= half:
            return (*self._subproof(old, low, low + half, known=known), self._range(low + half, high))
        return (*self._subproof(old - half, low + half, high, known=False), self._range(low, low + half))

    def _range(self, low: int, high: int) -> bytes:
        count = high - low
        if count & (count - 1) == 0:
            return self._node(count.bit_length() - 1, low // count)
        half = _split(count)
        return node_hash(self._range(low, low + half), self._range(low + half, high))

    def _node(self, height: int, index: int) -> bytes:
        """Root of the whole subtree of 2^height leaves that is the `index`-th of its height."""
        level, inside = divmod(height, HEIGHT)
        first = index << inside
        start = first % WIDTH * HASH_BYTES
        tile = self._tile(level, first // WIDTH)
        return merge(_hashes(tile[start : start + (HASH_BYTES << inside)]))

    def _tile(self, level: int, index: int) -> bytes:
        if index == self.size // WIDTH ** (level + 1):
            return self._edge[level]
        return self._read((level, index))


def _hashes(tile: bytes) -> list[bytes]:
    return [tile[place : place + HASH_BYTES] for place in range(0, len(tile), HASH_BYTES)]


def _split(count: int) -> int:
    """The largest power of two below `count`."""
    return 1 << (count - 1).bit_length() - 1


def _partial_tiles(size: int) -> Iterable[tuple[TileKey, int]]:
    """The tiles of the right edge and how many hashes each has; empty ones are left out."""
    level = 0
    while whole := size // WIDTH**level:
        index, width = divmod(whole, WIDTH)
        if width:
            yield (level, index), width
        level += 1
