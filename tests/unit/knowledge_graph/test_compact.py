"""The compact graph is a networkx graph: its functions see the same as in a plain one."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any, TypeVar

import networkx
import pytest

from knowledge_graph.compact import CompactGraph
from knowledge_graph.facts import Attribute, Edge, Layer, Origin, Relation

NOW = datetime(2026, 5, 4, 12, 0, tzinfo=UTC)
G = TypeVar("G", bound=Any)
COLLECTOR, SCHEDD = (Origin(source, Layer.RUNTIME, NOW) for source in ("collector@pool", "schedd@pool"))
EDGES = [
    Edge("job:1", Relation.RUNS_ON, "node:a", SCHEDD),
    Edge("job:1", Relation.RUNS_ON, "node:a", COLLECTOR),
    Edge("job:1", Relation.READS, "node:a", SCHEDD),
    Edge("node:a", Relation.PART_OF, "cluster:pool", COLLECTOR),
    Edge("cluster:pool", Relation.AFFECTS, "job:1", COLLECTOR),
    Edge("cluster:pool", Relation.AFFECTS, "cluster:pool", COLLECTOR),
]


def key_of(edge: Edge) -> tuple[str, str]:
    return edge.relation.value, edge.origin.source


def filled(graph: G) -> G:
    for edge in EDGES:
        graph.add_edge(edge.subject, edge.target, key_of(edge), fact=edge)
    return graph


def seen(graph: Any) -> Sequence[object]:
    return sorted((u, v, key, data["fact"].id) for u, v, key, data in graph.edges(keys=True, data=True))


def test_networkx_sees_the_same_edges_degrees_paths_and_components_as_in_a_plain_graph() -> None:
    compact, plain = filled(CompactGraph()), filled(networkx.MultiDiGraph())
    assert seen(compact) == seen(plain)
    assert dict(compact.degree()) == dict(plain.degree())
    assert networkx.shortest_path(compact, "job:1", "cluster:pool") == ["job:1", "node:a", "cluster:pool"]
    assert list(networkx.strongly_connected_components(compact)) == list(networkx.strongly_connected_components(plain))


def test_a_plain_graph_can_be_made_of_it() -> None:
    assert seen(networkx.MultiDiGraph(filled(CompactGraph()))) == seen(filled(networkx.MultiDiGraph()))


def test_edges_and_nodes_go_as_in_a_plain_graph() -> None:
    compact, plain = filled(CompactGraph()), filled(networkx.MultiDiGraph())
    for graph in (compact, plain):
        graph.remove_edge("job:1", "node:a", key_of(EDGES[1]))
        graph.remove_edge("cluster:pool", "job:1", key_of(EDGES[4]))
        graph.remove_node("node:a")
    assert seen(compact) == seen(plain)
    assert set(compact) == set(plain)


def test_what_is_kept_of_a_node_are_its_attributes_by_name_and_source() -> None:
    graph = filled(CompactGraph())
    known = graph.attributes("node:a")
    up = Attribute("node:a", "state", "up", COLLECTOR)
    assert known.put(up) is None
    assert dict(graph.nodes["node:a"]) == {("state", "collector@pool"): up}
    with pytest.raises(KeyError):
        known["state", "schedd@pool"] = up
    del known["state", "collector@pool"]
    assert dict(graph.nodes["node:a"]) == {}
