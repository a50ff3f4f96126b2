"""The model on disk: changes every so often, and a snapshot when the log has become longer than the model.

Limits: a crash loses what was not saved yet, some seconds of what sources say anew anyway. What people say is in the
ledger before it comes here.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import TypeVar

import structlog

from ink_core.clock import Clock
from ink_core.errors import InkError
from knowledge_graph.changes import Change
from knowledge_graph.facts import Fact
from knowledge_graph.model import GlobalModel
from knowledge_graph.store.codec import KnowledgeDamaged
from knowledge_graph.store.knowledge_store import KnowledgeStore, SnapshotWriter
from manager.knowledge.unsaved import Unsaved

T = TypeVar("T")
OnThread = Callable[[Callable[[], T]], Awaitable[T]]

SHORTEST_LOG = 50_000
"""Changes; a log that is shorter is never compacted."""
RENEWALS_EVERY = timedelta(minutes=1)
"""When nothing but times has changed, a site where nothing happens writes this often."""
PART_FACTS = 5_000
ENDING_S = 10.0

log = structlog.get_logger()


class Saving:
    """Blocking work of the store is done in one thread, in order: entries stay in the order of the changes."""

    def __init__(self, model: GlobalModel, store: KnowledgeStore, clock: Clock) -> None:
        self.problem: str | None = None
        self._model = model
        self._store = store
        self._clock = clock
        self._unsaved = Unsaved()
        self._logged = 0
        self._saved_at = clock.now()
        self._disk = ThreadPoolExecutor(1, "knowledge-disk")

    @property
    def unsaved(self) -> int:
        return len(self._unsaved)

    def recover(self) -> None:
        """Blocking; on the model's thread. What cannot be read is said, and left to be observed anew."""
        try:
            self._model.recover(self._counted(self._store.recover()))
        except KnowledgeDamaged as error:
            self._unsaved.needs_snapshot = True
            log.exception("knowledge_damaged", code=error.code, recovered=self._logged)
        self._model.listening(self._unsaved.hear)

    async def save(self, on_model: OnThread[Sequence[Fact] | None]) -> None:
        """Raises `Unavailable` where the database does not answer; the changes then wait for the next time."""
        try:
            if self._unsaved.pressing or self._clock.now() >= self._saved_at + RENEWALS_EVERY:
                await self._append()
            if self._unsaved.needs_snapshot or self._logged > max(SHORTEST_LOG, 2 * self._model.fact_count):
                await self._compact(on_model)
            self.problem = None
        except InkError as error:
            self.problem = str(error)
            raise

    async def close(self) -> None:
        """Saves what there is, within a deadline."""
        try:
            async with asyncio.timeout(ENDING_S):
                await self._append()
        except (InkError, TimeoutError) as error:
            log.warning("knowledge_unsaved", changes=self.unsaved, reason=str(error))
        if self._unsaved.needs_snapshot:
            log.warning("knowledge_incomplete", reason="changes were forgotten while the database was away")
        self._disk.shutdown(wait=False, cancel_futures=True)

    def _counted(self, saved: Iterable[Sequence[Change]]) -> Iterator[Sequence[Change]]:
        for changes in saved:
            self._logged += len(changes)
            yield changes

    async def _append(self) -> None:
        changes = self._unsaved.take()
        if not changes:
            return
        # Shielded: who is cancelled does not wait for it, and it is written all the same.
        await asyncio.shield(asyncio.ensure_future(self._appended(changes)))

    async def _appended(self, changes: Sequence[Change]) -> None:
        try:
            await self._on_disk(lambda: self._store.append(changes))
        except InkError:
            self._unsaved.put_back(changes)
            raise
        self._logged += len(changes)
        self._saved_at = self._clock.now()

    async def _compact(self, on_model: OnThread[Sequence[Fact] | None]) -> None:
        self._unsaved.needs_snapshot = False
        try:
            snapshot = await self._on_disk(self._store.begin_snapshot)
            await self._fill(snapshot, on_model)
            await self._on_disk(snapshot.finish)
        except BaseException:
            self._unsaved.needs_snapshot = True
            raise
        self._logged = 0

    async def _fill(self, snapshot: SnapshotWriter, on_model: OnThread[Sequence[Fact] | None]) -> None:
        slices = self._model.snapshot(self._clock.now())
        part: list[Fact] = []
        while (facts := await on_model(lambda: next(slices, None))) is not None:
            part.extend(facts)
            if len(part) >= PART_FACTS:
                await self._add(snapshot, part)
                part = []
        await self._add(snapshot, part)

    async def _add(self, snapshot: SnapshotWriter, part: Sequence[Fact]) -> None:
        await self._on_disk(lambda: snapshot.add(part))

    async def _on_disk(self, work: Callable[[], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._disk, work)
