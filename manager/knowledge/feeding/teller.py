"""One source of the model that tells its changes as they come."""

from __future__ import annotations

from datetime import datetime

from knowledge_graph.changes import Observation
from knowledge_graph.ingest.telling import Update
from manager.knowledge.knowledge import Knowledge


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
        if self._has_told:
            await self._knowledge.change(update.said, update.unsaid)
            await self._knowledge.confirm(self._source, at)
            return
        await self._knowledge.observe(Observation(self._source, update.said))
        self._has_told = True
