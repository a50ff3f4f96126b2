"""What the running platform tells the model: of clusters that come and go, of its library, of measured jobs."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager

import pytest

from ink_core.clock import ManualClock
from ink_core.compute.cluster_view import MirrorStatus
from ink_core.compute.model import Job, JobState, QueueSnapshot
from ink_core.compute.node_index import NodeIndex
from ink_core.compute.queue_index import QueueIndex
from ink_core.compute.topology import NodeDetails, Topology
from ink_core.errors import SchedulerDown
from knowledge_graph.facts import Fact, NodeId
from knowledge_graph.model import GlobalModel
from knowledge_graph.store.memory import MemoryKnowledgeStore
from manager.knowledge.feeding.cluster import CONSISTS_EVERY, ClusterFeeding
from manager.knowledge.knowledge import Knowledge, KnowledgeBusy
from mcp_tools.doubles import MemoryQueues, memory_job
from tests.told import values


class Site(MemoryQueues):
    """One cluster, `pool`, whose time, jobs and nodes a test sets. `down` is why it does not answer."""

    def __init__(self, clock: ManualClock) -> None:
        super().__init__({"pool": []})
        self.clock = clock
        self.seen: tuple[NodeDetails, ...] = (node("wn1"), node("wn2"))
        self.down: str | None = None
        self.polled = self._poll()

    def show(self, *jobs: Job) -> None:
        """What the next poll finds, some time after the last one."""
        self.clock.advance(20)
        self.jobs["pool"] = {job.job_id: job for job in jobs}
        self.polled = self._poll()

    def index(self, cluster: str) -> QueueIndex:
        if self.down:
            raise SchedulerDown(self.down)
        return self.polled

    def status(self, cluster: str) -> MirrorStatus:
        return MirrorStatus("pool", self.polled.snapshot.observed_at, self.down)

    async def nodes(self, cluster: str) -> NodeIndex:
        if self.down:
            raise SchedulerDown(self.down)
        return NodeIndex.of(Topology(cluster="pool", observed_at=self.clock.now(), nodes=self.seen))

    def _poll(self) -> QueueIndex:
        jobs = tuple(self.jobs["pool"].values())
        return QueueIndex.of(QueueSnapshot(cluster="pool", observed_at=self.clock.now(), jobs=jobs))


def node(name: str) -> NodeDetails:
    return NodeDetails(name=name, state="Unclaimed", cpus=8, cpus_used=0, memory_mb=16_000)


class BusyKnowledge(Knowledge):
    """Takes no changes while `busy`."""

    busy = False

    async def change(self, said: Sequence[Fact] = (), unsaid: Sequence[str] = ()) -> None:
        if self.busy:
            raise KnowledgeBusy("the model is behind")
        await super().change(said, unsaid)


@asynccontextmanager
async def knowing(
    store: MemoryKnowledgeStore | None = None, made: type[Knowledge] = Knowledge
) -> AsyncGenerator[Knowledge]:
    knowledge = made(GlobalModel(), store or MemoryKnowledgeStore(), ManualClock(), 100_000)
    await knowledge.recover()
    try:
        yield knowledge
    finally:
        await knowledge.save()
        await knowledge.close()


async def told(knowledge: Knowledge, of: NodeId, clock: ManualClock) -> Sequence[Fact]:
    await knowledge.settled()
    return await knowledge.ask(lambda model: model.facts(of, clock.now()))


def feeding(site: Site, knowledge: Knowledge) -> ClusterFeeding:
    return ClusterFeeding("pool", "htcondor", site, knowledge, site.clock)


async def test_the_model_follows_the_queue() -> None:
    site = Site(ManualClock())
    async with knowing() as knowledge:
        fed, job = feeding(site, knowledge), memory_job("1.0", "alice", JobState.QUEUEING)
        site.show(job)
        await fed.look()
        site.show(job.model_copy(update={"state": JobState.RUNNING, "node": "wn1"}))
        await fed.look()
        facts = await told(knowledge, "job:pool/1.0", site.clock)
        assert values(facts, "job:pool/1.0")["state"] == "RUNNING"
        assert await knowledge.ask(lambda model: "job:pool/1.0" in model.neighbours("node:wn1"))
        site.show()
        await fed.look()
        assert not await told(knowledge, "job:pool/1.0", site.clock)


async def test_what_did_not_change_was_still_so_at_the_last_poll() -> None:
    site = Site(ManualClock())
    async with knowing() as knowledge:
        fed, job = feeding(site, knowledge), memory_job("1.0", "alice")
        site.show(job)
        await fed.look()
        said = await told(knowledge, "job:pool/1.0", site.clock)
        site.show(job)
        await fed.look()
        still = await told(knowledge, "job:pool/1.0", site.clock)
        assert still == said
        seen = await knowledge.ask(lambda model: model.seen_at(still[0]))
        assert seen == site.clock.now() > still[0].origin.observed_at


async def test_after_a_restart_nothing_stays_of_jobs_that_left_meanwhile_and_a_node_that_did_is_missed() -> None:
    site, store = Site(ManualClock()), MemoryKnowledgeStore()
    site.show(memory_job("1.0", "alice"), memory_job("2.0", "bob"))
    async with knowing(store) as knowledge:
        await feeding(site, knowledge).look()
        await knowledge.settled()
    site.show(memory_job("2.0", "bob"))
    site.seen = site.seen[:1]
    async with knowing(store) as knowledge:
        assert await told(knowledge, "job:pool/1.0", site.clock)
        await feeding(site, knowledge).look()
        assert not await told(knowledge, "job:pool/1.0", site.clock)
        assert await told(knowledge, "job:pool/2.0", site.clock)
        missed = await told(knowledge, "node:wn2", site.clock)
        assert values(missed, "node:wn2")["health"] == "absent"


async def test_a_cluster_that_does_not_answer_keeps_its_facts_and_is_told_to_be_away() -> None:
    site = Site(ManualClock())
    async with knowing() as knowledge:
        fed = feeding(site, knowledge)
        site.show(memory_job("1.0", "alice"))
        await fed.look()
        site.down = "the collector is silent"
        site.clock.advance(CONSISTS_EVERY.total_seconds())
        await fed.look()
        of_cluster = values(await told(knowledge, "cluster:pool", site.clock), "cluster:pool")
        assert (of_cluster["health"], of_cluster["reason"]) == ("away", "the collector is silent")
        assert await told(knowledge, "job:pool/1.0", site.clock)
        site.down = None
        site.clock.advance(CONSISTS_EVERY.total_seconds())
        await fed.look()
        assert values(await told(knowledge, "cluster:pool", site.clock), "cluster:pool")["health"] == "up"


async def test_a_cluster_where_nothing_happens_is_no_change_of_the_model() -> None:
    site = Site(ManualClock())
    async with knowing() as knowledge:
        fed, job = feeding(site, knowledge), memory_job("1.0", "alice")
        site.show(job)
        await fed.look()
        await knowledge.settled()
        await knowledge.save()
        for _ in range(5):
            site.show(job)
            await fed.look()
        await knowledge.settled()
        assert knowledge.status().unsaved == 0


async def test_nodes_are_looked_at_once_a_minute() -> None:
    site = Site(ManualClock())
    async with knowing() as knowledge:
        fed = feeding(site, knowledge)
        await fed.look()
        site.seen = (replaced := site.seen[0].model_copy(update={"out_of_service": True, "reason": "disk"}),)
        await fed.look()
        assert values(await told(knowledge, "node:wn1", site.clock), "node:wn1")["health"] == "up"
        site.clock.advance(CONSISTS_EVERY.total_seconds())
        await fed.look()
        now = values(await told(knowledge, "node:wn1", site.clock), "node:wn1")
        assert (now["health"], now["reason"]) == ("out_of_service", replaced.reason)


async def test_what_the_model_had_no_time_for_is_told_again_whole() -> None:
    site = Site(ManualClock())
    async with knowing(made=BusyKnowledge) as knowledge:
        assert isinstance(knowledge, BusyKnowledge)
        fed, job = feeding(site, knowledge), memory_job("1.0", "alice")
        site.show(job)
        await fed.look()
        knowledge.busy = True
        site.show(job, memory_job("2.0", "bob"))
        with pytest.raises(KnowledgeBusy):
            await fed.look()
        knowledge.busy = False
        await fed.look()
        assert await told(knowledge, "job:pool/2.0", site.clock)
        site.show(job)
        await fed.look()
        assert not await told(knowledge, "job:pool/2.0", site.clock)
