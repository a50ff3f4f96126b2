"""The scene follows the model, and reads again only what has changed."""

from __future__ import annotations

from datetime import timedelta

from ink_core.clock import ManualClock
from knowledge_graph.facts import Attribute, Edge, Layer, Origin, Relation
from knowledge_graph.incidents.node_states import NodeCondition
from knowledge_graph.incidents.watching import PIECE, SceneWatcher
from knowledge_graph.model import GlobalModel

NOW = ManualClock().now()
ORIGIN = Origin("queue@pool", Layer.RUNTIME, NOW)


def job(model: GlobalModel, number: int, state: str) -> None:
    subject = f"job:pool/{number}.0"
    edge = Edge(subject, Relation.OWNED_BY, "user:alice", ORIGIN)
    model.change([Attribute(subject, "state", state, ORIGIN), edge])


def node(model: GlobalModel, health: str, state: str) -> None:
    said = {"health": health, "state": state}
    facts = [Attribute("node:wn1", name, value, ORIGIN) for name, value in said.items()]
    model.change([*facts, Edge("node:wn1", Relation.PART_OF, "cluster:pool", ORIGIN)])


def test_jobs_of_before_and_of_later_are_in_the_scene_until_they_are_unsaid() -> None:
    model = GlobalModel()
    job(model, 1, "RUNNING")
    watcher = SceneWatcher(model)
    job(model, 2, "QUEUEING")
    scene = watcher.scene(NOW)
    assert sorted((one.id, one.state, one.owner) for one in scene.jobs) == [
        ("job:pool/1.0", "RUNNING", "alice"),
        ("job:pool/2.0", "QUEUEING", "alice"),
    ]
    model.change(unsaid=[fact.id for fact in model.facts("job:pool/1.0", NOW)])
    assert [one.id for one in watcher.scene(NOW).jobs] == ["job:pool/2.0"]


def test_a_hold_that_was_seen_to_begin_has_its_time() -> None:
    model, later = GlobalModel(), NOW + timedelta(minutes=5)
    job(model, 1, "RUNNING")
    job(model, 2, "HOLDING")
    watcher = SceneWatcher(model)
    watcher.scene(NOW)
    job(model, 1, "HOLDING")
    assert {one.id: one.held_at for one in watcher.scene(later).jobs} == {"job:pool/1.0": later, "job:pool/2.0": None}


def test_a_node_that_was_taken_out_before_it_went_away_stays_in_maintenance() -> None:
    model = GlobalModel()
    watcher = SceneWatcher(model)
    node(model, "out_of_service", "Drained")
    assert [one.condition for one in watcher.scene(NOW).nodes] == [NodeCondition.MAINTENANCE]
    node(model, "absent", "Drained")
    assert [one.condition for one in watcher.scene(NOW).nodes] == [NodeCondition.MAINTENANCE]
    node(model, "up", "Unclaimed")
    watcher.scene(NOW)
    node(model, "absent", "Unclaimed")
    assert [one.condition for one in watcher.scene(NOW).nodes] == [NodeCondition.DOWN]


def test_very_many_changes_are_read_in_pieces() -> None:
    model = GlobalModel()
    for number in range(PIECE + 1):
        job(model, number, "RUNNING")
    watcher = SceneWatcher(model)
    assert [watcher.catch_up(NOW), watcher.catch_up(NOW), watcher.catch_up(NOW)] == [True, False, False]
    assert len(watcher.scene(NOW).jobs) == PIECE + 1
