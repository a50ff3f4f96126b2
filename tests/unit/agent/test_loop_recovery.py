"""The loop after a crash at any record: nothing is proposed twice and the turn ends as it would have ended."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import JsonValue

from manager.agent import loop
from tests.unit.agent.histories import (
    Body,
    World,
    asked,
    done,
    failed,
    folded,
    intended,
    message,
    proposed,
    replied,
    written,
)

CALL = "s1.1.0"
MAX_STEPS = 400


@pytest.mark.requirement("AGENT-LOOP-05")
def test_a_question_that_was_asked_and_not_answered_is_asked_again() -> None:
    state, _ = folded(message(), asked(1))
    assert loop.outstanding(state) == (loop.AskModel(turn=1, round=1),)


@pytest.mark.requirement("AGENT-LOOP-05")
def test_a_proposed_call_is_resumed_and_one_that_was_not_yet_proposed_is_proposed() -> None:
    state, _ = folded(message(), asked(1), replied(1, "", written(), written(number=1)), proposed(CALL))
    assert loop.outstanding(state) == (loop.ProposeCall("s1.1.1", "m1", "list_jobs", {}), loop.ResumeCall(CALL))


def test_a_question_that_stops_the_service_each_time_is_given_up() -> None:
    (end,) = loop.outstanding(folded(message(), asked(1), asked(1), asked(1))[0])
    assert isinstance(end, loop.EndTurn)
    assert (end.reason, "3 times" in end.detail) == ("failed", True)


def test_an_open_call_of_an_older_turn_is_still_resumed() -> None:
    stopped = ("turn.ended", {"turn": 1, "reason": "stopped", "detail": ""})
    begun = (message(), asked(1), replied(1, "", written()), proposed(CALL), intended(CALL))
    state, _ = folded(*begun, stopped, message("next"))
    assert loop.outstanding(state) == (loop.AskModel(turn=2, round=1), loop.ResumeCall(CALL))


def test_a_waiting_call_of_an_older_turn_is_withdrawn() -> None:
    stopped = ("turn.ended", {"turn": 1, "reason": "stopped", "detail": ""})
    state, _ = folded(message(), asked(1), replied(1, "", written()), proposed(CALL), stopped, message("next"))
    assert loop.WithdrawCall(CALL) in loop.outstanding(state)


def test_nothing_is_outstanding_when_everything_has_ended() -> None:
    ended = ("turn.ended", {"turn": 1, "reason": "answered", "detail": ""})
    assert loop.outstanding(folded(message(), asked(1), replied(1, "hi"), ended)[0]) == ()


Script = list[list[tuple[str, bool]]]
scripts = st.lists(
    st.lists(st.tuples(st.sampled_from(["good", "bad", "malformed"]), st.booleans()), max_size=10), max_size=14
)


def world_of(script: Script, choices: st.DataObject | None) -> World:
    """A world whose model and gate depend on nothing but where they are asked."""

    def answer(turn: int, number: int) -> tuple[str, Body]:
        calls = script[number - 1] if number <= len(script) else []
        return replied(turn, "" if calls else "done", *(_call(kind, place) for place, (kind, _) in enumerate(calls)))

    def end(call_id: str) -> list[tuple[str, Body]]:
        ends = [approved for calls in script for _, approved in calls]
        return [done(call_id, {"n": 1}) if ends[int(call_id.rsplit(".", 1)[1])] else failed(call_id)]

    def choose(count: int) -> int:
        return choices.draw(st.integers(0, count - 1)) if choices else 0

    return World(answer, end, choose)


def _call(kind: str, place: int) -> JsonValue:
    if kind == "malformed":
        return {"id": f"m{place}", "tool": "t", "arguments": None, "raw": "{"}
    return written("t", {"same": True} if kind == "bad" else {"place": place}, place)


def play(world: World, crashes: st.DataObject | None) -> None:
    """Until nothing is left to do. A crash loses everything but the ledger, at most twice per question to the model."""
    lives = 2
    for _ in range(MAX_STEPS):
        if not world.pending:
            return
        if crashes and lives and crashes.draw(st.integers(0, 3)) == 0:
            lives -= 1
            world.crash()
        world.step()
    raise AssertionError("the turn does not end")


@pytest.mark.requirement("AGENT-LOOP-05")
@settings(deadline=None)
@given(script=scripts, data=st.data())
def test_a_crash_at_any_record_proposes_nothing_twice_and_ends_the_same(script: Script, data: st.DataObject) -> None:
    smooth, bumpy = world_of(script, None), world_of(script, data)
    for world, crashes in ((smooth, None), (bumpy, data)):
        world.write(message())
        play(world, crashes)
    assert len(bumpy.proposals) == len(set(bumpy.proposals))
    assert bumpy.state == smooth.state
    assert folded(*bumpy.ledger)[0] == bumpy.state
    assert loop.outstanding(bumpy.state) == ()


@settings(deadline=None)
@given(script=scripts, data=st.data())
def test_a_stop_at_any_moment_leaves_nothing_open_but_what_is_running(script: Script, data: st.DataObject) -> None:
    world = world_of(script, data)
    world.write(message())
    for _ in range(data.draw(st.integers(0, 20))):
        if world.pending:
            world.step()
    for instruction in loop.stop(world.state):
        world.pending.insert(0, instruction)
    play(world, None)
    assert not world.state.running
    assert loop.outstanding(world.state) == ()
