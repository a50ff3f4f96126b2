"""The running model: one thread has it, and whoever tells or asks waits for some milliseconds of that thread's time.

What is told waits in a bounded inbox and is applied in its order; questions come between. Limits: one manager has the
model; replicas would each have their own.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

import structlog

from ink_core.clock import Clock
from ink_core.errors import DeadlineExceeded, Throttled
from ink_core.offload import offload
from knowledge_graph.bounds import check_observation
from knowledge_graph.changes import Observation
from knowledge_graph.facts import Fact
from knowledge_graph.model import GlobalModel
from knowledge_graph.store.knowledge_store import KnowledgeStore
from manager.knowledge.inbox import Confirmation, Gone, Inbox, Word, steps
from manager.knowledge.saving import Saving

T = TypeVar("T")
DEADLINE_S = 30.0
"""How long who tells waits for room, and who asks for an answer."""

log = structlog.get_logger()


class KnowledgeBusy(Throttled):
    """More was told than the model could take in time."""

    code = "knowledge_busy"


@dataclass(frozen=True)
class KnowledgeStatus:
    """`waiting` facts are not in the model yet, `unsaved` changes not on disk; `refused` counts facts by reason.

    `coalesced` words were overtaken by a later one of the same source or fact before the model heard them.
    """

    facts: int
    version: int
    waiting: int
    unsaved: int
    coalesced: int
    refused: Mapping[str, int]
    problem: str | None


class Knowledge:
    """`recover` once before anything else. Listeners of the model are called on its thread."""

    def __init__(self, model: GlobalModel, store: KnowledgeStore, clock: Clock, room: int) -> None:
        self._model = model
        self._clock = clock
        self._inbox = Inbox(room)
        self._saving = Saving(model, store, clock)
        self._thread = ThreadPoolExecutor(1, "knowledge")
        self._work = asyncio.Event()
        self._progress = asyncio.Condition()
        self._told = 0
        self._applied = 0
        self._applying: asyncio.Task[None] | None = None

    async def recover(self) -> None:
        """The model as it was saved. Raises `Unavailable` where the database does not answer."""
        await self._on_thread(self._saving.recover)
        log.info("knowledge_recovered", facts=self._model.fact_count)
        self._applying = asyncio.create_task(self._apply_forever())

    async def observe(self, observation: Observation) -> None:
        """All that a source says now, told to the model soon; see `settled`.

        Raises `BadInput` where a fact is of another source, `KnowledgeBusy` where there is no room in time.
        """
        await offload(lambda: check_observation(observation), len(observation.facts))
        await self._tell([observation], len(observation.facts))

    async def change(self, said: Sequence[Fact] = (), unsaid: Sequence[str] = ()) -> None:
        """Some facts of any sources, and ids of facts that no longer hold. Raises `KnowledgeBusy`."""
        words = [*map(Gone, unsaid), *said]
        await self._tell(words, len(words))

    async def confirm(self, source: str, at: datetime) -> None:
        """Whatever the source has said and not unsaid still held at that time. Raises `KnowledgeBusy`."""
        await self._tell([Confirmation(source, at)], 1)

    async def settled(self) -> None:
        """Returns when all that was told before is in the model. Raises `DeadlineExceeded`."""
        told = self._told
        await self._until(lambda: self._applied >= told, DeadlineExceeded("the model is behind with what it was told"))

    async def ask(self, question: Callable[[GlobalModel], T]) -> T:
        """What `question` returns, which reads the model, in milliseconds. Raises `DeadlineExceeded`."""
        try:
            async with asyncio.timeout(DEADLINE_S):
                return await self._on_thread(lambda: question(self._model))
        except TimeoutError:
            raise DeadlineExceeded("the model did not answer in time; ask again") from None

    async def expire(self) -> None:
        """Unsays what has expired."""
        expiring = self._model.expiring(self._clock.now())
        while await self._on_thread(lambda: next(expiring, None)) is not None:
            pass

    async def save(self) -> None:
        """Puts on disk what has changed. Raises `Unavailable`; nothing is lost by it."""
        await self._saving.save(self._on_thread)

    def status(self) -> KnowledgeStatus:
        return KnowledgeStatus(
            facts=self._model.fact_count,
            version=self._model.version,
            waiting=len(self._inbox),
            unsaved=self._saving.unsaved,
            coalesced=self._inbox.coalesced,
            refused=dict(self._model.refused),
            problem=self._saving.problem,
        )

    async def close(self) -> None:
        """Saves what is in the model; what still waits is forgotten."""
        if self._applying is not None:
            self._applying.cancel()
            await asyncio.gather(self._applying, return_exceptions=True)
            await self._saving.close()
        self._thread.shutdown(wait=False, cancel_futures=True)

    async def _tell(self, words: Sequence[Word], facts: int) -> None:
        await self._until(
            lambda: self._inbox.has_room_for(facts),
            KnowledgeBusy("the model is behind with what it was told; tell it again later, or less of it"),
        )
        for word in words:
            self._inbox.put(word)
        self._told += 1
        self._work.set()

    async def _until(self, reached: Callable[[], bool], too_late: Exception) -> None:
        try:
            async with asyncio.timeout(DEADLINE_S), self._progress:
                await self._progress.wait_for(reached)
        except TimeoutError:
            raise too_late from None

    async def _apply_forever(self) -> None:
        while True:
            await self._work.wait()
            self._work.clear()
            told, words = self._told, self._inbox.take()
            await self._tell_those_who_wait()
            try:
                await self._apply(words)
            except Exception:  # one defect must not end the model for good
                log.exception("knowledge_broke", words=len(words))
            self._applied = told
            await self._tell_those_who_wait()

    async def _tell_those_who_wait(self) -> None:
        async with self._progress:
            self._progress.notify_all()

    async def _apply(self, words: Sequence[Word]) -> None:
        applying = steps(words, self._model)
        while await self._on_thread(lambda: next(applying, None)) is not None:
            pass

    async def _on_thread(self, work: Callable[[], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._thread, work)
