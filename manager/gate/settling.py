"""Writes the outcome of a call, however long the ledger is away: who has done something says at last what came of it.

Limit: in memory until then; a manager that dies before resolves the call from its intent, as after any crash.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

import structlog

from audit.ledger import Event, Ledger, LedgerUnavailable, Record

log = structlog.get_logger()

AGAIN_S = 5.0


async def settled(ledger: Ledger, chain: str, outcome: Record, again_s: float = AGAIN_S) -> Sequence[Event]:
    """The outcome as it is recorded, once: an append that failed may have been written, so the chain is asked first."""
    doubtful = False
    while True:
        try:
            if doubtful and (found := await _written(ledger, chain, outcome)):
                return found
            return await ledger.append(chain, outcome)
        except LedgerUnavailable as error:
            log.error("outcome_not_recorded", call_id=outcome.body["call_id"], reason=str(error))
            doubtful = True
            await asyncio.sleep(again_s)


async def _written(ledger: Ledger, chain: str, outcome: Record) -> Sequence[Event]:
    return [
        event
        for event in await ledger.read(chain)
        if event.kind == outcome.kind and event.body["call_id"] == outcome.body["call_id"]
    ]
