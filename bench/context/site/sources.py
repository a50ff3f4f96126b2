"""Who says what of a synthetic site: one observation per source, with the sources' own delays and lifetimes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta

from ink_core.labels import LOWEST, Confidentiality, Integrity, Label
from knowledge_graph.changes import Observation
from knowledge_graph.facts import Attribute, Edge, Fact, Layer, NodeId, Origin, Relation, Scalar

NOW = datetime(2026, 1, 15, 8, 0, tzinfo=UTC)
PERSONAL = Label(Confidentiality.USER, Integrity.TRUSTED)
WRITTEN_BY_JOBS = Label(Confidentiality.USER, Integrity.UNTRUSTED)

SITE = "site"
IDENTITY = "identity"
MONITORING = "monitoring"
DOCUMENTS = "docs"
INCIDENTS = "incidents"
POLICY = "policy"
CATALOGUE = "catalogue"
STORAGE = "storage"


class Sources:
    """Collects what sources say. `observations` empties it."""

    def __init__(self) -> None:
        self._said: dict[str, list[Fact]] = defaultdict(list)

    def origin(
        self,
        source: str,
        layer: Layer,
        *,
        age: timedelta = timedelta(seconds=30),
        lives: timedelta | None = None,
        readers: Iterable[str] = (),
        label: Label = LOWEST,
        confidence: float = 1.0,
    ) -> Origin:
        """`lives` counts from when it was observed; None is for ever."""
        seen = NOW - age
        return Origin(source, layer, seen, confidence, seen + lives if lives else None, label, frozenset(readers))

    def attributes(self, subject: NodeId, origin: Origin, **values: Scalar | None) -> None:
        self._said[origin.source].extend(
            Attribute(subject, name, value, origin) for name, value in values.items() if value is not None
        )

    def edge(self, subject: NodeId, relation: Relation, target: NodeId, origin: Origin) -> None:
        self._said[origin.source].append(Edge(subject, relation, target, origin))

    def observations(self) -> Iterator[Observation]:
        for source in sorted(self._said):
            yield Observation(source, self._said.pop(source))


def attribute_id(subject: NodeId, name: str, source: str) -> str:
    return f"{subject}.{name}@{source}"


def edge_id(subject: NodeId, relation: Relation, target: NodeId, source: str) -> str:
    return f"{subject} {relation.value} {target}@{source}"
