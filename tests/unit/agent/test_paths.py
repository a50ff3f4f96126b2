"""A conversation that went another way: what the loop still has of the path that was left."""

from __future__ import annotations

import pytest

from manager.agent import loop
from manager.agent.conversation import conversation
from manager.agent.model import AssistantTurn, UserTurn
from manager.agent.state import LoopState
from tests.unit.agent.histories import Body, asked, done, folded, intended, message, proposed, replied, written

Records = list[tuple[str, Body]]


def ended(turn: int, reason: str = "answered") -> tuple[str, Body]:
    return "turn.ended", {"turn": turn, "reason": reason, "detail": ""}


def answered(turn: int, question: str, answer: str) -> Records:
    return [message(question), asked(turn), replied(turn, answer), ended(turn)]


def branched(parent: int) -> tuple[str, Body]:
    return "session.branched", {"parent": parent, "by": "alice"}


def said(state: LoopState) -> list[str]:
    return [turn.text for _, turn in conversation(state) if isinstance(turn, UserTurn | AssistantTurn)]


TWO = [*answered(1, "one", "1"), *answered(2, "two", "2")]


@pytest.mark.requirement("AGENT-LOOP-08")
def test_an_edited_message_is_read_in_place_of_the_old_one_and_of_what_followed() -> None:
    state, due = folded(*TWO, branched(1), message("zwei"))
    assert said(state) == ["one", "1", "zwei"]
    assert (state.turn, due) == (3, (loop.AskModel(3, 1),))


@pytest.mark.requirement("AGENT-LOOP-08")
def test_the_path_that_was_left_is_gone_back_to_whole() -> None:
    state, due = folded(*TWO, branched(0), *answered(3, "other", "3"), branched(2))
    assert (said(state), due) == (["one", "1", "two", "2"], ())
    state, _ = folded(
        *TWO, branched(0), *answered(3, "other", "3"), branched(2), *answered(4, "four", "4"), branched(3)
    )
    assert said(state) == ["other", "3"]


def test_calls_of_two_paths_have_different_ids() -> None:
    first = [message(), asked(1), replied(1, "", written()), proposed("s1.1.0"), done("s1.1.0"), ended(1, "stopped")]
    _, due = folded(*first, branched(0), message(), asked(2), replied(2, "", written()))
    assert due == (loop.ProposeCall("s1.2.0", "m0", "list_jobs", {}),)


def test_what_still_waits_on_a_path_that_was_left_is_withdrawn_and_never_proposed_again() -> None:
    first = [message(), asked(1), replied(1, "", written()), ended(1, "stopped"), branched(0), message("again")]
    state, _ = folded(*first, proposed("s1.1.0"))
    assert loop.outstanding(state) == (
        loop.AskModel(2, 1),
        loop.ResumeCall("s1.1.0"),
        loop.WithdrawCall("s1.1.0"),
    )


def test_a_result_that_comes_late_is_there_when_the_path_is_gone_back_to() -> None:
    begun = [message(), asked(1), replied(1, "", written()), proposed("s1.1.0"), intended("s1.1.0")]
    left = [*begun, ended(1, "stopped"), branched(0), *answered(2, "other", "2"), done("s1.1.0", "late")]
    state, _ = folded(*left, branched(1))
    assert "late" in str(conversation(state))
    assert said(folded(*left)[0]) == ["other", "2"]


@pytest.mark.parametrize("records", [[message(), asked(1), branched(0)], [*TWO, branched(7)]])
def test_a_running_turn_and_a_turn_that_never_was_are_no_way_to_go(records: Records) -> None:
    assert said(folded(*records)[0]) == said(folded(*records[:-1])[0])
