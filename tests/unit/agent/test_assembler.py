"""What a model is sent: within its budget, always the same, and only what the credential may use."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import JsonValue

from ink_core.identity.principal import USER_SCOPES, Principal, Scope
from manager.agent.assembler import GUIDE_BUDGET, Assembler
from manager.agent.context_budget import LEFT_OUT, ContextBudget, cost, fit, tokens
from manager.agent.model import AssistantTurn, RequestedCall, ToolTurn, Turn, UserTurn
from mcp_tools.catalogue import default_catalogue
from tests.unit.agent.histories import Body, asked, done, folded, message, proposed, replied, written

CATALOGUE = default_catalogue()
ALICE = Principal(username="alice", is_admin=False, scopes=USER_SCOPES, credential="test")
READER = ALICE.model_copy(update={"scopes": frozenset({Scope.JOBS_READ})})


def clusters() -> Sequence[str]:
    return ("dev", "slurm1")


def assembler(budget: ContextBudget | None = None) -> Assembler:
    return Assembler(lambda who: CATALOGUE.allowed(who.scopes), clusters, budget or ContextBudget())


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
    request = assembler().request(folded(message())[0], ALICE, "w7")
    for part in ("alice", "dev, slurm1 (default dev)", "w7"):
        assert part in request.system
    assert (request.user, request.clusters) == ("alice", ("dev", "slurm1"))


def test_only_tools_of_the_credential_are_offered() -> None:
    names = {tool.name for tool in assembler().request(folded(message())[0], READER, None).tools}
    assert "list_jobs" in names
    assert not names & {"submit_job", "remove_jobs", "write_file"}


@pytest.mark.requirement("MODEL-CONTEXT-01")
@pytest.mark.parametrize("total", [6_000, 8_000, 16_000])
def test_a_long_conversation_stays_within_the_budget_and_keeps_the_present_question(total: int) -> None:
    request = assembler(ContextBudget(total)).request(folded(*talk(40))[0], ALICE, None)
    fixed = tokens(request.system) + sum(
        tokens(f"{tool.name}{tool.description}{tool.parameters}") for tool in request.tools
    )
    assert cost(request.turns) + fixed <= total * 1.05
    assert UserTurn("question 40") in request.turns


def test_older_results_are_left_out_before_newer_ones() -> None:
    request = assembler(ContextBudget(6_000)).request(folded(*talk(5))[0], ALICE, None)
    left_out = [turn.content == LEFT_OUT for turn in request.turns if isinstance(turn, ToolTurn)]
    assert left_out == sorted(left_out, reverse=True)
    assert (left_out[0], left_out[-1]) == (True, False)


@pytest.mark.requirement("AGENT-LOOP-07")
def test_a_large_result_is_cut_and_says_so() -> None:
    rows: list[JsonValue] = [{"job_id": f"{number}.0", "command": "x" * 50} for number in range(2000)]
    begun = (message(), asked(1), replied(1, "", written()), proposed("s1.1.0"))
    state, _ = folded(*begun, done("s1.1.0", {"jobs": rows}))
    result = assembler().request(state, ALICE, None).turns[-1]
    assert isinstance(result, ToolTurn)
    assert tokens(result.content) <= 2_100
    assert "_cut" in result.content


def test_the_offline_guide_gets_its_results_whole() -> None:
    state, _ = folded(*talk(1, "y" * 50_000))
    result = assembler(GUIDE_BUDGET).request(state, ALICE, None).turns[-1]
    assert isinstance(result, ToolTurn)
    assert len(result.content) == 50_002


def test_the_same_state_gives_the_same_request() -> None:
    state, _ = folded(*talk(5))
    assert assembler().request(state, ALICE, None) == assembler().request(state, ALICE, None)


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
