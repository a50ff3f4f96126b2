"""What a model is sent: within its budget, always the same, and only what the credential may use."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import JsonValue

from ink_core.identity.principal import USER_SCOPES, Principal, Scope
from knowledge_graph.context.token_estimate import tokens
from manager.agent.assembler import GUIDE_BUDGET, Assembler
from manager.agent.context_budget import LEFT_OUT, ContextBudget, cost, fit
from manager.agent.model import AssistantTurn, RequestedCall, ToolTurn, Turn, UserTurn
from manager.gate.recorded import recordable
from mcp_tools.catalogue import default_catalogue
from tests.unit.agent.histories import Body, asked, done, folded, message, proposed, replied, written

CATALOGUE = default_catalogue()
ALICE = Principal(username="alice", is_admin=False, scopes=USER_SCOPES, credential="test")
NOW = datetime(2026, 1, 1, 12, tzinfo=UTC)
READER = ALICE.model_copy(update={"scopes": frozenset({Scope.JOBS_READ})})


def clusters() -> Sequence[str]:
    return ("dev", "slurm1")


def assembler(budget: ContextBudget | None = None) -> Assembler:
    return Assembler(lambda who: CATALOGUE.offered(who.scopes), clusters, budget or ContextBudget())


def talk(turns: int, result: str = "x" * 4000) -> list[tuple[str, Body]]:
    """A conversation with one call in each turn; the last turn is still open."""
    records: list[tuple[str, Body]] = []
    for turn in range(1, turns + 1):
        call = f"s1.{turn}.0"
        records += [message(f"question {turn}"), asked(turn), replied(turn, "", written()), proposed(call)]
        records += [done(call, result), asked(turn)]
        if turn < turns:
            records += [
                replied(turn, f"answer {turn}"),
                ("turn.ended", {"turn": turn, "reason": "answered", "detail": ""}),
            ]
    return records


def test_the_prompt_names_the_user_the_clusters_and_the_place() -> None:
    request = assembler().request(folded(message())[0], ALICE, "w7", NOW)
    for part in ("alice", "dev, slurm1 (default dev)", "w7"):
        assert part in request.system
    assert request.tail == "[It is 2026-01-01T12:00:00Z.]"
    assert (request.user, request.clusters) == ("alice", ("dev", "slurm1"))


def test_only_tools_of_the_credential_are_offered() -> None:
    names = {tool.name for tool in assembler().request(folded(message())[0], READER, None, NOW).tools}
    assert "list_jobs" in names
    assert not names & {"submit_job", "remove_jobs", "write_file"}


@pytest.mark.requirement("MODEL-CONTEXT-01")
@pytest.mark.parametrize("total", [6_000, 8_000, 16_000])
def test_a_long_conversation_stays_within_the_budget_and_keeps_the_present_question(total: int) -> None:
    request = assembler(ContextBudget(total)).request(folded(*talk(40))[0], ALICE, None, NOW)
    fixed = tokens(request.system) + sum(
        tokens(f"{tool.name}{tool.description}{tool.parameters}") for tool in request.tools
    )
    assert cost(request.turns) + fixed <= total * 1.05
    assert UserTurn("question 40") in request.turns


def test_older_results_are_left_out_before_newer_ones() -> None:
    request = assembler(ContextBudget(6_000)).request(folded(*talk(5))[0], ALICE, None, NOW)
    left_out = [turn.content == LEFT_OUT for turn in request.turns if isinstance(turn, ToolTurn)]
    assert left_out == sorted(left_out, reverse=True)
    assert (left_out[0], left_out[-1]) == (True, False)


@pytest.mark.requirement("AGENT-LOOP-07")
def test_a_large_result_is_cut_and_says_so() -> None:
    rows: list[JsonValue] = [{"job_id": f"{number}.0", "command": "x" * 50} for number in range(2000)]
    begun = (message(), asked(1), replied(1, "", written()), proposed("s1.1.0"))
    state, _ = folded(*begun, done("s1.1.0", {"jobs": rows}))
    result = assembler().request(state, ALICE, None, NOW).turns[-1]
    assert isinstance(result, ToolTurn)
    assert tokens(result.content) <= 2_100
    shown = json.loads(result.content)
    assert shown["_cut"] == [f"/jobs: the first {len(shown['jobs'])} of 2000"]
    assert "read_result with call_id s1.1.0" in shown["_rest"]


@pytest.mark.requirement("AGENT-LOOP-07")
def test_a_result_of_which_the_ledger_has_the_head_only_names_the_same_handle() -> None:
    whole: JsonValue = {"text": "x" * 200_000}
    begun = (message(), asked(1), replied(1, "", written()), proposed("s1.1.0"))
    state, _ = folded(*begun, done("s1.1.0", recordable(whole)))
    result = assembler().request(state, ALICE, None, NOW).turns[-1]
    assert isinstance(result, ToolTurn) and tokens(result.content) <= 2_100
    shown = json.loads(result.content)
    assert shown["head"].startswith('{"text":"xxx') and "of the 200011 of the result" in shown["_cut"][0]
    assert "read_result with call_id s1.1.0" in shown["_rest"]


@pytest.mark.requirement("MODEL-CONTEXT-01")
def test_a_result_that_is_left_out_keeps_its_source_and_its_handle() -> None:
    request = assembler(ContextBudget(6_000)).request(folded(*talk(5))[0], ALICE, None, NOW)
    left_out = [turn for turn in request.turns if isinstance(turn, ToolTurn) and turn.content == LEFT_OUT]
    assert left_out[0].source == "source: list_jobs, call s1.1.0"


def test_the_offline_guide_gets_its_results_whole() -> None:
    state, _ = folded(*talk(1, "y" * 50_000))
    result = assembler(GUIDE_BUDGET).request(state, ALICE, None, NOW).turns[-1]
    assert isinstance(result, ToolTurn)
    assert len(result.content) == 50_002


def test_the_same_state_gives_the_same_request() -> None:
    state, _ = folded(*talk(5))
    assert assembler().request(state, ALICE, None, NOW) == assembler().request(state, ALICE, None, NOW)


turns = st.lists(
    st.one_of(
        st.builds(UserTurn, st.text(max_size=400)),
        st.builds(
            lambda text, result: (
                AssistantTurn(text, (RequestedCall("m", "t", {}, "{}"),)),
                ToolTurn("m", "t", result),
            ),
            st.text(max_size=100),
            st.text(max_size=1000),
        ),
    ),
    max_size=12,
)


@pytest.mark.requirement("MODEL-CONTEXT-01")
@settings(deadline=None)
@given(history=turns, room=st.integers(300, 2_000))
def test_every_call_keeps_its_result_however_little_room_there_is(
    history: list[Turn | tuple[Turn, Turn]], room: int
) -> None:
    flat = [UserTurn("first"), *(turn for part in history for turn in (part if isinstance(part, tuple) else (part,)))]
    kept = fit(flat, room)
    calls = sum(len(turn.calls) for turn in kept if isinstance(turn, AssistantTurn))
    assert calls == sum(isinstance(turn, ToolTurn) for turn in kept)
    present = [turn for turn in flat if isinstance(turn, UserTurn)][-1]
    assert present in kept or any(isinstance(turn, UserTurn) and turn.text[:40] == present.text[:40] for turn in kept)
