"""Whatever is told in whatever order, the model says what a plain list of facts would, and is recovered as it was."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from random import Random

import pytest

from knowledge_graph.changes import Change, Observation, Renewed, Said, Unsaid
from knowledge_graph.facts import Attribute, Edge, Fact, Layer, NodeKind, Origin, Relation
from knowledge_graph.model import GlobalModel
from knowledge_graph.store.memory import MemoryKnowledgeStore

START = datetime(2026, 5, 4, 12, 0, tzinfo=UTC)
NODES = ("node:a", "node:b", "job:pool/1.0", "user:alice")
SOURCES = ("collector", "schedd", "human:alice")
STEPS = 300


class Reference:
    """The same by the plainest means: facts by their ids."""

    def __init__(self) -> None:
        self.facts: dict[str, Fact] = {}

    def observe(self, observation: Observation) -> None:
        for fact in [fact for fact in self.facts.values() if fact.origin.source == observation.source]:
            del self.facts[fact.id]
        self.change(observation.facts, ())

    def change(self, said: Sequence[Fact], unsaid: Sequence[str]) -> None:
        for fact_id in unsaid:
            self.facts.pop(fact_id, None)
        self.facts.update((fact.id, fact) for fact in said)

    def expire(self, now: datetime) -> None:
        for fact in tuple(self.facts.values()):
            if fact.origin.expires_at is not None and fact.origin.expires_at <= now:
                del self.facts[fact.id]

    def hear(self, changes: Sequence[Change]) -> None:
        """As whoever keeps a view by the changes alone."""
        for change in changes:
            match change:
                case Said(fact):
                    self.facts[fact.id] = fact
                case Unsaid(fact):
                    del self.facts[fact.id]
                case Renewed(before, after):
                    self._renew(before, after)

    def neighbours(self, node: str) -> list[str]:
        edges = [fact for fact in self.facts.values() if isinstance(fact, Edge)]
        there = {edge.target for edge in edges if edge.subject == node}
        return sorted(there | {edge.subject for edge in edges if edge.target == node})

    def _renew(self, before: Origin, after: Origin) -> None:
        for key, fact in self.facts.items():
            if fact.origin == before:
                self.facts[key] = with_origin(fact, after)


def with_origin(fact: Fact, origin: Origin) -> Fact:
    if isinstance(fact, Attribute):
        return Attribute(fact.subject, fact.name, fact.value, origin)
    return Edge(fact.subject, fact.relation, fact.target, origin)


def facts(chance: Random, source: str, now: datetime) -> Iterator[Fact]:
    lasting = Origin(source, Layer.TOPOLOGY, now)
    brief = Origin(source, Layer.RUNTIME, now, expires_at=now + timedelta(minutes=chance.randrange(1, 4)))
    for _ in range(chance.randrange(12)):
        origin = chance.choice((lasting, lasting, brief))
        if chance.random() < 0.5:
            yield Attribute(chance.choice(NODES), chance.choice(("state", "load")), chance.randrange(3), origin)
        else:
            yield Edge(chance.choice(NODES), chance.choice(tuple(Relation)[:2]), chance.choice(NODES), origin)


@pytest.mark.requirement("MODEL-GRAPH-03")
@pytest.mark.parametrize("seed", range(5))
def test_the_model_says_what_a_plain_list_of_facts_would(seed: int) -> None:
    chance, now = Random(seed), START
    model, reference, view, store = GlobalModel(), Reference(), Reference(), MemoryKnowledgeStore()
    model.listening(view.hear)
    model.listening(store.append)
    for _ in range(STEPS):
        now += timedelta(seconds=chance.choice((0, 20, 60)))
        source = chance.choice(SOURCES)
        step = chance.randrange(4)
        if step < 2:
            observation = Observation(source, tuple(facts(chance, source, now)))
            model.observe(observation)
            reference.observe(observation)
        elif step == 2:
            said = tuple(facts(chance, source, now))
            unsaid = chance.sample(sorted(reference.facts), min(2, len(reference.facts)))
            model.change(said, unsaid)
            reference.change(said, unsaid)
        else:
            model.expire(now)
            reference.expire(now)
        assert_same(model, reference)
        assert view.facts == reference.facts
    recovered = GlobalModel()
    recovered.recover(store.recover())
    assert_same(recovered, reference)


@pytest.mark.requirement("MODEL-GRAPH-03")
def test_a_crash_after_any_entry_of_the_log_leaves_the_model_of_that_moment() -> None:
    chance, model, view, store = Random(7), GlobalModel(), Reference(), MemoryKnowledgeStore()
    moments: list[dict[str, Fact]] = [{}]
    model.listening(view.hear)
    model.listening(store.append)
    model.listening(lambda _: moments.append(dict(view.facts)))
    for step in range(40):
        now, source = START + timedelta(seconds=step), chance.choice(SOURCES)
        model.observe(Observation(source, tuple(facts(chance, source, now))))
    assert len(moments) == len(store.log) + 1
    for entries, moment in enumerate(moments):
        crashed, recovered = MemoryKnowledgeStore(), GlobalModel()
        crashed.log = store.log[:entries]
        recovered.recover(crashed.recover())
        assert {fact.id: fact for fact in recovered.all_facts(START)} == moment


def assert_same(model: GlobalModel, reference: Reference) -> None:
    long_ago = START - timedelta(days=1)
    assert {fact.id: fact for fact in model.all_facts(long_ago)} == reference.facts
    assert model.fact_count == len(reference.facts)
    for node in NODES:
        assert list(model.neighbours(node)) == reference.neighbours(node)
        mentioned = bool(reference.neighbours(node)) or any(fact.subject == node for fact in reference.facts.values())
        assert (node in model) == mentioned
    assert sum(len(model.nodes(kind)) for kind in NodeKind) == sum(node in model for node in NODES)
