"""What is told of one thing: its facts, what sources disagree on, its neighbours; as far as a reader may see."""

from __future__ import annotations

from knowledge_graph.clearance import Clearance
from knowledge_graph.describing import MOST_FACTS, describe, neighbourhood
from knowledge_graph.facts import Attribute, Fact
from knowledge_graph.model import GlobalModel
from knowledge_graph.view import View
from tests.unit.knowledge_graph.sites import ALICE, BOB, COLLECTOR, MONITOR, NOW, SECRET, said, site

NODE = "node:wn042.example.org"


def view(*more: Fact, reader: Clearance = ALICE) -> View:
    model = GlobalModel()
    model.change([*site(), *more])
    return View(model, reader, NOW)


def test_what_sources_disagree_on_is_told_of_both_and_named() -> None:
    found = describe(NODE, view(*said(NODE, MONITOR, state="degraded")))
    told = {(fact.value, fact.origin.source) for fact in found.facts if isinstance(fact, Attribute)}
    assert {("ok", "collector@pool"), ("degraded", "monitor")} <= told
    assert found.disputed == ["state"]


def test_sources_that_agree_dispute_nothing() -> None:
    assert describe(NODE, view(*said(NODE, MONITOR, state="ok"))).disputed == []


def test_what_a_reader_may_not_see_is_neither_told_nor_counted_nor_disputed() -> None:
    hidden = said(NODE, SECRET, state="embargoed", note="x")
    assert describe(NODE, view(*hidden)) == describe(NODE, view())
    assert describe("job:pool/12.0", view(reader=BOB)).facts == ()
    assert all(each.node != "job:pool/12.0" for each in neighbourhood("user:alice", view(reader=BOB), 100))


def test_of_a_thing_with_very_many_facts_the_first_are_told_and_the_rest_counted() -> None:
    many = [Attribute(NODE, f"a{number:03}", number, COLLECTOR) for number in range(150)]
    found = describe(NODE, view(*many))
    assert len(found.facts) == MOST_FACTS and found.more == 150 + 4 - MOST_FACTS


def test_neighbours_say_how_they_are_connected_and_in_which_direction() -> None:
    near = {(each.node, each.relation, each.outward) for each in neighbourhood(NODE, view(), 100)}
    assert ("filesystem:lustre", "mounts", True) in near
    assert ("slot:slot1@wn042.example.org", "part_of", False) in near
    assert len(neighbourhood(NODE, view(), 1)) == 1


def test_of_an_unknown_thing_nothing_is_known() -> None:
    found = describe("node:mars", view())
    assert (found.facts, found.more, found.disputed) == ((), 0, [])
    assert neighbourhood("node:mars", view(), 10) == ()
