"""The outcome of a call is recorded once, also by a ledger that is away for a while or lost its answer."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

import pytest

from audit.ledger import Event, LedgerUnavailable, Record
from audit.memory import MemoryLedger
from manager.gate.settling import settled

OUTCOME = Record("call.outcome", {"call_id": "c-1", "status": "done"})


class Away(MemoryLedger):
    """Fails `times` appends: `before` they are written, or after. Reads fail with them, but for the last."""

    def __init__(self, times: int, *, before: bool) -> None:
        super().__init__()
        self.times, self.before = times, before

    async def append(self, chain: str, *records: Record) -> tuple[Event, ...]:
        written = () if self.times and self.before else await super().append(chain, *records)
        if self.times:
            self.times -= 1
            raise LedgerUnavailable("no answer")
        return written

    async def read(self, chain: str, *, after: int = 0, limit: int | None = None) -> Sequence[Event]:
        if self.times:
            self.times -= 1
            raise LedgerUnavailable("no answer")
        return await super().read(chain, after=after, limit=limit)


@pytest.mark.parametrize("before", [True, False])
@pytest.mark.parametrize("times", [0, 1, 3])
async def test_the_outcome_is_recorded_once_in_the_end(times: int, before: bool) -> None:
    ledger = Away(times, before=before)
    async with asyncio.timeout(100):
        (event,) = await settled(ledger, "c", OUTCOME, again_s=0)
    assert (event.seq, event.body) == (1, OUTCOME.body)
    assert list(await ledger.read("c")) == [event]
