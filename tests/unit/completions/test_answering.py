"""What a chat front end is told of a turn whose sub-agent waits for an approver."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from typing import Any

import pytest

from audit.ledger import Event, Record
from audit.memory import MemoryLedger
from manager.completions.answering import Answer
from manager.completions.exchanges import Told, begins_with, exchanges

WAITS: dict[str, Any] = {
    "delegate": "s1.1.0",
    "session_id": "s2",
    "profile": "operations",
    "tool": "remove_jobs",
    "approval_id": "a-17",
    "approver": "administrator",
    "expires_at": "2026-01-01T12:10:00+00:00",
}
TURN = (Record("user.message", {"text": "tidy up", "by": "alice"}), Record("subagent.waits", WAITS))


async def answered(*records: Record) -> tuple[str, list[Event]]:
    ledger = MemoryLedger()
    events = await ledger.append("session:s1", *records)

    async def stream() -> AsyncGenerator[Event]:
        for event in events:
            yield event

    answer = Answer("http://ink")
    text = "".join([piece async for piece in answer.pieces(stream())])
    assert answer.over
    return text, list(events)


@pytest.mark.requirement("AGENT-COMPLETIONS-02")
async def test_it_is_told_who_waits_for_what_and_where_it_is_decided_and_the_answer_ends_there() -> None:
    text, _ = await answered(*TURN)
    assert "the sub-agent operations wants to use `remove_jobs`" in text
    assert "an administrator: <http://ink/#/approvals> (`a-17`" in text


async def test_a_client_that_was_told_of_it_comes_back_to_the_same_conversation() -> None:
    text, events = await answered(*TURN)
    later = Record("model.replied", {"text": "Tidied up.", "turn": 1})
    ended = Record("turn.ended", {"turn": 1, "reason": "answered"})
    more = await MemoryLedger().append("session:s1", *TURN, later, ended)
    assert len(more) > len(events)
    assert begins_with(exchanges(more), [Told("tidy up", text)])
    assert not begins_with(exchanges(more), [Told("tidy up", "something else")])
