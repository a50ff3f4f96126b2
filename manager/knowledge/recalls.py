"""Recalls of memories as a fold over a chain of the ledger, settled once the turns that they served have ended."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, cast

from pydantic import JsonValue

from audit.chains import session_chain
from audit.ledger import Ledger, Record, Where
from knowledge_graph.facts import NodeId, NodeKind, prefixes, subject_of
from knowledge_graph.memory.recalls import (
    KEPT,
    RECALLED,
    SETTLED,
    Place,
    Recall,
    RecallOutcome,
    Recalls,
    recalled,
    settled,
)
from knowledge_graph.retrieval.likeness import LEARNED
from manager.knowledge.outcomes import outcome_of

CHAIN = "recalls"
MEMORIES = prefixes(*LEARNED, NodeKind.INCIDENT)
SETTLED_AT_ONCE = 200


class RecordedRecalls:
    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger
        self.known = Recalls()

    async def recover(self) -> None:
        """Of the latest only: a recall and its outcome are two records."""
        placed = await self._ledger.newest(Where(chain=CHAIN), limit=2 * KEPT)
        for each in reversed(placed):
            self.known.fold(each.event.kind, cast("Any", each.event.body), each.event.time)

    async def note(self, session_id: str, turn: int, seq: int, fact_ids: Sequence[str]) -> None:
        """Before the model is asked: these facts are in its context. Nothing is written where none is a memory."""
        if memories := memories_among(fact_ids):
            await self._record(RECALLED, recalled(Place(session_id, turn, seq), memories))

    async def settle(self) -> None:
        """What came of the recalls whose turns have ended since."""
        for recall in self.known.open()[:SETTLED_AT_ONCE]:
            await self._settle(recall)

    async def _settle(self, recall: Recall) -> None:
        place = recall.place
        after = await self._ledger.read(session_chain(place.session_id), after=place.seq)
        outcome, followed = outcome_of(after, place.turn)
        if outcome is not RecallOutcome.OPEN:
            await self._record(SETTLED, settled(place, outcome, followed))

    async def _record(self, kind: str, body: dict[str, JsonValue]) -> None:
        for event in await self._ledger.append(CHAIN, Record(kind, body)):
            self.known.fold(event.kind, cast("Any", event.body), event.time)


def memories_among(fact_ids: Iterable[str]) -> Sequence[NodeId]:
    """The memories that these facts are of, each once."""
    return list(dict.fromkeys(subject_of(fact_id) for fact_id in fact_ids if fact_id.startswith(MEMORIES)))
