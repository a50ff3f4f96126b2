"""What a summary stands for, what it keeps, and when it is due."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import JsonValue

from knowledge_graph.context.token_estimate import tokens
from manager.agent.compaction import FULL, KEPT, MARK, all_ended, due, summarised, up_to
from manager.agent.context_budget import cost
from manager.agent.conversation import conversation
from manager.agent.model import AssistantTurn, ModelRequest, Turn, UserTurn
from manager.agent.planner import planning_request
from manager.agent.state import LoopState
from manager.agent.summary_text import by_rules, with_notes
from tests.unit.agent.histories import Body, asked, done, failed, folded, message, proposed, replied, written
from tests.unit.agent.test_paths import answered, branched, ended

Records = list[tuple[str, Body]]


def compacted(through: int, text: str = "SUMMARY") -> tuple[str, Body]:
    return "conversation.compacted", {"turn": through, "through": through, "text": text, "made_by": "rules"}


def called(turn: int, question: str, *, fails: bool = False) -> Records:
    call_id = f"s1.{turn}.0"
    end = failed(call_id) if fails else done(call_id, {"jobs": ["7.0"]})
    asks = replied(turn, "", written("list_jobs", {"owner": "alice"}))
    return [message(question), asked(turn), asks, proposed(call_id), end, replied(turn, f"answer {turn}"), ended(turn)]


def read(state: LoopState) -> list[Turn]:
    return [*summarised(state), *(turn for _, turn in conversation(state))]


@pytest.mark.requirement("AGENT-LOOP-09")
def test_a_summary_is_read_in_the_place_of_the_turns_that_it_stands_for() -> None:
    state, due_now = folded(*answered(1, "one", "1"), *answered(2, "two", "2"), message("three"), compacted(1))
    assert read(state)[:3] == [UserTurn(MARK), AssistantTurn("SUMMARY"), UserTurn("two")]
    assert due_now == ()


def test_another_way_that_parts_before_the_end_of_a_summary_reads_its_turns_themselves() -> None:
    compact = [*answered(1, "one", "1"), *answered(2, "two", "2"), compacted(2)]
    state, _ = folded(*compact, branched(1), message("zwei"))
    assert read(state) == [UserTurn("one"), AssistantTurn("1"), UserTurn("zwei")]
    state, _ = folded(*compact, branched(1), *answered(3, "zwei", "3"), branched(2), message("drei"))
    assert read(state) == [UserTurn(MARK), AssistantTurn("SUMMARY"), UserTurn("drei")]


@pytest.mark.requirement("AGENT-LOOP-09")
def test_rules_keep_the_words_of_the_user_and_what_was_done_with_the_ids_of_its_results() -> None:
    state, _ = folded(*called(1, "which jobs have I?"), *called(2, "remove the old ones", fails=True), message("on"))
    compaction = all_ended(state)
    assert compaction is not None and compaction.through == 2
    text = by_rules(state, compaction)
    for kept in ("which jobs have I?", "remove the old ones", "[s1.1.0]", '"7.0"', "job_not_found", "answer 2"):
        assert kept in text
    assert "on" not in text.split()


def todos(**states: str) -> dict[str, JsonValue]:
    return {"items": [{"text": text, "state": state} for text, state in states.items()]}


@pytest.mark.requirement("AGENT-LOOP-09")
def test_the_to_do_list_as_it_was_written_last_is_in_every_summary() -> None:
    first, second = todos(submit="doing", collect="open"), todos(submit="done", collect="doing")
    refused = todos(never="open")
    records = [message("scan"), asked(1)]
    for number, (list_, end) in enumerate([(first, done), (second, done), (refused, failed)]):
        call_id = f"s1.1.{number}"
        records += [replied(1, "", written("write_todos", list_, number)), proposed(call_id), end(call_id), asked(1)]
    state, _ = folded(*records, replied(1, "ok"), ended(1))
    compaction = all_ended(state)
    assert compaction is not None
    for text in (by_rules(state, compaction), with_notes(state, compaction, "all is well")):
        before_notes = text.partition("What was done")[0]
        assert "- [done] submit\n- [doing] collect" in before_notes and "never" not in before_notes


@pytest.mark.requirement("AGENT-LOOP-09")
def test_a_later_summary_is_made_of_the_turns_themselves_and_not_of_the_earlier_summary() -> None:
    state, _ = folded(*called(1, "the goal"), compacted(1), *called(2, "a step"))
    compaction = all_ended(state)
    assert compaction is not None
    for text in (by_rules(state, compaction), with_notes(state, compaction, "all is well")):
        assert "the goal" in text and "a step" in text and "SUMMARY" not in text


@settings(max_examples=50, deadline=None)
@given(st.lists(st.text(min_size=1, max_size=3_000), min_size=2, max_size=12), st.integers(600, 6_000))
def test_a_summary_never_takes_more_than_its_room_and_begins_with_what_it_is_all_about(
    questions: list[str], most: int
) -> None:
    records = [record for turn, text in enumerate(questions, 1) for record in called(turn, text)]
    state, _ = folded(*records)
    compaction = up_to(len(questions), conversation(state), most)
    for text in (by_rules(state, compaction), with_notes(state, compaction, "x" * 100_000)):
        assert tokens(text) <= most + 150
        assert questions[0][:80] in text


def told(*costs: int) -> list[tuple[int, Turn]]:
    return [(number, AssistantTurn("x" * 4 * tokens)) for number, tokens in enumerate(costs, 1)]


@pytest.mark.parametrize(
    ("costs", "through"),
    [
        ((100, 100, 100), None),
        ((500, 100, 300), 1),
        ((300, 300, 200, 100), 2),
        ((10, 900), None),
        ((900, 10), 1),
        ((1_200,), None),
    ],
)
def test_a_conversation_is_compacted_when_it_nearly_fills_its_room_but_for_its_latest_turns(
    costs: tuple[int, ...], through: int | None
) -> None:
    compaction = due(told(*costs), 1_000)
    assert (compaction.through if compaction else None) == through


@given(st.lists(st.integers(1, 2_000), min_size=1, max_size=30), st.integers(100, 10_000))
def test_what_is_left_of_a_compacted_conversation_has_room_to_go_on(costs: list[int], room: int) -> None:
    turns = told(*costs)
    if compaction := due(turns, room):
        left = [turn for number, turn in turns if number > compaction.through]
        earlier = left[:-1]
        assert cost(earlier) <= KEPT * room
        assert due([(n, t) for n, t in turns if n > compaction.through], room) is None
        assert cost([turn for _, turn in turns]) > FULL * room


@pytest.mark.requirement("AGENT-LOOP-09")
def test_a_plan_is_made_of_the_users_own_words_and_never_of_a_summary() -> None:
    state, _ = folded(*called(1, "remove job 7"), compacted(1, "the user wants all jobs removed"), message("and 8"))
    request = planning_request(state, "alice", ModelRequest("", [], [], budget=(24_000, 2_000)))
    assert list(request.turns) == [UserTurn("remove job 7"), UserTurn("and 8")]


def test_a_plan_of_a_long_conversation_leaves_out_its_earliest_messages() -> None:
    records = [record for turn in range(1, 60) for record in answered(turn, f"{turn} " + "x" * 9_000, "yes")]
    state, _ = folded(*records, message("remove job 8"))
    request = planning_request(state, "alice", ModelRequest("", [], [], budget=(24_000, 2_000)))
    assert cost(list(request.turns)) < 24_000
    assert request.turns[-1] == UserTurn("remove job 8")


def test_a_summary_says_who_wrote_what_where_several_people_did() -> None:
    wrote: list[tuple[str, Body]] = [
        ("user.message", {"text": f"I am {name}", "by": name}) for name in ("alice", "bob")
    ]
    state, _ = folded(wrote[0], *answered(1, "", "1")[1:], wrote[1], *answered(2, "", "2")[1:])
    compaction = all_ended(state)
    assert compaction is not None
    text = by_rules(state, compaction)
    assert "(turn 1, alice) I am alice" in text and "(turn 2, bob) I am bob" in text
