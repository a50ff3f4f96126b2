"""The seam between the global model and whoever reads it: retrieval, tools, detectors and the page.

`knowledge_graph.model.GlobalModel` is the one that the platform runs on.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from datetime import datetime
from typing import Protocol

from knowledge_graph.changes import Change
from knowledge_graph.facts import Fact, NodeId, NodeKind

Listener = Callable[[Sequence[Change]], None]
"""Told of changes after they were made, in order; returns at once."""


class ReadableModel(Protocol):
    """Of an unknown node there are no facts and no neighbours; nothing here raises for one."""

    @property
    def version(self) -> int:
        """Rises with each change; the same version and time give the same answers."""
        ...

    def __contains__(self, node: NodeId) -> bool: ...

    def facts(self, node: NodeId, now: datetime) -> Sequence[Fact]:
        """Attributes of a node and the edges that begin at it, in the order of their ids, without the expired ones."""
        ...

    def neighbours(self, node: NodeId) -> Sequence[NodeId]:
        """Nodes with an edge to or from it, each once, in the order of their ids.

        Cheap: a walk asks it thousands of times.
        """
        ...

    def degree(self, node: NodeId) -> int:
        """How many neighbours, one with edges both ways counting twice: known without asking for them. 0 if unknown."""
        ...

    def edges(self, node: NodeId, other: NodeId, now: datetime) -> Sequence[Fact]:
        """Edges between two nodes in either direction."""
        ...

    def nodes(self, kind: NodeKind) -> Collection[NodeId]: ...

    def fact(self, fact_id: str) -> Fact | None:
        """The fact with this id, expired or not; None where there is none."""
        ...

    def seen_at(self, fact: Fact) -> datetime:
        """When its source last said it, or that all it had said still held: what the age of a fact counts from."""
        ...

    def listening(self, listener: Listener) -> None:
        """From now on `listener` is told of changes."""
        ...

    def all_facts(self, now: datetime) -> Iterable[Fact]: ...
