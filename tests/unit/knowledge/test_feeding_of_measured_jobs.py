"""What the model is told of measured jobs: when, of how many at once, and what a store that is away costs."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest

from ink_core.clock import ManualClock
from ink_core.labels import Confidentiality, Integrity, Label
from joblens.errors import StoreAway
from joblens.query.lens import Lens
from joblens.records import Batch, JobKey, Mark, MarkKind
from joblens.store.memory import MemoryStore
from joblens.store.trace_store import JobSummary
from knowledge_graph.facts import Fact, NodeId, Relation
from manager.api.platform import Platform
from manager.knowledge.feeding import measured as feeding
from manager.knowledge.feeding.measured import AGAIN_AFTER_S, MeasuredFeeding
from manager.knowledge.knowledge import Knowledge
from tests.security.application import application
from tests.told import links, values
from tests.unit.joblens.lens_site import BEGIN, batch, key_of, measured, sample

NOW = BEGIN + 60


class SilentStore(MemoryStore):
    """Tells nothing of jobs while `silent`."""

    silent = False

    def summary(self, key: JobKey) -> JobSummary:
        if self.silent:
            raise StoreAway("The store is away.")
        return super().summary(key)


@dataclass
class Fed:
    lens: Lens
    knowledge: Knowledge
    clock: ManualClock
    store: SilentStore
    feeding: MeasuredFeeding

    async def take(self, *batches: Batch) -> None:
        for one in batches:
            await self.lens.note(one)

    async def told(self, of: NodeId) -> Sequence[Fact]:
        await self.knowledge.settled()
        return await self.knowledge.ask(lambda model: model.facts(of, self.clock.now()))


@asynccontextmanager
async def fed(folder: Path) -> AsyncGenerator[Fed]:
    store = SilentStore(lambda: NOW)
    async with application(folder, open_traces=lambda _: store) as app:
        platform: Platform = app.state.platform
        await platform.knowledge.recover()
        assert platform.lens is not None
        clock = ManualClock(datetime.fromtimestamp(NOW, UTC))
        fed = MeasuredFeeding(platform.lens, platform.knowledge, clock)
        platform.lens.listeners.append(fed.hear)
        yield Fed(platform.lens, platform.knowledge, clock, store, fed)


@pytest.mark.requirement("MODEL-INGEST-03")
async def test_a_job_that_ended_is_in_the_model_for_its_owner_with_its_figures_and_verdict(tmp_path: Path) -> None:
    async with fed(tmp_path) as site:
        await site.take(measured("7"))
        await site.feeding.look()
        job = await site.told("job:local/7")
        told = values(job, "job:local/7")
        assert told["verdict"] and told["verdict_text"] and told["measured_memory_peak_mb"] == 200
        assert ("job:local/7", Relation.READS, "filesystem:/eos") in links(job)
        assert {fact.origin.readers for fact in job} == {frozenset({"user:alice", "admins"})}
        assert {fact.origin.label for fact in job} == {Label(Confidentiality.USER, Integrity.UNTRUSTED)}


@pytest.mark.requirement("MODEL-INGEST-03")
async def test_a_warning_is_an_alert_at_once_though_the_job_was_told_shortly_before(tmp_path: Path) -> None:
    async with fed(tmp_path) as site:
        await site.take(batch(1, jobs=measured("7").jobs, samples=[sample("7", 1)]))
        await site.feeding.look()
        assert not await site.told("alert:local/7/1")
        await site.take(batch(2, marks=[Mark(key_of("7"), BEGIN + 9, MarkKind.WARNING, "It reads one file again.")]))
        await site.feeding.look()
        alert = await site.told("alert:local/7/1")
        assert values(alert, "alert:local/7/1")["text"] == "It reads one file again."
        assert ("alert:local/7/1", Relation.AFFECTS, "job:local/7") in links(alert)


async def test_a_running_job_is_told_once_in_a_while_only(tmp_path: Path) -> None:
    async with fed(tmp_path) as site:
        await site.take(batch(1, jobs=measured("7").jobs, samples=[sample("7", 5)]))
        await site.feeding.look()
        before = values(await site.told("job:local/7"), "job:local/7")["read_mb"]
        await site.take(batch(2, samples=[sample("7", 40)]))
        await site.feeding.look()
        assert values(await site.told("job:local/7"), "job:local/7")["read_mb"] == before
        site.clock.advance(AGAIN_AFTER_S)
        await site.feeding.look()
        assert values(await site.told("job:local/7"), "job:local/7")["read_mb"] != before


async def test_many_jobs_are_told_part_by_part_those_that_ended_first(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(feeding, "MOST_AT_ONCE", 2)
    async with fed(tmp_path) as site:
        await site.take(batch(1, jobs=measured("1").jobs, samples=[sample("1", 5)]))
        await site.take(measured("2", sequence=2), measured("3", sequence=3))
        await site.feeding.look()
        assert [bool(await site.told(f"job:local/{job}")) for job in (1, 2, 3)] == [False, True, True]
        await site.feeding.look()
        assert await site.told("job:local/1")


async def test_what_a_store_that_is_away_could_not_tell_is_told_when_it_is_back(tmp_path: Path) -> None:
    async with fed(tmp_path) as site:
        await site.take(measured("7"))
        site.store.silent = True
        with pytest.raises(StoreAway):
            await site.feeding.look()
        site.store.silent = False
        await site.feeding.look()
        assert await site.told("job:local/7")
