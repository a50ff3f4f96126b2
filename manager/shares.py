"""Shares as a fold over one chain of the ledger: `share.added` and `share.revoked`."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any, cast

from audit.ledger import Event, Ledger, Record
from ink_core.clock import Clock
from ink_core.errors import Throttled
from ink_core.storage.shares import MAX_SHARES, Share, ShareNotFound

CHAIN = "shares"
ADDED = "share.added"
REVOKED = "share.revoked"


class TooManyShares(Throttled):
    code = "too_many_shares"
    retryable = False


class RecordedShares:
    """Implements `ink_core.storage.shares.Shares`."""

    def __init__(self, ledger: Ledger, clock: Clock) -> None:
        self._ledger = ledger
        self._clock = clock
        self._shares: dict[str, Share] = {}

    async def recover(self) -> None:
        for event in await self._ledger.read(CHAIN):
            self._fold(event)

    async def add(self, share: Share) -> Share:
        if share.share_id in self._shares:
            return self._shares[share.share_id]
        if Counter(each.owner for each in self.all())[share.owner] >= MAX_SHARES:
            raise TooManyShares(f"you share {MAX_SHARES} files already; revoke some of them first")
        await self._record(Record(ADDED, {"share": share.model_dump(mode="json")}))
        return share

    async def revoke(self, owner: str, share_id: str) -> Share:
        share = self.get(share_id)
        if share.owner != owner:
            raise _unknown()
        await self._record(Record(REVOKED, {"share_id": share_id, "by": owner}))
        return share

    def get(self, share_id: str) -> Share:
        share = self._shares.get(share_id)
        if share is None or share.expires_at <= self._clock.now():
            raise _unknown()
        return share

    def all(self) -> Sequence[Share]:
        now = self._clock.now()
        current = [share for share in self._shares.values() if share.expires_at > now]
        return sorted(current, key=lambda share: share.created_at, reverse=True)

    async def _record(self, record: Record) -> None:
        for event in await self._ledger.append(CHAIN, record):
            self._fold(event)

    def _fold(self, event: Event) -> None:
        body = cast("dict[str, Any]", dict(event.body))
        if event.kind == ADDED:
            share = Share.model_validate(body["share"])
            self._shares[share.share_id] = share
        elif event.kind == REVOKED:
            self._shares.pop(str(body["share_id"]), None)


def _unknown() -> ShareNotFound:
    return ShareNotFound("there is no such share; it was revoked, has expired, or never was")
