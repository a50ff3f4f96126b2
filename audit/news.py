"""Wakes those who follow a chain when it grows, so that nobody polls. Belongs to one event loop."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Generator, Iterable, Sequence
from contextlib import contextmanager

from audit.ledger import Event, LedgerUnavailable

PAGE = 500


class News:
    def __init__(self) -> None:
        self._waiting: dict[str, set[asyncio.Future[None]]] = {}
        self._closed = False

    def announce(self, chains: Iterable[str]) -> None:
        for chain in chains:
            for waiting in self._waiting.get(chain, ()):
                if not waiting.done():
                    waiting.set_result(None)

    def announce_all(self) -> None:
        """Any chain may have grown."""
        self.announce(list(self._waiting))

    def close(self) -> None:
        """Every follower ends with `LedgerUnavailable`."""
        self._closed = True
        self.announce_all()

    async def follow(
        self, chain: str, after: int, read: Callable[[int, int], Awaitable[Sequence[Event]]]
    ) -> AsyncIterator[Event]:
        """Pages of `read(after, limit)`, then whatever is announced. Asks for news *before* it reads: none is lost."""
        while not self._closed:
            with self._expected(chain) as news:
                events = await read(after, PAGE)
                if not events:
                    await news
            for event in events:
                after = event.seq
                yield event
        raise LedgerUnavailable("the ledger was closed; follow it again when the service is back")

    @contextmanager
    def _expected(self, chain: str) -> Generator[asyncio.Future[None]]:
        news: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.setdefault(chain, set()).add(news)
        try:
            yield news
        finally:
            self._waiting[chain].discard(news)
            if not self._waiting[chain]:
                del self._waiting[chain]
