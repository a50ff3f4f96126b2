"""A request stays within its tokens, whatever a model, a tool or a user made of the conversation."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from manager.agent.context_budget import STEPS, cost, fit
from manager.agent.model import AssistantTurn, RequestedCall, ToolTurn, Turn, UserTurn

FLOOR = 150
"""Tokens that a turn may cost when all of it was cut."""
SIZES = st.integers(0, 200_000)


def step(number: int, text: int, arguments: int, result: int) -> Iterator[Turn]:
    call = RequestedCall(f"m{number}", "run_command", {"script": "x" * arguments}, "x" * arguments)
    yield AssistantTurn("y" * text, (call,))
    yield ToolTurn(call.id, call.tool, "z" * result, source="source: run_command")


@settings(deadline=None, max_examples=60)
@given(st.lists(st.tuples(SIZES, SIZES, SIZES), max_size=12), SIZES, st.integers(4_000, 24_000))
def test_nothing_in_a_turn_makes_its_request_larger_than_the_room(
    steps: list[tuple[int, int, int]], message: int, room: int
) -> None:
    turns = [UserTurn("m" * message), *(turn for n, sizes in enumerate(steps) for turn in step(n, *sizes))]
    assert cost(fit(turns, room)) <= room + FLOOR


@pytest.mark.requirement("AGENT-LOOP-06")
def test_a_storm_of_calls_leaves_room_for_the_message_and_its_latest_step() -> None:
    storm = [UserTurn("count my jobs")]
    for round_ in range(12):
        calls = tuple(RequestedCall(f"m{round_}.{n}", "list_jobs", {}, "{}") for n in range(64))
        results = (ToolTurn(call.id, call.tool, "too many calls " * 20, is_error=True) for call in calls)
        storm += [AssistantTurn("", calls), *results]  # type: ignore[list-item]
    kept = fit(storm, 20_000)
    assert cost(kept) <= 20_000
    assert kept[:2] == [UserTurn("count my jobs"), AssistantTurn(STEPS)]
    assert isinstance(kept[-1], ToolTurn) and kept[-1].call_id == "m11.63"


def test_an_answer_of_400k_tokens_is_cut_before_it_is_read_again() -> None:
    kept = fit([UserTurn("tell me all"), AssistantTurn("word " * 320_000)], 20_000)
    assert cost(kept) <= 20_000
    assert isinstance(kept[-1], AssistantTurn) and "[cut:" in kept[-1].text
