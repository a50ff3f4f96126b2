"""The way of many nodes' batches into the store: written together, each answered for itself, bounded, and none lost."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from threading import Event

import pytest

from joblens.api.node_tokens import HostForeign, Hosts
from joblens.errors import BatchMalformed, StoreAway
from joblens.query.ingest import Ingest, IngestFull
from joblens.query.store_threads import StoreThreads
from joblens.records import Batch
from joblens.store.embedded import EmbeddedStore
from joblens.store.trace_store import TraceStore
from joblens.store.wire import encode, join
from tests.unit.joblens.lens_site import BEGIN, batch, info, key_of, sample

NODES = 1200
PATIENCE_S = 300.0
NOW = BEGIN + 60
EVERY = Hosts("node*")


class CountingStore(EmbeddedStore):
    """Waits in each writing until it may go on, and says how many there were."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder / "traces.db", clock=lambda: NOW)
        self.may_write, self.writes, self.away = Event(), 0, False
        self.may_write.set()

    def write(self, batches: Sequence[Batch]) -> None:
        assert self.may_write.wait(PATIENCE_S)
        if self.away:
            raise StoreAway("the disk is full")
        self.writes += 1
        super().write(batches)


@asynccontextmanager
async def asked(store: TraceStore) -> AsyncIterator[StoreThreads]:
    threads = StoreThreads(lambda: store, PATIENCE_S)
    yield threads
    await threads.close()


def of_node(number: int) -> Batch:
    """A job of its own, of as many seconds as its number says."""
    host, job = f"node{number:04}", f"{number}.0"
    return batch(1, host, jobs=[info(job, host=host)], samples=[sample(job, number)])


def body(*batches: Batch) -> bytes:
    return join(map(encode, batches))


@pytest.mark.requirement("LENS-SCALE-01")
async def test_of_1200_nodes_each_batch_is_kept_exactly_and_a_flush_is_of_many(tmp_path: Path) -> None:
    store = CountingStore(tmp_path)
    async with asked(store) as threads:
        ingest = Ingest(threads)
        sent = [of_node(number) for number in range(NODES)]
        kept = await asyncio.gather(*(ingest.take(body(each), EVERY, NOW) for each in sent))
        found = [store.summary(key_of(f"{number}.0")) for number in range(NODES)]
    assert [batches for (batches,) in kept] == sent
    assert [(each.infos[0].host, each.totals["cpu_ns"]) for each in found] == [
        (each.host, each.samples[0].cpu_ns) for each in sent
    ]
    assert store.writes < NODES / 20


async def test_what_waits_is_bounded_and_who_is_sent_away_comes_again(tmp_path: Path) -> None:
    store, bodies = CountingStore(tmp_path), [body(of_node(number)) for number in range(40)]
    store.may_write.clear()
    async with asked(store) as threads:
        ingest = Ingest(threads, most_waiting_bytes=sum(map(len, bodies[:20])))
        taking = [asyncio.create_task(ingest.take(each, EVERY, NOW)) for each in bodies]
        done, _ = await asyncio.wait(taking, return_when=asyncio.FIRST_EXCEPTION, timeout=PATIENCE_S)
        full = [task.exception() for task in done]
        store.may_write.set()
        answers = await asyncio.gather(*taking, return_exceptions=True)
        refused = [each for each, answer in zip(bodies, answers, strict=True) if isinstance(answer, IngestFull)]
        for each in refused:
            await ingest.take(each, EVERY, NOW)
        for number in range(40):
            assert store.summary(key_of(f"{number}.0")).totals["cpu_ns"] == of_node(number).samples[0].cpu_ns
    assert len(refused) in (19, 20, 21)
    assert all(isinstance(each, IngestFull) and each.retry_after_s for each in full)


async def test_what_is_wrong_with_one_is_answered_to_it_alone(tmp_path: Path) -> None:
    store = CountingStore(tmp_path)
    store.may_write.clear()
    async with asked(store) as threads:
        ingest = Ingest(threads)
        bodies = [(body(of_node(1)), EVERY), (b"rubbish", EVERY), (body(of_node(2)), Hosts("node9*"))]
        taking = [asyncio.create_task(ingest.take(*each, NOW)) for each in [*bodies, (body(of_node(3)), EVERY)]]
        store.may_write.set()
        answers = await asyncio.gather(*taking, return_exceptions=True)
    assert (answers[0], answers[3]) == ([of_node(1)], [of_node(3)])
    assert isinstance(answers[1], BatchMalformed)
    assert isinstance(answers[2], HostForeign)


async def test_a_store_that_is_away_is_told_to_each_and_later_takes_all(tmp_path: Path) -> None:
    store = CountingStore(tmp_path)
    store.away = True
    async with asked(store) as threads:
        ingest = Ingest(threads)
        sent = [body(of_node(number)) for number in range(3)]
        answers = await asyncio.gather(*(ingest.take(each, EVERY, NOW) for each in sent), return_exceptions=True)
        assert [type(each) for each in answers] == [StoreAway] * 3
        store.away = False
        kept = await asyncio.gather(*(ingest.take(each, EVERY, NOW) for each in sent))
    assert kept == [[of_node(number)] for number in range(3)]
