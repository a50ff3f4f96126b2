"""Hears from PostgreSQL which chains other managers have added to (LISTEN/NOTIFY), and catches up on what it missed.

A notification may be lost: its sender died after the commit, or this connection broke. So at least every `CATCH_UP_S`
all followers look again.
"""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine, Sequence

import psycopg

from audit.news import News
from audit.postgres_connection import Connection, Server
from audit.postgres_schema import CHANNEL

CATCH_UP_S = 5.0
PAUSE_S = 1.0
_NOTIFY = b"SELECT pg_notify(%s, chain) FROM unnest(%s::text[]) AS chain"


async def tell(connection: Connection, chains: Sequence[str]) -> None:
    """A transaction of its own: in the writing one, PostgreSQL would let only one writer commit at a time."""
    await connection.execute(_NOTIFY, (CHANNEL, list(chains)))


class Listener:
    def __init__(self, server: Server, news: News) -> None:
        self._server, self._news = server, news
        self._closing = asyncio.Event()
        self._task = asyncio.create_task(self._listen_until_closed(), name="ledger-listen")

    async def close(self) -> None:
        """Not by cancelling: a connection that is being opened would leak. It is awaited and has its deadline."""
        self._closing.set()
        await self._task

    async def _listen_until_closed(self) -> None:
        while not self._closing.is_set():
            try:
                async with await self._server.connect() as connection:
                    await self._unless_closing(self._listen(connection))
            except (psycopg.Error, OSError):
                await self._unless_closing(asyncio.sleep(PAUSE_S))  # whoever reads or writes hears of the outage

    async def _unless_closing(self, work: Coroutine[None, None, None]) -> None:
        """Does the work, and leaves it when the ledger closes."""
        working, closing = asyncio.ensure_future(work), asyncio.ensure_future(self._closing.wait())
        await asyncio.wait([working, closing], return_when=asyncio.FIRST_COMPLETED)
        closing.cancel()
        if not working.done():
            working.cancel()
            await asyncio.wait([working])
        if not working.cancelled():
            working.result()

    async def _listen(self, connection: Connection) -> None:
        await connection.execute(f"LISTEN {CHANNEL}".encode())
        while True:
            self._news.announce_all()
            async for notification in connection.notifies(timeout=CATCH_UP_S):
                self._news.announce([notification.payload])
            await connection.execute(b"SELECT 1")  # a peer that is gone without a word shows here
