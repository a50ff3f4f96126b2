"""Contributions as a fold over one chain of the ledger: what was handed in is durable before it is acknowledged."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, cast

from pydantic import JsonValue

from audit.ledger import Event, Ledger, Record
from ink_core.clock import Clock
from knowledge_graph.contributions.contribution import Contribution
from knowledge_graph.contributions.desk import Confirmed, ContributionDesk, Observe, never, observed_by_nobody
from knowledge_graph.contributions.shelf import Shelf

CHAIN = "knowledge"


class RecordedContributions(ContributionDesk):
    def __init__(
        self, ledger: Ledger, clock: Clock, observe: Observe = observed_by_nobody, confirmed: Confirmed = never
    ) -> None:
        super().__init__(clock, observe, confirmed)
        self._ledger = ledger
        self._seq = 0

    async def recover(self) -> None:
        """Know what the ledger holds, and tell the model of all of it."""
        async with self._lock:
            self.shelf, self._seq = Shelf(), 0
            await self._catch_up()
            for contribution in self.shelf:
                await self._tell(contribution)

    async def read_again(self, chain: str) -> None:
        """Content of this chain was erased: know and tell what is left."""
        if chain == CHAIN:
            await self.recover()

    async def _catch_up(self) -> None:
        """Also with what is durable although whoever asked for it did not wait for the answer."""
        self._folded(await self._ledger.read(CHAIN, after=self._seq))

    async def _record(self, kind: str, body: Mapping[str, JsonValue]) -> Contribution:
        changed = self._folded(await self._ledger.append(CHAIN, Record(kind, body)))
        return cast(Contribution, changed)

    def _folded(self, events: Sequence[Event]) -> Contribution | None:
        changed = None
        for event in events:
            body = cast("Mapping[str, Any]", event.body)
            changed = self.shelf.fold(event.kind, body, event.time, erased=event.erased)
            self._seq = event.seq
        return changed
