"""The running model: told and asked at once, recovered as it was, safe from floods and a database that is away."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta
from threading import Event

import pytest

from ink_core.clock import ManualClock
from ink_core.errors import BadInput, DeadlineExceeded, Unavailable
from knowledge_graph.changes import Change, Observation
from knowledge_graph.facts import Attribute, Fact, Layer, Origin
from knowledge_graph.model import GlobalModel
from knowledge_graph.store.memory import MemoryKnowledgeStore
from manager.knowledge import knowledge as running
from manager.knowledge import saving
from manager.knowledge.knowledge import Knowledge, KnowledgeBusy
from manager.knowledge.unsaved import Unsaved

NOW = ManualClock().now()
ORIGIN = Origin("collector@pool", Layer.RUNTIME, NOW, expires_at=NOW + timedelta(hours=1))


def load(value: int, node: str = "node:wn1") -> Attribute:
    return Attribute(node, "load", value, ORIGIN)


def told(model: GlobalModel) -> Sequence[Fact]:
    return sorted(model.all_facts(NOW), key=lambda fact: fact.id)


@asynccontextmanager
async def knowing(
    store: MemoryKnowledgeStore, room: int = 100_000, clock: ManualClock | None = None
) -> AsyncGenerator[Knowledge]:
    knowledge = Knowledge(GlobalModel(), store, clock or ManualClock(), room)
    await knowledge.recover()
    try:
        yield knowledge
    finally:
        await knowledge.close()


class AwayStore(MemoryKnowledgeStore):
    """Does not answer while `away`."""

    away = True

    def append(self, changes: Sequence[Change]) -> None:
        if self.away:
            raise Unavailable("the database does not answer")
        super().append(changes)


async def test_what_was_told_is_in_the_model_when_it_has_settled() -> None:
    async with knowing(MemoryKnowledgeStore()) as knowledge:
        await knowledge.observe(Observation(ORIGIN.source, [load(1), load(1, "node:wn2")]))
        await knowledge.change([load(2)], [load(1, "node:wn2").id])
        await knowledge.settled()
        assert await knowledge.ask(told) == [load(2)]


async def test_a_confirmed_fact_was_seen_when_it_was_confirmed() -> None:
    later = NOW + timedelta(minutes=5)
    async with knowing(MemoryKnowledgeStore()) as knowledge:
        await knowledge.change([load(1)])
        await knowledge.confirm(ORIGIN.source, later)
        await knowledge.settled()
        assert await knowledge.ask(lambda model: model.seen_at(load(1))) == later


async def test_what_an_answer_raises_comes_to_who_asked() -> None:
    def broken(_: GlobalModel) -> None:
        raise BadInput("no such question")

    async with knowing(MemoryKnowledgeStore()) as knowledge:
        with pytest.raises(BadInput, match="no such question"):
            await knowledge.ask(broken)


async def test_an_observation_with_facts_of_another_source_is_refused_to_its_teller() -> None:
    async with knowing(MemoryKnowledgeStore()) as knowledge:
        with pytest.raises(BadInput, match="other sources"):
            await knowledge.observe(Observation("schedd@pool", [load(1)]))


@pytest.mark.requirement("MODEL-GRAPH-03")
async def test_a_restart_finds_the_model_as_it_was_saved() -> None:
    store = MemoryKnowledgeStore()
    async with knowing(store) as knowledge:
        await knowledge.change([load(1), load(1, "node:wn2")])
        await knowledge.settled()
        await knowledge.save()
        await knowledge.change([load(2)])
        await knowledge.settled()
    async with knowing(store) as knowledge:
        assert await knowledge.ask(told) == [load(2), load(1, "node:wn2")]


@pytest.mark.requirement("MODEL-GRAPH-03")
async def test_a_log_that_is_longer_than_the_model_becomes_a_snapshot(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(saving, "SHORTEST_LOG", 5)
    store = MemoryKnowledgeStore()
    async with knowing(store) as knowledge:
        for number in range(7):
            await knowledge.change([load(number)])
            await knowledge.settled()
            await knowledge.save()
    assert (len(store.snapshot), len(store.log)) == (1, 1)
    async with knowing(store) as knowledge:
        assert await knowledge.ask(told) == [load(6)]


@pytest.mark.requirement("MODEL-GRAPH-02")
async def test_expired_facts_leave_the_model_and_the_store() -> None:
    store, clock = MemoryKnowledgeStore(), ManualClock()
    lasting = replace(load(1, "node:wn2"), origin=replace(ORIGIN, source="schedd@pool", expires_at=None))
    async with knowing(store, clock=clock) as knowledge:
        await knowledge.change([load(1), lasting])
        await knowledge.settled()
        await knowledge.save()
        clock.advance(3600)
        await knowledge.expire()
        assert knowledge.status().facts == 1
    async with knowing(store) as knowledge:
        assert await knowledge.ask(told) == [lasting]


async def test_while_the_database_is_away_nothing_is_lost_and_it_is_said() -> None:
    store = AwayStore()
    async with knowing(store) as knowledge:
        await knowledge.change([load(1)])
        await knowledge.settled()
        with pytest.raises(Unavailable):
            await knowledge.save()
        assert knowledge.status().problem == "the database does not answer"
        store.away = False
        await knowledge.save()
        assert (knowledge.status().problem, knowledge.status().unsaved) == (None, 0)
    async with knowing(store) as knowledge:
        assert await knowledge.ask(told) == [load(1)]


async def test_a_database_that_stays_away_does_not_hold_up_the_end() -> None:
    async with knowing(AwayStore()) as knowledge:
        await knowledge.change([load(1)])
        await knowledge.settled()
    assert knowledge.status().unsaved == 1


async def test_a_damaged_entry_is_left_out_and_replaced_by_a_snapshot() -> None:
    store = MemoryKnowledgeStore()
    async with knowing(store) as knowledge:
        await knowledge.change([load(1)])
        await knowledge.settled()
    store.log.append(b"damaged")
    async with knowing(store) as knowledge:
        assert await knowledge.ask(told) == [load(1)]
        await knowledge.save()
    assert (len(store.snapshot), store.log) == (1, [])


async def test_new_times_alone_are_saved_once_a_minute() -> None:
    store, clock = MemoryKnowledgeStore(), ManualClock()
    async with knowing(store, clock=clock) as knowledge:
        for seconds in (0, 10, 10):
            clock.advance(seconds)
            origin = replace(ORIGIN, observed_at=clock.now())
            await knowledge.observe(Observation(ORIGIN.source, [replace(load(1), origin=origin)]))
            await knowledge.settled()
            await knowledge.save()
        assert len(store.log) == 1
        clock.advance(60)
        await knowledge.save()
        assert len(store.log) == 2


def test_more_unsaved_changes_than_may_be_need_a_snapshot() -> None:
    unsaved = Unsaved(most=2)
    changes = GlobalModel().change([load(1, f"node:wn{number}") for number in range(3)])
    unsaved.hear(changes[:2])
    assert not unsaved.needs_snapshot
    unsaved.put_back(changes[2:])
    assert (unsaved.needs_snapshot, len(unsaved)) == (True, 0)


async def test_a_flood_about_the_same_facts_is_taken_without_a_growing_queue() -> None:
    most = 0
    async with knowing(MemoryKnowledgeStore(), room=1_000) as knowledge:
        for number in range(200):
            await knowledge.change([load(number, f"node:wn{node}") for node in range(500)])
            most = max(most, knowledge.status().waiting)
        await knowledge.settled()
        assert most <= 1_000
        assert [fact.value for fact in await knowledge.ask(told) if isinstance(fact, Attribute)] == [199] * 500


async def test_who_tells_more_than_there_is_room_for_waits_and_loses_nothing() -> None:
    async with knowing(MemoryKnowledgeStore(), room=100) as knowledge:
        tellers = [
            knowledge.change([load(1, f"node:wn{teller}-{number}") for number in range(60)]) for teller in range(10)
        ]
        await asyncio.gather(*tellers)
        await knowledge.settled()
        assert knowledge.status().facts == 600


async def test_who_finds_no_room_in_time_is_told_so(monkeypatch: pytest.MonkeyPatch) -> None:
    async with knowing(MemoryKnowledgeStore(), room=1) as knowledge, busy(knowledge):
        await knowledge.change([load(1)])
        await knowledge.change([load(1, "node:wn2")])
        monkeypatch.setattr(running, "DEADLINE_S", 0.05)
        with pytest.raises(KnowledgeBusy, match="tell it again later"):
            await knowledge.change([load(1, "node:wn3")])
        with pytest.raises(DeadlineExceeded, match="behind"):
            await knowledge.settled()
        with pytest.raises(DeadlineExceeded, match="did not answer"):
            await knowledge.ask(told)


@asynccontextmanager
async def busy(knowledge: Knowledge) -> AsyncGenerator[None]:
    """Somebody's question keeps the model's thread meanwhile."""
    answer = Event()
    asking = asyncio.create_task(knowledge.ask(lambda _: answer.wait(60)))
    await asyncio.sleep(0)  # until it has asked
    try:
        yield
    finally:
        answer.set()
        await asking
