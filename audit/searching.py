"""Looks through all chains for events, newest first, a page at a time: by what the ledger finds, by person, by words.

Bounded: a page is so many events, so many bytes of bodies, and the fruit of so many events looked at. One that ends
early says where to go on.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from dataclasses import dataclass

from audit.canonical import canonical_text
from audit.ledger import Ledger, Placed, Where
from audit.personal import persons

BATCH = 500
MAX_LOOKED_AT = 20_000
MAX_BYTES = 2 * 1024 * 1024


@dataclass(frozen=True)
class EventQuery:
    """`actor` is a user whom the event names; `words` stand in its body, in any case. Empty: does not matter."""

    where: Where
    actor: str = ""
    words: str = ""

    def matches(self, placed: Placed) -> bool:
        body = placed.event.body
        if self.actor and self.actor not in persons(body):
            return False
        return not self.words or self.words.casefold() in canonical_text(body).casefold()


@dataclass(frozen=True)
class Page:
    """`next_before`: go on below this position; None when there is nothing older."""

    events: Sequence[Placed]
    next_before: int | None


async def search(ledger: Ledger, query: EventQuery, *, before: int | None, limit: int) -> Page:
    """The newest `limit` events below position `before`. Raises `LedgerUnavailable`."""
    found: list[Placed] = []
    looked_at, size = 0, 0
    batch = BATCH if query.actor or query.words else limit
    async with aclosing(_newest(ledger, query.where, before, batch)) as newest:
        async for placed in newest:
            looked_at += 1
            if query.matches(placed):
                found.append(placed)
                size += len(canonical_text(placed.event.body))
            if len(found) == limit or size >= MAX_BYTES or looked_at == MAX_LOOKED_AT:
                return Page(found, placed.position)
    return Page(found, None)


async def _newest(ledger: Ledger, where: Where, before: int | None, batch: int) -> AsyncGenerator[Placed]:
    while some := await ledger.newest(where, before=before, limit=batch):
        for placed in some:
            yield placed
        before = some[-1].position
