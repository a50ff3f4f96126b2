"""The agent loop: what is due after which record."""

from __future__ import annotations

import pytest

from manager.agent import loop
from manager.agent.state import LoopLimits
from tests.unit.agent.histories import asked, done, failed, folded, message, proposed, replied, written

CALL = "s1.1.0"


def test_a_message_asks_the_model() -> None:
    _, due = folded(message())
    assert due == (loop.AskModel(turn=1, round=1),)


def test_a_second_message_begins_the_next_turn() -> None:
    ended = ("turn.ended", {"turn": 1, "reason": "answered", "detail": ""})
    state, due = folded(message(), asked(1), replied(1, "hi"), ended, message("and now?"))
    assert (state.turn, due) == (2, (loop.AskModel(turn=2, round=1),))


def test_an_answer_without_calls_ends_the_turn() -> None:
    _, due = folded(message(), asked(1), replied(1, "There are no jobs."))
    assert due == (loop.EndTurn(1, "answered"),)


@pytest.mark.requirement("AGENT-LOOP-01")
def test_the_same_records_give_the_same_state_and_instructions() -> None:
    records = (message(), asked(1), replied(1, "", written(), written(number=1)))
    assert folded(*records) == folded(*records)


def test_every_call_of_a_reply_is_proposed_under_its_own_id() -> None:
    _, due = folded(message(), asked(1), replied(1, "", written(), written("explain_job", {"job_id": "1.0"}, 1)))
    assert due == (
        loop.ProposeCall("s1.1.0", "m0", "list_jobs", {}),
        loop.ProposeCall("s1.1.1", "m1", "explain_job", {"job_id": "1.0"}),
    )


def test_call_ids_count_on_through_the_rounds_of_a_turn() -> None:
    first = (message(), asked(1), replied(1, "", written()), proposed(CALL), done(CALL), asked(1))
    _, due = folded(*first, replied(1, "", written()))
    assert due == (loop.ProposeCall("s1.1.1", "m0", "list_jobs", {}),)


def test_the_model_is_asked_again_when_the_last_call_has_ended() -> None:
    begun = (message(), asked(1), replied(1, "", written(), written(number=1)), proposed(CALL), proposed("s1.1.1"))
    _, after_first = folded(*begun, done("s1.1.1"))
    _, after_both = folded(*begun, done("s1.1.1"), done(CALL))
    assert (after_first, after_both) == ((), (loop.AskModel(turn=1, round=2),))


@pytest.mark.requirement("AGENT-LOOP-06")
def test_a_malformed_call_is_refused_with_what_was_wrong() -> None:
    broken = {"id": "m0", "tool": "list_jobs", "arguments": None, "raw": '{"owner": '}
    _, due = folded(message(), asked(1), replied(1, "", broken))
    (refusal,) = due
    assert isinstance(refusal, loop.RefuseCall)
    assert (refusal.code, refusal.tool) == ("malformed_call", "list_jobs")
    assert '{"owner": ' in refusal.message


def test_calls_beyond_the_cap_are_refused_and_the_others_run() -> None:
    calls = tuple(written(number=number) for number in range(3))
    _, due = folded(message(), asked(1), replied(1, "", *calls), limits=LoopLimits(max_calls_per_reply=2))
    assert [type(instruction) for instruction in due] == [loop.ProposeCall, loop.ProposeCall, loop.RefuseCall]


@pytest.mark.requirement("AGENT-LOOP-06")
def test_a_model_that_never_stops_calling_meets_a_limit() -> None:
    records = [message()]
    for number in range(2):
        records += [asked(1), replied(1, "", written()), proposed(f"s1.1.{number}"), done(f"s1.1.{number}")]
    _, due = folded(*records, limits=LoopLimits(max_rounds=2))
    (end,) = due
    assert isinstance(end, loop.EndTurn)
    assert (end.reason, "2 rounds" in end.detail) == ("limit", True)


def test_the_same_failing_call_three_times_ends_the_turn() -> None:
    records = [message()]
    for number in range(3):
        call = written("explain_job", {"job_id": "9.0"})
        records += [asked(1), replied(1, "", call), proposed(f"s1.1.{number}"), failed(f"s1.1.{number}")]
    _, due = folded(*records)
    (end,) = due
    assert isinstance(end, loop.EndTurn)
    assert (end.reason, "explain_job" in end.detail) == ("limit", True)


def test_different_failing_calls_do_not_end_the_turn() -> None:
    records = [message()]
    for number in range(3):
        call = written("explain_job", {"job_id": f"{number}.0"})
        records += [asked(1), replied(1, "", call), proposed(f"s1.1.{number}"), failed(f"s1.1.{number}")]
    assert folded(*records)[1] == (loop.AskModel(turn=1, round=4),)


def test_a_failed_model_ends_the_turn_with_its_message() -> None:
    failure = ("model.failed", {"turn": 1, "code": "model_timeout", "message": "no answer in 60 s", "retryable": True})
    assert folded(message(), asked(1), failure)[1] == (loop.EndTurn(1, "failed", "no answer in 60 s"),)


def test_an_empty_answer_is_a_failure_that_is_said() -> None:
    (end,) = folded(message(), asked(1), replied(1, "  "))[1]
    assert isinstance(end, loop.EndTurn)
    assert end.reason == "failed"


@pytest.mark.requirement("AGENT-LOOP-04")
def test_stop_ends_the_turn_and_withdraws_what_waits() -> None:
    state, _ = folded(
        message(), asked(1), replied(1, "", written(), written(number=1)), proposed(CALL), proposed("s1.1.1")
    )
    state, _ = loop.handle(state, "call.intent", {"call_id": "s1.1.1"})
    (end,) = loop.stop(state)
    assert isinstance(end, loop.EndTurn)
    _, due = loop.handle(state, "turn.ended", {"turn": 1, "reason": end.reason, "detail": end.detail})
    assert due == (loop.WithdrawCall(CALL),)


def test_a_call_that_is_proposed_after_the_stop_is_withdrawn_too() -> None:
    stopped = ("turn.ended", {"turn": 1, "reason": "stopped", "detail": ""})
    _, due = folded(message(), asked(1), replied(1, "", written()), stopped, proposed(CALL))
    assert due == (loop.WithdrawCall(CALL),)


def test_stop_without_a_running_turn_does_nothing() -> None:
    assert loop.stop(folded()[0]) == ()


def test_what_the_model_says_after_the_turn_has_ended_changes_nothing() -> None:
    stopped = ("turn.ended", {"turn": 1, "reason": "stopped", "detail": ""})
    before, _ = folded(message(), asked(1), stopped)
    assert loop.handle(before, *replied(1, "late", written())) == (before, ())


def test_a_call_of_a_person_is_not_the_loops_concern() -> None:
    before, _ = folded(message(), asked(1))
    assert loop.handle(before, *proposed("c-of-the-page")) == (before, ())


def test_records_of_other_kinds_change_nothing() -> None:
    before, _ = folded(message())
    assert loop.handle(before, "session.changed", {"title": "new"}) == (before, ())
