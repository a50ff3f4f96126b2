"""What a terminal is told of an event, and that nothing of others' words is obeyed by it."""

from __future__ import annotations

import unicodedata
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from manager.chat.told import Said, request_told, told

REQUEST: dict[str, Any] = {
    "kind": "approval.requested",
    "call_id": "s1.1.0",
    "approval_id": "a1",
    "tool": "remove_jobs",
    "arguments": {"job_ids": ["12.0"]},
    "requester": "alice",
    "risk": "high",
    "rule": "others-property",
    "reason": "This touches other people's property.",
    "digest": "0" * 64,
    "preview": {"summary": "Remove 1 job of bob", "details": ["12.0 fit.sh"], "undo": None},
    "expires_at": "2026-01-01T12:10:00+00:00",
    "approver": "administrator",
    "persons": 2,
    "unbound": ["the script"],
    "diff": "-old\n+new",
}


@pytest.mark.parametrize(
    ("event", "said"),
    [
        ({"kind": "user.message", "by": "alice", "text": "hi"}, Said("user", "alice: hi")),
        ({"kind": "model.replied", "text": "**yes**"}, Said("answer", "**yes**")),
        ({"kind": "model.replied", "text": "  "}, None),
        (
            {"kind": "call.proposed", "tool": "list_jobs", "arguments": {}, "risk": "read"},
            Said("dim", "→ list_jobs {}  (read)"),
        ),
        ({"kind": "call.proposed", "tool": "no_such", "arguments": {}, "risk": None}, None),
        (
            {"kind": "call.refused", "code": "denied_by_policy", "message": "no"},
            Said("bad", "✗ not done: no (denied_by_policy)"),
        ),
        ({"kind": "call.outcome", "status": "done", "error": None}, Said("good", "✓ done")),
        (
            {"kind": "call.outcome", "status": "failed", "error": {"code": "c", "message": "m"}},
            Said("bad", "✗ failed: m (c)"),
        ),
        (
            {"kind": "approval.decided", "verdict": "approved", "by": "admin", "reason": ""},
            Said("good", "approved by admin"),
        ),
        ({"kind": "turn.ended", "reason": "answered"}, None),
        ({"kind": "turn.ended", "reason": "stopped", "detail": "by alice"}, Said("bad", "stopped: by alice")),
        ({"kind": "turn.ended", "reason": "stopped", "detail": "stopped by bob"}, Said("bad", "stopped by bob")),
        (
            {"kind": "session.plan_mode", "on": True, "by": "alice"},
            Said("ask", "plan mode: the agent reads and changes nothing (by alice)"),
        ),
        (
            {"kind": "subagent.waits", "profile": "operations", "tool": "remove_jobs", "session_id": "s2"},
            Said("ask", "the sub-agent operations waits for approval of remove_jobs in session s2"),
        ),
        ({"kind": "something.new"}, None),
    ],
)
def test_each_event_has_its_words(event: dict[str, Any], said: Said | None) -> None:
    assert told(event) == said


def test_a_model_that_may_not_see_more_is_said_with_the_one_that_may() -> None:
    event = {"kind": "session.trust_change_needed", "message": "too much", "offer": {"name": "site-70b"}}
    assert told(event) == Said("ask", "too much Say /model site-70b to go on with that one.")


@pytest.mark.requirement("AGENT-CHAT-02")
def test_a_request_names_everything_that_is_decided_on() -> None:
    said = request_told(REQUEST).text
    for part in ("remove_jobs", "12.0 fit.sh", "cannot be undone", "high", "alice", "others-property",
                 "2 different administrators", "expires 2026-01-01 12:10 UTC", "the script", "+new"):  # fmt: skip
        assert part in said


@pytest.mark.requirement("AGENT-CHAT-02")
def test_arguments_that_are_decided_on_are_not_cut_unsaid() -> None:
    long = {"argv": ["run", "x" * 3_000, "evil"]}
    assert "evil" in request_told({**REQUEST, "arguments": long}).text
    longer = {"argv": ["run", "x" * 5_000, "evil"]}
    assert "more characters: the page has them" in request_told({**REQUEST, "arguments": longer}).text


@given(text=st.text(alphabet=st.characters(codec="utf-8"), max_size=50))
def test_no_control_character_of_anybody_reaches_the_terminal(text: str) -> None:
    events: list[dict[str, Any]] = [
        {"kind": "model.replied", "text": text},
        {"kind": "user.message", "by": text, "text": text},
        {"kind": "call.proposed", "tool": text, "arguments": {text: text}, "risk": "read"},
        {"kind": "call.outcome", "status": "failed", "error": {"code": "c", "message": text}},
    ]
    words = [said.text for event in events if (said := told(event))]
    words.append(request_told({**REQUEST, "arguments": {"x": text}, "preview": {"summary": text}, "diff": text}).text)
    unseen = {character for character in "".join(words) if unicodedata.category(character) in ("Cc", "Cf")}
    assert unseen <= {"\n", "\t"}
