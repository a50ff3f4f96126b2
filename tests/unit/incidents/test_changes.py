"""What was changed on a cluster is told of each call, whatever else its chain holds."""

from __future__ import annotations

from datetime import UTC, datetime

from audit.ledger import Record
from audit.memory import MemoryLedger
from manager.incidents.changes import MOST_EVENTS_OF_A_CALL, Asked, cluster_changes


async def test_a_call_of_which_very_much_is_recorded_is_told_as_any_other() -> None:
    ledger = MemoryLedger()
    proposed = {"call_id": "c-1", "tool": "hold_jobs", "principal": "alice", "origin": "model", "risk": "write"}
    await ledger.append("session:s-1", Record("call.proposed", {**proposed, "arguments": {"cluster": "local"}}))
    tries = [Record("approval.refused", {"call_id": "c-1"}) for _ in range(MOST_EVENTS_OF_A_CALL)]
    await ledger.append("session:s-1", *tries, Record("call.refused", {"call_id": "c-1", "code": "rejected"}))
    asked = Asked("local", datetime(2000, 1, 1, tzinfo=UTC), "alice", by_hand=False, limit=5)
    (change,), whole = await cluster_changes(ledger, asked)
    assert (change.attempt.call_id, change.attempt.detail, whole) == ("c-1", "rejected", True)
