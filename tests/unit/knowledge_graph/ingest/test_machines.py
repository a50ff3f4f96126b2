"""Which names of nodes are taken for one machine."""

from __future__ import annotations

from datetime import UTC, datetime

from knowledge_graph.facts import Relation
from knowledge_graph.ingest.machines import facts_of_names
from tests.told import links

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)


def test_a_short_name_is_the_machine_whose_full_name_begins_with_it() -> None:
    nodes = ["node:wn1", "node:wn1.example.org", "node:wn2.example.org", "node:wn10"]
    assert links(facts_of_names(nodes, NOW)) == {("node:wn1", Relation.MAPS_TO, "node:wn1.example.org")}


def test_where_two_full_names_begin_with_it_nothing_is_said() -> None:
    assert not [*facts_of_names(["node:wn1", "node:wn1.a.org", "node:wn1.b.org"], NOW)]
