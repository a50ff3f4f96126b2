"""The conversation as the model reads it."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import pytest
from pydantic import JsonValue

from manager.agent import conversation as numbered
from manager.agent import loop
from manager.agent.model import AssistantTurn, ToolTurn, Turn, UserTurn
from manager.agent.state import LoopState
from tests.unit.agent.histories import Body, asked, done, failed, folded, message, proposed, replied, written

CALL = "s1.1.0"
ASKED = (message("my jobs?"), asked(1), replied(1, "I look.", written()), proposed(CALL))


def conversation(state: LoopState, show: numbered.Show = numbered.as_json) -> tuple[Turn, ...]:
    return tuple(turn for _, turn in numbered.conversation(state, show))


def the_result(*records: tuple[str, Body]) -> ToolTurn:
    last = conversation(folded(*ASKED, *records)[0])[2]
    assert isinstance(last, ToolTurn)
    return last


def test_a_call_is_followed_by_its_result() -> None:
    user, assistant, result = conversation(folded(*ASKED, done(CALL, {"jobs": []}))[0])
    assert user == UserTurn("my jobs?")
    assert isinstance(assistant, AssistantTurn)
    assert (assistant.text, assistant.calls[0].tool) == ("I look.", "list_jobs")
    assert result == ToolTurn("m0", "list_jobs", '{"jobs":[]}', source=f"source: list_jobs, call {CALL}")


def test_results_stand_in_the_order_of_the_calls_whatever_came_first() -> None:
    both = (message(), asked(1), replied(1, "", written(), written("explain_job", {"job_id": "1"}, 1)))
    state, _ = folded(*both, proposed(CALL), proposed("s1.1.1"), done("s1.1.1", 2), done(CALL, 1))
    assert [turn.content for turn in conversation(state) if isinstance(turn, ToolTurn)] == ["1", "2"]


def test_a_failed_call_is_an_error_with_its_code() -> None:
    result = the_result(failed(CALL))
    assert result.is_error
    assert json.loads(result.content)["error"] == {
        "code": "job_not_found",
        "message": "there is no such job",
        "retryable": False,
    }


NOW = datetime(2026, 1, 1, 12, tzinfo=UTC)


@pytest.mark.requirement("MODEL-CONTEXT-01")
@pytest.mark.parametrize(
    ("result", "before", "said"),
    [
        ({"jobs": []}, 0, "2026-01-01T12:00:00Z, 0 s ago"),
        ({"jobs": []}, 61, "2026-01-01T11:58:59Z, 1 min ago"),
        ({"jobs": []}, 7300, "2026-01-01T09:58:20Z, 2 h ago"),
        ({"jobs": []}, 10 * 86400, "2025-12-22T12:00:00Z, 10 d ago"),
        ({"jobs": [], "observed_at": "2026-01-01T11:00:00Z"}, 5, "2026-01-01T11:00:00Z, 1 h ago"),
        ({"jobs": [], "observed_at": "yesterday"}, 5, "2026-01-01T11:59:55Z, 5 s ago"),
        ({"jobs": [], "observed_at": "2026-01-01T11:00:00"}, 5, "2026-01-01T11:59:55Z, 5 s ago"),
        ({"jobs": []}, -3, "2026-01-01T12:00:03Z, 0 s ago"),
    ],
)
def test_a_result_says_its_source_and_its_time_and_the_end_of_the_request_how_old_it_is(
    result: JsonValue, before: float, said: str
) -> None:
    state, _ = folded(*ASKED)
    kind, body = done(CALL, result)
    state, _ = loop.handle(state, kind, body, NOW - timedelta(seconds=before))
    told, (at, aged) = conversation(state)[2], said.split(", ")
    assert isinstance(told, ToolTurn)
    assert told.source == f"source: list_jobs, call {CALL}; as of {at}"
    assert numbered.ages(state, NOW) == f"[It is 2026-01-01T12:00:00Z. Results are from: call {CALL} {aged}.]"


@pytest.mark.requirement("MODEL-CONTEXT-01")
def test_an_error_has_a_source_and_an_age_too() -> None:
    state, _ = folded(*ASKED)
    kind, body = failed(CALL)
    state, _ = loop.handle(state, kind, body, NOW - timedelta(seconds=90))
    told = conversation(state)[2]
    assert isinstance(told, ToolTurn) and told.is_error
    assert told.source.endswith("as of 2026-01-01T11:58:30Z")
    assert f"call {CALL} 1 min ago" in numbered.ages(state, NOW)


@pytest.mark.requirement("GATE-APPROVAL-02")
def test_a_rejected_call_is_an_error_with_the_very_words_of_the_human() -> None:
    decided: Body = {"call_id": CALL, "approval_id": "a1", "verdict": "rejected", "by": "admin", "reason": "not yours"}
    refused: Body = {"call_id": CALL, "code": "approval_rejected", "message": "rejected by admin: not yours"}
    result = the_result(("approval.decided", decided), ("call.refused", refused))
    error = json.loads(result.content)["error"]
    assert result.is_error
    assert (error["code"], error["rejected_by"], error["reason"]) == ("approval_rejected", "admin", "not yours")


def test_an_indeterminate_call_is_an_error() -> None:
    outcome: Body = {"call_id": CALL, "status": "indeterminate", "error": None, "duration_ms": 1}
    assert the_result(("call.outcome", outcome)).is_error


def test_a_call_that_the_stop_overtook_says_that_its_result_is_not_known() -> None:
    result = the_result(("turn.ended", {"turn": 1, "reason": "stopped", "detail": ""}))
    assert result.is_error
    assert json.loads(result.content)["error"]["code"] == "not_finished"


def test_a_turn_without_an_answer_says_so_before_the_next_message() -> None:
    failure: tuple[str, Body] = ("turn.ended", {"turn": 1, "reason": "failed", "detail": "the model is down"})
    state, _ = folded(message("one"), asked(1), failure, message("two"))
    assert conversation(state) == (
        UserTurn("one"),
        AssistantTurn("[This was not answered: the model is down]"),
        UserTurn("two"),
    )


def test_a_result_that_comes_after_the_stop_takes_its_place() -> None:
    stopped: tuple[str, Body] = ("turn.ended", {"turn": 1, "reason": "stopped", "detail": ""})
    assert the_result(stopped, done(CALL, 7)).content == "7"


def test_a_result_is_shown_as_it_is_told_to() -> None:
    state, _ = folded(*ASKED, done(CALL, {"jobs": []}))
    shown = conversation(state, lambda value, call_id: f"<{call_id} {value}>")[2]
    assert isinstance(shown, ToolTurn)
    assert shown.content == "<s1.1.0 {'jobs': []}>"
