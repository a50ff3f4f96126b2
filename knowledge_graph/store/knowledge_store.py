"""The seam to what keeps the model over a restart. `sql` is the platform's database, `memory` the double."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Protocol

from knowledge_graph.changes import Change
from knowledge_graph.facts import Fact


class SnapshotWriter(Protocol):
    def add(self, facts: Sequence[Fact]) -> None: ...

    def finish(self) -> None:
        """Durable on return: from here on it is what is recovered, and the log up to its begin is forgotten."""
        ...


class KnowledgeStore(Protocol):
    """Blocking, for one writer. Everything raises `Unavailable` where the database does not answer."""

    def append(self, changes: Sequence[Change]) -> None:
        """One entry of the log: all of it is durable on return, or nothing."""
        ...

    def begin_snapshot(self) -> SnapshotWriter:
        """A new snapshot, as of the log's end now. Facts may go on changing while it is written.

        A fact that changes meanwhile may be in it as before or as after, because the log from the begin on says it
        again. One that is not finished is forgotten.
        """
        ...

    def recover(self) -> Iterator[Sequence[Change]]:
        """The snapshot's facts, then the changes of the log, in order.

        Raises `KnowledgeDamaged` at an entry that cannot be read.
        """
        ...
