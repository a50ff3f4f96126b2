"""What every store of the global model promises: the double and the database."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import chain
from pathlib import Path

import pytest

from ink_core.labels import HIGHEST
from knowledge_graph.changes import Change, Observation, Renewed, Said, Unsaid
from knowledge_graph.facts import Attribute, Edge, Fact, Layer, Origin, Relation
from knowledge_graph.model import GlobalModel
from knowledge_graph.store.knowledge_store import KnowledgeStore
from knowledge_graph.store.memory import MemoryKnowledgeStore
from knowledge_graph.store.sql import SqlKnowledgeStore
from tests.doubles.empty_database import empty_database

NOW = datetime(2026, 5, 4, 12, 0, 0, 123456, tzinfo=UTC)
ORIGIN = Origin("collector@pool", Layer.TOPOLOGY, NOW)
PRIVATE = Origin(
    "joblens@pool", Layer.RUNTIME, NOW, 0.25, NOW + timedelta(hours=1), HIGHEST, frozenset({"user:alice", "admins"})
)


@pytest.fixture(params=["memory", "postgresql", "sqlite"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[KnowledgeStore]:
    if request.param == "memory":
        yield MemoryKnowledgeStore()
        return
    database = empty_database(_url(request, tmp_path))
    yield SqlKnowledgeStore(database)
    database.close()


def _url(request: pytest.FixtureRequest, path: Path) -> str:
    if request.param == "sqlite":
        return f"sqlite:///{path}/ink.db"
    url: str = request.getfixturevalue("postgresql_url")
    return url


def cores(number: int, node: str = "node:wn1", origin: Origin = ORIGIN) -> Attribute:
    return Attribute(node, "cores", number, origin)


def recovered(store: KnowledgeStore) -> GlobalModel:
    model = GlobalModel()
    model.recover(store.recover())
    return model


def facts_of(model: GlobalModel) -> Sequence[Fact]:
    return sorted(model.all_facts(NOW), key=lambda fact: fact.id)


def take_snapshot(store: KnowledgeStore, model: GlobalModel) -> None:
    snapshot = store.begin_snapshot()
    for facts in model.snapshot(NOW):
        snapshot.add(facts)
    snapshot.finish()


def test_an_empty_store_recovers_nothing(store: KnowledgeStore) -> None:
    assert list(store.recover()) == []


def test_every_kind_of_change_comes_back_as_it_was(store: KnowledgeStore) -> None:
    changes: list[Change] = [
        Said(Attribute("passage:文档/配额.md#1", "text", '束流 \u2028 "q" \\ \x00', PRIVATE)),
        *(Said(Attribute("node:wn1", "value", value, ORIGIN)) for value in (True, 1, 1.5, -(2**62), "")),
        Said(Edge("job:pool/1.0", Relation.RUNS_ON, "node:wn1", PRIVATE)),
        Unsaid(Edge("job:pool/1.0", Relation.RUNS_ON, "node:wn1", ORIGIN)),
        Renewed(ORIGIN, replace(ORIGIN, observed_at=NOW + timedelta(minutes=1))),
    ]
    store.append(changes)
    found = list(chain.from_iterable(store.recover()))
    assert found == changes
    values = [one.fact.value for one in found[1:4] if isinstance(one, Said) and isinstance(one.fact, Attribute)]
    assert list(map(type, values)) == [bool, int, float]


def test_entries_come_back_in_the_order_in_which_they_were_written(store: KnowledgeStore) -> None:
    for number in range(12):
        store.append([Said(cores(number))])
    assert [change for changes in store.recover() for change in changes] == [Said(cores(n)) for n in range(12)]


@pytest.mark.requirement("MODEL-GRAPH-03")
def test_a_model_is_recovered_from_the_log(store: KnowledgeStore) -> None:
    model, later = GlobalModel(), replace(ORIGIN, observed_at=NOW + timedelta(minutes=1))
    edge = Edge("node:wn1", Relation.PART_OF, "cluster:pool", ORIGIN)
    observations: list[list[Fact]] = [
        [cores(1), cores(2, "node:wn2"), edge],
        [cores(1, origin=later), cores(3, "node:wn2", later)],
    ]
    for facts in observations:
        store.append(model.observe(Observation(ORIGIN.source, facts)))
    assert facts_of(recovered(store)) == facts_of(model) == [cores(1, origin=later), cores(3, "node:wn2", later)]


@pytest.mark.requirement("MODEL-GRAPH-03")
def test_a_snapshot_takes_the_place_of_the_log_before_it(store: KnowledgeStore) -> None:
    model = GlobalModel()
    for number in range(5):
        store.append(model.change([cores(number)]))
    take_snapshot(store, model)
    assert list(store.recover()) == [[Said(cores(4))]]
    store.append(model.change([cores(7), cores(8, "node:wn2")]))
    assert facts_of(recovered(store)) == [cores(7), cores(8, "node:wn2")]


def test_of_two_snapshots_the_later_is_recovered(store: KnowledgeStore) -> None:
    model = GlobalModel()
    model.change([cores(1), cores(2, "node:wn2")])
    take_snapshot(store, model)
    model.change([cores(3)], [cores(2, "node:wn2").id])
    take_snapshot(store, model)
    assert list(store.recover()) == [[Said(cores(3))]]


@pytest.mark.requirement("MODEL-GRAPH-03")
def test_a_snapshot_that_was_not_finished_changes_nothing(store: KnowledgeStore) -> None:
    model = GlobalModel()
    store.append(model.change([cores(1)]))
    take_snapshot(store, model)
    store.append(model.change([cores(2)]))
    store.begin_snapshot().add([cores(9), cores(9, "node:wn9")])
    assert facts_of(recovered(store)) == [cores(2)]
    take_snapshot(store, model)
    assert facts_of(recovered(store)) == [cores(2)]


@pytest.mark.requirement("MODEL-GRAPH-03")
def test_what_changes_while_a_snapshot_is_written_is_recovered_as_it_is_in_the_end(store: KnowledgeStore) -> None:
    model, later = GlobalModel(), replace(ORIGIN, observed_at=NOW + timedelta(minutes=1))
    nodes = [f"node:wn{number:04}" for number in range(2_500)]
    store.append(model.observe(Observation(ORIGIN.source, [cores(1, node) for node in nodes])))
    snapshot = store.begin_snapshot()
    for part, facts in enumerate(model.snapshot(NOW)):
        snapshot.add(facts)
        if part == 1:
            store.append(model.observe(Observation(ORIGIN.source, [cores(1, node, later) for node in nodes[10:]])))
            store.append(model.change([cores(part, nodes[10], later), cores(part, nodes[2_400], later)]))
    snapshot.finish()
    assert facts_of(recovered(store)) == facts_of(model)
    assert model.fact_count == 2_490
