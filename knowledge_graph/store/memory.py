"""The double of the store: as bytes, like the real one, so that what cannot be written cannot be kept here either."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from knowledge_graph.changes import Change, Said
from knowledge_graph.facts import Fact
from knowledge_graph.store.codec import decode, encode


class MemoryKnowledgeStore:
    """Implements `KnowledgeStore`."""

    def __init__(self) -> None:
        self.snapshot: list[bytes] = []
        self.log: list[bytes] = []

    def append(self, changes: Sequence[Change]) -> None:
        self.log.append(encode(changes))

    def begin_snapshot(self) -> _Snapshot:
        return _Snapshot(self)

    def recover(self) -> Iterator[Sequence[Change]]:
        return (decode(body) for body in (*self.snapshot, *self.log))


class _Snapshot:
    def __init__(self, store: MemoryKnowledgeStore) -> None:
        self._store = store
        self._covered = len(store.log)
        self._parts: list[bytes] = []

    def add(self, facts: Sequence[Fact]) -> None:
        self._parts.append(encode(map(Said, facts)))

    def finish(self) -> None:
        self._store.snapshot = self._parts
        del self._store.log[: self._covered]
