"""Storages and labelled directory trees of the site as facts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime

from ink_core.labels import Confidentiality, Integrity, Label
from ink_core.storage.xrootd.options import StorageOptions
from knowledge_graph.facts import Fact, Layer, NodeKind, Origin, node_id
from knowledge_graph.ingest.saying import attributes

LABEL = Label(Confidentiality.SCRATCH, Integrity.TRUSTED)


def facts_of_storages(
    storages: Iterable[StorageOptions], trees: Iterable[tuple[str, Confidentiality]], at: datetime
) -> Iterator[Fact]:
    """Where files can be, and how confidential what lies in a tree is."""
    origin = Origin("settings@ink", Layer.TOPOLOGY, at, label=LABEL)
    for storage in storages:
        told = {"type": "xrootd", "address": storage.url}
        yield from attributes(node_id(NodeKind.FILE_SYSTEM, storage.name), origin, told)
    for tree, confidentiality in trees:
        yield from attributes(node_id(NodeKind.FILE_SYSTEM, tree), origin, {"confidentiality": confidentiality})
