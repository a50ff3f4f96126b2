"""The context pack of a diagnosis has what is known of an earlier like case, for those who may read it."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from datetime import timedelta

import pytest
import pytest_asyncio

from audit.memory import MemoryLedger
from ink_core.clock import ManualClock
from ink_core.identity.principal import ADMIN_SCOPES, USER_SCOPES, Principal
from knowledge_graph.facts import Attribute, Edge, Fact, Layer, NodeId, Origin, Relation, Scalar
from knowledge_graph.incidents.incident import Closing
from knowledge_graph.model import GlobalModel
from knowledge_graph.store.memory import MemoryKnowledgeStore
from manager.incidents.opening import Watch, open_watch
from manager.knowledge.contexts import Contexts
from manager.knowledge.knowledge import Knowledge
from mcp_tools.doubles import MemoryQueues

ROOT = Principal(username="root", is_admin=True, scopes=ADMIN_SCOPES, credential="session:r")
ALICE = Principal(username="alice", is_admin=False, scopes=USER_SCOPES, credential="session:a")
CAROL = Principal(username="carol", is_admin=False, scopes=USER_SCOPES, credential="session:c")


class Site:
    """The real model with its thread, index and packs; time by hand."""

    def __init__(self) -> None:
        self.clock = ManualClock()
        self.knowledge = Knowledge(GlobalModel(), MemoryKnowledgeStore(), self.clock, 10_000)
        self.contexts = Contexts(self.knowledge, self.clock, 1_000)
        queues = MemoryQueues({"pool": []})
        ledger = MemoryLedger(self.clock)
        self.watch: Watch = open_watch(
            ledger, self.clock, queues, None, self.knowledge, {"pool": "slurm"}, self.contexts.explained
        )

    async def node(self, name: str, state: str, *jobs: tuple[str, str]) -> None:
        node = f"node:{name}"
        facts = [*self._facts(node, health="up", state=state, cpus=8)]
        facts.append(Edge(node, Relation.PART_OF, "cluster:pool", self._origin()))
        for number, owner in jobs:
            job = f"job:pool/{number}"
            facts += self._facts(job, state="RUNNING")
            facts += [Edge(job, Relation.OWNED_BY, f"user:{owner}", self._origin())]
            facts += [Edge(job, Relation.RUNS_ON, node, self._origin())]
        await self.knowledge.change(facts)
        await self.knowledge.settled()

    async def incident(self) -> str:
        await self.watch.desk.look()
        self.clock.advance(timedelta(minutes=5).total_seconds())
        await self.watch.desk.look()
        await self.knowledge.settled()
        return self.watch.desk.open()[-1].id

    def _origin(self) -> Origin:
        return Origin("nodes@pool", Layer.RUNTIME, self.clock.now())

    def _facts(self, node: NodeId, **values: Scalar) -> list[Fact]:
        return [Attribute(node, name, value, self._origin()) for name, value in values.items()]


@pytest_asyncio.fixture
async def site() -> AsyncGenerator[Site]:
    site = Site()
    await site.knowledge.recover()
    await site.contexts.recover()
    yield site
    await site.knowledge.close()


@pytest.mark.requirement("MODEL-INGEST-05")
async def test_the_cause_of_an_earlier_incident_is_in_the_pack_of_a_like_one(site: Site) -> None:
    await site.node("wn1", "DOWN", ("1.0", "alice"))
    first = await site.incident()
    closing = Closing("a breaker of rack seven had tripped", "the breaker was reset")
    await site.watch.desk.close(ROOT, first, closing)
    await site.node("wn1", "IDLE")
    await site.watch.desk.look()
    await site.node("wn2", "DOWN", ("2.0", "alice"), ("3.0", "carol"))
    second = await site.incident()
    told = await site.watch.desk.diagnose(ROOT, second)
    assert closing.cause in told.context and f"incident:{first}" in told.context
    assert closing.cause in (await site.watch.desk.diagnose(ALICE, second)).context, "it affected alice too"
    of_carol = await site.watch.desk.diagnose(CAROL, second)
    assert of_carol.facts and closing.cause not in of_carol.context
