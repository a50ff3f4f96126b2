"""A ledger with something beside it: a subclass says what happens at an append, everything else is the inner one's."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence

from audit.ledger import Event, Ledger, Placed, Record, Targets, Where


class LedgerAround:
    def __init__(self, inner: Ledger) -> None:
        self._inner = inner

    @property
    def epoch(self) -> int:
        return self._inner.epoch

    async def append(self, chain: str, *records: Record) -> tuple[Event, ...]:
        return await self._inner.append(chain, *records)

    async def erase(self, targets: Targets, record: Record) -> Event:
        return await self._inner.erase(targets, record)

    async def read(self, chain: str, *, after: int = 0, limit: int | None = None) -> Sequence[Event]:
        return await self._inner.read(chain, after=after, limit=limit)

    async def newest(self, where: Where, *, before: int | None = None, limit: int) -> Sequence[Placed]:
        return await self._inner.newest(where, before=before, limit=limit)

    async def chains(self, prefix: str = "") -> Sequence[str]:
        return await self._inner.chains(prefix)

    def follow(self, chain: str, *, after: int = 0) -> AsyncIterator[Event]:
        return self._inner.follow(chain, after=after)
