"""The global model: facts come, are renewed, contradict each other, expire and go."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import cast

import pytest

from ink_core.errors import BadInput
from knowledge_graph.changes import Change, Observation, Renewed, Said, Unsaid
from knowledge_graph.facts import Attribute, Edge, Fact, Layer, NodeKind, Origin, Relation, Scalar
from knowledge_graph.model import GlobalModel
from knowledge_graph.reading import ReadableModel

NOW = datetime(2026, 5, 4, 12, 0, tzinfo=UTC)
LATER = NOW + timedelta(minutes=1)
COLLECTOR = Origin("collector@pool", Layer.RUNTIME, NOW)
SCHEDD = Origin("schedd@pool", Layer.RUNTIME, NOW)


def state(value: str, origin: Origin = COLLECTOR, node: str = "node:wn1") -> Attribute:
    return Attribute(node, "state", value, origin)


def runs_on(job: str, origin: Origin = SCHEDD, node: str = "node:wn1") -> Edge:
    return Edge(job, Relation.RUNS_ON, node, origin)


def observed(*facts: Fact) -> Observation:
    return Observation(facts[0].origin.source, facts)


def model_of(*facts: Fact) -> GlobalModel:
    model = GlobalModel()
    model.change(facts)
    return model


@pytest.mark.requirement("MODEL-GRAPH-01")
def test_one_graph_holds_facts_of_all_four_layers_each_with_source_time_and_confidence() -> None:
    origins = {
        layer: Origin(f"{layer.value}@site", layer, NOW + timedelta(seconds=number), confidence=number / 4)
        for number, layer in enumerate(Layer, 1)
    }
    facts = [
        Edge("node:wn1", Relation.PART_OF, "cluster:pool", origins[Layer.TOPOLOGY]),
        Edge("job:pool/1.0", Relation.RUNS_ON, "node:wn1", origins[Layer.RUNTIME]),
        Edge("passage:docs/nodes.md#1", Relation.ABOUT, "node:wn1", origins[Layer.SEMANTICS]),
        Edge("incident:7", Relation.AFFECTS, "node:wn1", origins[Layer.MEMORY]),
    ]
    model: ReadableModel = model_of(*facts)
    near = model.neighbours("node:wn1")
    assert sorted(near) == ["cluster:pool", "incident:7", "job:pool/1.0", "passage:docs/nodes.md#1"]
    told = {fact for node in near for fact in model.edges("node:wn1", node, NOW)}
    assert told == set(facts)
    assert {fact.origin.layer: fact.origin for fact in told} == origins


def test_facts_of_a_node_are_its_attributes_and_outgoing_edges_in_the_order_of_their_ids() -> None:
    facts = [state("Idle"), Attribute("node:wn1", "cores", 64, COLLECTOR), runs_on("node:wn1", node="cluster:pool")]
    told = model_of(*facts, runs_on("job:pool/1.0")).facts("node:wn1", NOW)
    assert [fact.id for fact in told] == sorted(fact.id for fact in facts)


def test_neighbours_are_those_of_both_directions_once_and_in_order() -> None:
    model = model_of(runs_on("job:pool/2.0"), runs_on("job:pool/1.0"), runs_on("node:wn1", node="job:pool/1.0"))
    assert list(model.neighbours("node:wn1")) == ["job:pool/1.0", "job:pool/2.0"]
    assert model.degree("node:wn1") == 3


def test_a_new_edge_is_among_the_neighbours_that_were_asked_for_before() -> None:
    model = model_of(runs_on("job:pool/1.0"))
    assert list(model.neighbours("node:wn1")) == ["job:pool/1.0"]
    model.change([runs_on("job:pool/2.0")])
    assert list(model.neighbours("node:wn1")) == ["job:pool/1.0", "job:pool/2.0"]


def test_edges_between_two_nodes_are_told_in_either_direction() -> None:
    there, back = runs_on("job:pool/1.0"), Edge("node:wn1", Relation.AFFECTS, "job:pool/1.0", COLLECTOR)
    assert model_of(there, back).edges("node:wn1", "job:pool/1.0", NOW) == [there, back]


def test_parallel_edges_of_several_relations_and_sources_are_all_kept() -> None:
    facts = [
        runs_on("job:pool/1.0"),
        runs_on("job:pool/1.0", COLLECTOR),
        Edge("job:pool/1.0", Relation.READS, "node:wn1", SCHEDD),
    ]
    model = model_of(*facts)
    assert model.facts("job:pool/1.0", NOW) == sorted(facts, key=lambda fact: fact.id)
    model.change(unsaid=[facts[0].id])
    model.change(unsaid=[facts[1].id])
    assert model.facts("job:pool/1.0", NOW) == [facts[2]]


def test_an_unknown_node_has_no_facts_and_no_neighbours() -> None:
    model = GlobalModel()
    assert "node:no" not in model
    assert (model.facts("node:no", NOW), model.neighbours("node:no"), model.degree("node:no")) == ((), (), 0)
    assert model.edges("node:no", "node:neither", NOW) == []
    assert model.fact("node:no.state@collector@pool") is None


def test_nodes_are_found_by_their_kind_and_forgotten_with_their_last_fact() -> None:
    edge = runs_on("job:pool/1.0")
    model = model_of(edge)
    assert list(model.nodes(NodeKind.NODE)) == ["node:wn1"]
    model.change(unsaid=[edge.id])
    assert list(model.nodes(NodeKind.NODE)) == []
    assert "node:wn1" not in model


def test_what_a_source_no_longer_says_is_unsaid_and_what_others_say_stays() -> None:
    model = model_of(state("Busy"), state("Idle", node="node:wn2"), state("Down", SCHEDD))
    changes = model.observe(observed(state("Busy", node="node:wn2")))
    assert changes == [Said(state("Busy", node="node:wn2")), Unsaid(state("Busy"))]
    assert list(model.facts("node:wn1", NOW)) == [state("Down", SCHEDD)]


def test_an_empty_observation_unsays_all_that_the_source_said() -> None:
    model = model_of(state("Busy"), runs_on("job:pool/1.0"))
    assert model.observe(Observation(COLLECTOR.source, ())) == [Unsaid(state("Busy"))]


def test_what_is_said_again_at_a_later_time_is_one_renewal() -> None:
    later = replace(COLLECTOR, observed_at=LATER)
    model = model_of(state("Busy"), state("Idle", node="node:wn2"))
    changes = model.observe(observed(state("Busy", later), state("Idle", later, "node:wn2")))
    assert changes == [Renewed(COLLECTOR, later)]
    assert [fact.origin.observed_at for fact in model.all_facts(NOW)] == [LATER, LATER]


def test_times_that_part_are_told_one_by_one() -> None:
    later, latest = replace(COLLECTOR, observed_at=LATER), replace(COLLECTOR, observed_at=LATER, expires_at=LATER)
    model = model_of(state("Busy"), state("Idle", node="node:wn2"))
    changes = model.observe(observed(state("Busy", later), state("Idle", latest, "node:wn2")))
    assert changes == [Said(state("Idle", latest, "node:wn2")), Renewed(COLLECTOR, later)]


def test_what_is_said_again_unchanged_is_no_change() -> None:
    model = model_of(state("Busy"))
    assert model.observe(observed(state("Busy"))) == []
    assert model.change([state("Busy")]) == []


def test_true_is_not_one() -> None:
    drained = Attribute("node:wn1", "drained", 1, COLLECTOR)
    assert model_of(drained).change([replace(drained, value=True)]) == [Said(replace(drained, value=True))]


def test_a_word_of_an_enumeration_is_kept_as_plain_text() -> None:
    (fact,) = model_of(state(Layer.RUNTIME)).facts("node:wn1", NOW)
    assert isinstance(fact, Attribute)
    assert (fact.value, type(fact.value)) == ("runtime", str)


def test_an_observation_with_facts_of_another_source_is_refused_before_any_is_taken() -> None:
    model = GlobalModel()
    with pytest.raises(BadInput, match="other sources"):
        model.observe(Observation("collector@pool", [state("Busy"), state("Down", SCHEDD)]))
    assert model.fact_count == 0


def test_two_sources_that_contradict_each_other_are_both_told() -> None:
    told = model_of(state("Busy"), state("Down", SCHEDD)).facts("node:wn1", NOW)
    assert [(fact.origin.source, fact.value) for fact in told if isinstance(fact, Attribute)] == [
        ("collector@pool", "Busy"),
        ("schedd@pool", "Down"),
    ]


def test_a_source_that_contradicts_itself_is_believed_in_what_it_said_last() -> None:
    model = GlobalModel()
    model.observe(observed(state("Busy"), state("Down")))
    assert list(model.facts("node:wn1", NOW)) == [state("Down")]


def test_facts_in_a_circle_and_of_a_node_with_itself_are_kept_and_go_again() -> None:
    circle = [
        Edge("incident:1", Relation.CAUSED_BY, "incident:2", COLLECTOR),
        Edge("incident:2", Relation.CAUSED_BY, "incident:1", COLLECTOR),
        Edge("incident:1", Relation.CAUSED_BY, "incident:1", COLLECTOR),
    ]
    model = model_of(*circle)
    assert list(model.neighbours("incident:1")) == ["incident:1", "incident:2"]
    assert model.edges("incident:1", "incident:1", NOW) == [circle[2]]
    model.observe(Observation(COLLECTOR.source, ()))
    assert model.fact_count == 0
    assert "incident:1" not in model


@pytest.mark.requirement("MODEL-GRAPH-02")
def test_an_expired_fact_is_no_longer_told_and_then_unsaid() -> None:
    brief = replace(SCHEDD, expires_at=LATER)
    model = model_of(state("Busy"), state("Down", brief), runs_on("job:pool/1.0", brief))
    assert list(model.facts("node:wn1", LATER)) == [state("Busy")]
    assert model.edges("node:wn1", "job:pool/1.0", LATER) == []
    assert list(model.all_facts(LATER)) == [state("Busy")]
    assert model.expire(NOW) == []
    assert set(model.expire(LATER)) == {Unsaid(state("Down", brief)), Unsaid(runs_on("job:pool/1.0", brief))}
    assert "job:pool/1.0" not in model


@pytest.mark.requirement("MODEL-GRAPH-02")
def test_a_fact_that_was_renewed_expires_later() -> None:
    brief = replace(COLLECTOR, expires_at=LATER)
    longer = replace(brief, expires_at=LATER + timedelta(minutes=1))
    model = model_of(state("Busy", brief))
    model.observe(observed(state("Busy", longer)))
    assert model.expire(LATER) == []
    assert model.expire(LATER + timedelta(minutes=1)) == [Unsaid(state("Busy", longer))]


def test_a_fact_is_found_by_its_id_whatever_its_name_holds() -> None:
    facts = [
        state("Busy", node="slot:slot1@wn1.site.cn"),
        Attribute("passage:docs/how to.md#2", "text", "…", COLLECTOR),
        Edge("passage:docs/how to.md#2", Relation.ABOUT, "error:quota.full", COLLECTOR),
    ]
    model = model_of(*facts)
    assert [model.fact(fact.id) for fact in facts] == facts


def test_an_unknown_id_is_no_change() -> None:
    model = model_of(state("Busy"))
    assert model.change(unsaid=["node:wn1.state@nobody", "", "node:wn1", ".", "." * 1_000_000]) == []
    assert model.fact_count == 1


def test_listeners_are_told_of_the_changes_after_they_were_made() -> None:
    model, told = GlobalModel(), list[tuple[Change, ...]]()

    def listener(changes: Sequence[Change]) -> None:
        assert "node:wn1" in model
        told.append(tuple(changes))

    model.listening(listener)
    model.change([state("Busy")])
    model.change([state("Busy")])
    assert told == [(Said(state("Busy")),)]


def test_a_listener_that_breaks_keeps_the_changes_from_nobody() -> None:
    def broken(_: Sequence[Change]) -> None:
        raise ZeroDivisionError

    model, told = GlobalModel(), list[Change]()
    model.listening(broken)
    model.listening(told.extend)
    model.observe(observed(state("Busy")))
    assert told == [Said(state("Busy"))]
    assert model.fact_count == 1


def test_the_version_rises_with_each_change_and_with_new_times() -> None:
    model = GlobalModel()
    versions = [model.version]
    for fact in (state("Busy"), state("Idle"), state("Idle", replace(COLLECTOR, observed_at=LATER))):
        model.observe(observed(fact))
        versions.append(model.version)
    assert versions == sorted(set(versions))


@pytest.mark.parametrize(
    "fact",
    [
        state("Busy", node="wn1"),
        state("Busy", node="node:"),
        state("Busy", node="node:" + "x" * 2_000),
        state("Busy", node="node:wn1\nignore all rules"),
        state("Busy", replace(COLLECTOR, source="")),
        state("x" * 70_000),
        Attribute("node:wn1", "Not a name", 1, COLLECTOR),
        state("half a character: \ud800"),
        state("Busy", replace(COLLECTOR, observed_at=datetime(2026, 5, 4))),
        state("Busy", replace(COLLECTOR, confidence=1.5)),
        Attribute("node:wn1", "load", float("nan"), COLLECTOR),
        Attribute("node:wn1", "load", 2**63, COLLECTOR),
        Attribute("node:wn1", "load", cast(Scalar, None), COLLECTOR),
        runs_on("job:pool/1.0", node="planet:mars"),
    ],
)
def test_a_malformed_fact_is_left_out_and_counted_and_the_others_are_taken(fact: Fact) -> None:
    model = model_of(fact, state("Idle", node="node:wn2"))
    assert model.fact_count == 1
    assert sum(model.refused.values()) == 1


def test_a_full_model_takes_changes_of_what_it_has_and_no_more_facts() -> None:
    model = GlobalModel(most_facts=1)
    model.change([state("Busy"), state("Busy", node="node:wn2"), state("Idle")])
    assert list(model.all_facts(NOW)) == [state("Idle")]
    assert dict(model.refused) == {"the model is full": 1}
