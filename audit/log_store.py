"""The seam between the log of chain heads and the ledger's database, and its in-memory double.

Blocking: call it from a thread. One sealer at a time: SQLite's lease sees to that, PostgreSQL's adapter takes a lock.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from audit.canonical import canonical_json
from audit.checkpoint import Checkpoint, Cosignature
from audit.sealing import Head


@dataclass(frozen=True)
class Leaf:
    """One entry of the log: where a chain ended when it was sealed."""

    chain: str
    seq: int
    hash: str

    @property
    def entry(self) -> bytes:
        """Canonical JSON, the bytes that the tree's leaf hash is of."""
        return canonical_json({"chain": self.chain, "hash": self.hash, "seq": self.seq})


class LogStore(Protocol):
    def size(self) -> int: ...

    def leaves(self, first: int, count: int) -> Sequence[Leaf]:
        """Up to `count` leaves from number `first` on; they count from 0."""
        ...

    def unsealed(self) -> Sequence[Leaf]:
        """Heads that moved since they were last sealed, ordered by chain: the log's next leaves."""
        ...

    def commit(self, leaves: Sequence[Leaf], checkpoint: Checkpoint) -> None:
        """Write both durably in one transaction. Raises `LedgerUnavailable`."""
        ...

    def latest(self) -> Checkpoint | None: ...

    def record(self, size: int, cosignatures: Sequence[Cosignature]) -> None:
        """Keep them; of one key the first on a checkpoint counts."""
        ...

    def cosignatures(self, size: int) -> Sequence[Cosignature]: ...

    def close(self) -> None: ...


class MemoryLogStore:
    """`heads` tells where the chains end now."""

    def __init__(self, heads: Callable[[], Mapping[str, Head]]) -> None:
        self._heads = heads
        self._leaves: list[Leaf] = []
        self._latest: Checkpoint | None = None
        self._cosignatures: dict[int, dict[str, Cosignature]] = {}

    def size(self) -> int:
        return len(self._leaves)

    def leaves(self, first: int, count: int) -> Sequence[Leaf]:
        return tuple(self._leaves[first : first + count])

    def unsealed(self) -> Sequence[Leaf]:
        sealed = {leaf.chain: leaf.seq for leaf in self._leaves}
        moved = ((chain, head) for chain, head in sorted(self._heads().items()) if head.seq > sealed.get(chain, 0))
        return tuple(Leaf(chain, head.seq, head.hash) for chain, head in moved)

    def commit(self, leaves: Sequence[Leaf], checkpoint: Checkpoint) -> None:
        self._leaves.extend(leaves)
        self._latest = checkpoint

    def latest(self) -> Checkpoint | None:
        return self._latest

    def record(self, size: int, cosignatures: Sequence[Cosignature]) -> None:
        for each in cosignatures:
            self._cosignatures.setdefault(size, {}).setdefault(each.key, each)

    def cosignatures(self, size: int) -> Sequence[Cosignature]:
        return tuple(self._cosignatures.get(size, {}).values())

    def close(self) -> None:
        """Nothing is held open."""
