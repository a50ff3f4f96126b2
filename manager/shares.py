"""Shares as a fold over one chain of the ledger: `share.added` and `share.revoked`. Expired ones are not kept."""

from __future__ import annotations

from typing import Any, cast

from audit.ledger import Event, Ledger, Record
from ink_core.clock import Clock
from ink_core.storage.shares import MemoryShares, Share

CHAIN = "shares"
ADDED = "share.added"
REVOKED = "share.revoked"


class RecordedShares(MemoryShares):
    """Implements `ink_core.storage.shares.Shares`: what is kept survives a restart."""

    def __init__(self, ledger: Ledger, clock: Clock) -> None:
        super().__init__(clock)
        self._ledger = ledger

    async def recover(self) -> None:
        for event in await self._ledger.read(CHAIN):
            self._fold(event)

    async def _add(self, share: Share) -> None:
        await self._record(Record(ADDED, {"share": share.model_dump(mode="json")}))

    async def _revoke(self, share: Share) -> None:
        await self._record(Record(REVOKED, {"share_id": share.share_id, "by": share.owner}))

    async def _record(self, record: Record) -> None:
        for event in await self._ledger.append(CHAIN, record):
            self._fold(event)

    def _fold(self, event: Event) -> None:
        body = cast("dict[str, Any]", dict(event.body))
        if event.kind == ADDED:
            share = Share.model_validate(body["share"])
            if share.expires_at > self._clock.now():
                self._shares[share.share_id] = share
        elif event.kind == REVOKED:
            self._shares.pop(str(body["share_id"]), None)
