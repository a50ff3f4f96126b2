"""One cluster: its queue after each poll, what it consists of once in a while, and whether it answers.

The mirror's view is compared in a thread. A queue that stays as it is costs one comparison per job.
"""

from __future__ import annotations

import asyncio
from collections.abc import Collection
from datetime import datetime, timedelta

from ink_core.clock import Clock
from ink_core.compute.queue_index import QueueIndex
from ink_core.compute.queues import Queues
from ink_core.errors import InkError
from knowledge_graph.changes import Observation
from knowledge_graph.facts import NodeKind, name_of
from knowledge_graph.ingest import cluster, jobs
from knowledge_graph.ingest.cluster import ClusterIngester, facts_of_answer
from knowledge_graph.ingest.jobs import JobIngester
from knowledge_graph.ingest.telling import AGAIN_AFTER
from knowledge_graph.model import GlobalModel
from manager.knowledge.feeding.teller import Teller
from manager.knowledge.knowledge import Knowledge

CONSISTS_EVERY = timedelta(seconds=60)


class ClusterFeeding:
    """`name` as in the settings, `scheduler` its type. `look` is to be called every few seconds, one at a time."""

    def __init__(self, name: str, scheduler: str, queues: Queues, knowledge: Knowledge, clock: Clock) -> None:
        self._name, self._scheduler = name, scheduler
        self._queues, self._knowledge, self._clock = queues, knowledge, clock
        self._jobs: tuple[JobIngester, Teller] | None = None
        self._index: QueueIndex | None = None
        self._parts: tuple[ClusterIngester, Teller] | None = None
        self._parts_problem: str | None = None
        self._next_parts: datetime | None = None
        self._answer: tuple[str | None, datetime | None] | None = None
        self._answer_until = clock.now()

    async def look(self) -> None:
        await self._look_at_queue()
        if self._next_parts is None or self._clock.now() >= self._next_parts:
            self._next_parts = self._clock.now() + CONSISTS_EVERY
            await self._look_at_parts()
        await self._tell_whether_it_answers()

    async def _look_at_queue(self) -> None:
        try:
            index = self._queues.index(self._name)
        except InkError:
            return  # that it does not answer is told by itself
        if index is self._index and self._jobs is not None:
            return
        source = jobs.source_of(self._name)
        ingester, teller = self._jobs or (JobIngester(self._name, self._scheduler), Teller(self._knowledge, source))
        self._jobs = None  # until the model has taken it
        update = await asyncio.to_thread(ingester.poll, index)
        await teller.tell(update, index.snapshot.observed_at)
        self._jobs, self._index = (ingester, teller), index

    async def _look_at_parts(self) -> None:
        try:
            seen = (await self._queues.nodes(self._name)).topology
        except InkError as error:
            self._parts_problem = str(error)
            return
        self._parts_problem = None
        ingester, teller = self._parts or await self._new_parts()
        self._parts = None  # until the model has taken it
        update = await asyncio.to_thread(ingester.look, seen)
        await teller.tell(update, seen.observed_at)
        self._parts = ingester, teller

    async def _new_parts(self) -> tuple[ClusterIngester, Teller]:
        nodes = await self._knowledge.ask(lambda model: _known(model, NodeKind.NODE, self._name))
        schedds = await self._knowledge.ask(lambda model: _known(model, NodeKind.SCHEDD, self._name))
        teller = Teller(self._knowledge, cluster.source_of(self._name))
        return ClusterIngester(self._name, nodes, schedds), teller

    async def _tell_whether_it_answers(self) -> None:
        status, now = self._queues.status(self._name), self._clock.now()
        answer = (status.problem or self._parts_problem, None if status.problem is None else status.observed_at)
        source = f"mirror@{self._name}"
        if answer == self._answer and now < self._answer_until:
            await self._knowledge.confirm(source, now)
            return
        facts = facts_of_answer(self._name, self._scheduler, *answer, now)
        await self._knowledge.observe(Observation(source, facts))
        self._answer, self._answer_until = answer, now + AGAIN_AFTER


def _known(model: GlobalModel, kind: NodeKind, name: str) -> Collection[str]:
    """Those of the cluster that the model had before this start."""
    return [name_of(node) for node in model.nodes(kind) if f"cluster:{name}" in model.neighbours(node)]
