"""What waits for the model: the newest word of each source and fact, bounded."""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import chain

from knowledge_graph.changes import Observation, Said, Unsaid
from knowledge_graph.facts import Attribute, Layer, Origin
from knowledge_graph.model import GlobalModel
from manager.knowledge.inbox import Confirmation, Gone, Inbox, steps

NOW = datetime(2026, 5, 4, 12, 0, tzinfo=UTC)
ORIGIN = Origin("collector@pool", Layer.RUNTIME, NOW)


def load(value: int, node: str = "node:wn1") -> Attribute:
    return Attribute(node, "load", value, ORIGIN)


def test_a_later_word_on_the_same_fact_takes_the_place_of_the_earlier() -> None:
    inbox = Inbox(room=10)
    for word in (load(1), load(2), Gone(load(2).id), load(1, "node:wn2")):
        inbox.put(word)
    assert (len(inbox), inbox.coalesced) == (2, 2)
    assert inbox.take() == [Gone(load(2).id), load(1, "node:wn2")]
    assert (len(inbox), inbox.take()) == (0, [])


def test_a_later_observation_takes_the_place_of_the_earlier_of_its_source() -> None:
    inbox = Inbox(room=10)
    inbox.put(Observation("collector@pool", [load(1), load(1, "node:wn2")]))
    inbox.put(load(5, "node:wn3"))
    inbox.put(Observation("collector@pool", [load(2)]))
    assert len(inbox) == 2
    assert inbox.take() == [load(5, "node:wn3"), Observation("collector@pool", [load(2)])]


def test_there_is_room_for_so_many_facts_and_for_one_larger_word_when_nothing_waits() -> None:
    inbox = Inbox(room=2)
    assert inbox.has_room_for(1_000)
    inbox.put(load(1))
    assert [inbox.has_room_for(facts) for facts in (1, 2)] == [True, False]


def test_words_are_told_in_their_order() -> None:
    model = GlobalModel()
    model.change([load(1), load(1, "node:wn2")])
    words = [Gone(load(1).id), Observation(ORIGIN.source, [load(2)]), Confirmation(ORIGIN.source, NOW), load(3)]
    assert list(chain.from_iterable(steps(words, model))) == [
        Unsaid(load(1)),
        Said(load(2)),
        Unsaid(load(1, "node:wn2")),
        Said(load(3)),
    ]


def test_very_many_words_are_told_in_steps() -> None:
    words = [load(1, f"node:wn{number}") for number in range(2_500)]
    assert [len(changes) for changes in steps(words, GlobalModel())] == [1_000, 1_000, 500]
