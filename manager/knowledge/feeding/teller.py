"""One source of the model that tells its changes as they come."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import TypeVar

from knowledge_graph.changes import Observation
from knowledge_graph.ingest.telling import Update
from manager.knowledge.knowledge import Knowledge

T = TypeVar("T")
PIECE = 1_000


class Teller:
    """The first time it tells all that its source says, so that nothing from before a restart stays.

    Where the model could not take something, a new teller begins again with all there is.
    """

    def __init__(self, knowledge: Knowledge, source: str) -> None:
        self._knowledge = knowledge
        self._source = source
        self._has_told = False

    async def tell(self, update: Update, at: datetime) -> None:
        """All else that the source said before holds at `at` too. Raises `KnowledgeBusy`."""
        if not self._has_told:
            await self._knowledge.observe(Observation(self._source, update.said))
            self._has_told = True
            return
        for gone in _pieces(update.unsaid):
            await self._knowledge.change(unsaid=gone)
        for said in _pieces(update.said):
            await self._knowledge.change(said)
        await self._knowledge.confirm(self._source, at)


def _pieces(things: Sequence[T]) -> Iterator[Sequence[T]]:
    """A day's worth of changes in one poll, as after a restart of a scheduler, does not stop the event loop."""
    return (things[start : start + PIECE] for start in range(0, len(things), PIECE))
