"""Calls of the last days, read back from the ledger for a dry run of another policy."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from audit.ledger import Event, Ledger, Where
from manager.gate.policy.document import MAX_RATE_S
from manager.gate.policy.past import Past, past_calls

PAGE = 500
MOST_CALLS = 20_000


@dataclass(frozen=True)
class RecentCalls:
    """`whole`: all since then were read, and not only the latest `MOST_CALLS`."""

    past: Past
    since: datetime
    whole: bool


async def recent_calls(ledger: Ledger, since: datetime) -> RecentCalls:
    """Those since then, and before them what rates still count. Raises `LedgerUnavailable`."""
    where = Where(kind="call.proposed", since=since - timedelta(seconds=MAX_RATE_S))
    found, before = list[Event](), None
    while len(found) < MOST_CALLS:
        page = await ledger.newest(where, before=before, limit=min(PAGE, MOST_CALLS - len(found)))
        if not page:
            return RecentCalls(past_calls(found), since, whole=True)
        found.extend(placed.event for placed in page)
        before = page[-1].position
    return RecentCalls(past_calls(found), since, whole=found[-1].time < since)
