"""One machine under two names: HTCondor says `wn001.example.org` where Slurm says `wn001`."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import datetime

from ink_core.labels import Confidentiality, Integrity, Label
from knowledge_graph.facts import Edge, Layer, NodeId, NodeKind, Origin, Relation, name_of, node_id

SOURCE = "names@site"
CONFIDENCE = 0.9
"""That a short name is the machine's first label is a custom, not a law."""


def facts_of_names(nodes: Iterable[NodeId], at: datetime) -> Iterator[Edge]:
    """From each short name to the full one, where there is one only that begins with it."""
    origin = Origin(SOURCE, Layer.TOPOLOGY, at, CONFIDENCE, label=Label(Confidentiality.SCRATCH, Integrity.TRUSTED))
    full_of: dict[str, list[str]] = defaultdict(list)
    names = {name_of(node) for node in nodes}
    for name in names:
        short, dot, _ = name.partition(".")
        if dot and short in names:
            full_of[short].append(name)
    for short, (full, *more) in sorted(full_of.items()):
        if not more:
            yield Edge(node_id(NodeKind.NODE, short), Relation.MAPS_TO, node_id(NodeKind.NODE, full), origin)
