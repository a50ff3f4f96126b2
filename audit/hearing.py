"""Appends to a chain that is folded here and that others write as well: nothing of theirs is passed over."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from audit.ledger import Event, Ledger, Record


async def append_heard(
    ledger: Ledger, chain: str, record: Record, last: Callable[[], int], keep_up: Callable[[], Awaitable[object]]
) -> Event:
    """The event, for the caller to fold. Where there is one before it that is not known here, `keep_up` comes first.

    `last` is the number of the last event that is known.
    """
    (event,) = await ledger.append(chain, record)
    if event.seq > last() + 1:
        await keep_up()
    return event
