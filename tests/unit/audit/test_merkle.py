"""The tiled tree against the definition of RFC 6962 and its published test vectors."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audit.merkle import HASH_BYTES, WIDTH, TiledTree, TileKey, leaf_hash, node_hash


def by_definition(entries: Sequence[bytes]) -> bytes:
    """MTH of RFC 6962, section 2.1, word for word."""
    if not entries:
        return hashlib.sha256().digest()
    if len(entries) == 1:
        return leaf_hash(entries[0])
    half = 1
    while half * 2 < len(entries):
        half *= 2
    return node_hash(by_definition(entries[:half]), by_definition(entries[half:]))


def entries(count: int) -> list[bytes]:
    return [str(number).encode() for number in range(count)]


class Grown:
    """A tree grown in steps, closed and opened again at each."""

    def __init__(self, *steps: int) -> None:
        self.tiles: dict[TileKey, bytes] = {}
        size = 0
        for step in steps:
            tree = TiledTree(self.tiles.__getitem__, size)
            leaves = [leaf_hash(entry) for entry in entries(size + step)[size:]]
            self.tiles |= tree.append(leaves)
            size += step
        self.tree = TiledTree(self.tiles.__getitem__, size)


# Inputs and roots of the reference implementation of RFC 6962 (certificate-transparency, merkletree tests).
KNOWN = [bytes.fromhex(text) for text in ["", "00", "10", "2021", "3031", "40414243", "5051525354555657"]]
ROOTS = {
    1: "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    2: "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    3: "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    4: "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    5: "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    6: "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    7: "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
}


@pytest.mark.parametrize("size", sorted(ROOTS))
def test_the_published_roots_come_out(size: int) -> None:
    tree = TiledTree({}.__getitem__)
    tree.append(map(leaf_hash, KNOWN))
    assert tree.root(size).hex() == ROOTS[size]


@given(st.lists(st.integers(1, 300), max_size=5))
def test_every_root_is_the_defined_one_however_the_tree_grew(steps: list[int]) -> None:
    grown = Grown(*steps)
    size = grown.tree.size
    for part in {0, 1, size // 3, size - 1, size} & set(range(size + 1)):
        assert grown.tree.root(part) == by_definition(entries(part))


def test_a_tree_of_three_levels_of_tiles_has_the_defined_root_and_full_tiles() -> None:
    size = WIDTH * WIDTH + WIDTH + 3
    grown = Grown(WIDTH * WIDTH - 1, 2, WIDTH, 2)
    assert grown.tree.root() == by_definition(entries(size))
    assert grown.tree.root(WIDTH * WIDTH) == by_definition(entries(WIDTH * WIDTH))
    widths = {key: len(tile) // HASH_BYTES for key, tile in grown.tiles.items()}
    assert [widths[0, n] for n in (0, 255, 256, 257)] == [256, 256, 256, 3]
    assert (widths[1, 0], widths[1, 1], widths[2, 0]) == (256, 1, 1)


@pytest.mark.parametrize(("old", "new"), [(0, 5), (6, 5), (3, 11)])
def test_there_is_no_proof_for_what_is_no_prefix(old: int, new: int) -> None:
    with pytest.raises(ValueError, match="no proof"):
        Grown(10).tree.consistency_proof(old, new)
