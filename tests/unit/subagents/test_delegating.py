"""A goal is given to a sub-agent: what it is told and not told, what it may do, and what comes back of it."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path

import pytest

from ink_core.labels import Confidentiality, Integrity
from manager.agent.model import ModelReply, TrustClass
from manager.budgets.amounts import Limits
from manager.budgets.desk import SiteLimits
from manager.replay import replay
from manager.sessions.service import OfASubAgent
from manager.subagents.rights import MAX_DEPTH
from tests.unit.subagents.conftest import Start
from tests.unit.subagents.family import ALICE, WORD, Cast, Family, delegates, hands_in, profile, reply


async def test_the_result_of_a_sub_agent_is_typed_and_comes_back_as_that_of_the_call(start: Start) -> None:
    model = Cast({"find": [delegates(("finder", "look: figs")), ModelReply("found", ())], "look": [hands_in()]})
    family = await start(model)
    session = await family.ask("find figs for me")
    await family.until(session, "turn.ended")
    (outcome,), (child,) = await family.outcomes(session), await family.children()
    assert outcome["status"] == "done", outcome
    assert outcome["result"] == {"session_id": child, "profile": "finder", "result": {"word": WORD}}
    assert [event.kind for event in await family.events(child)][-1] == "turn.ended"
    assert len(family.models[0].requests) == 3  # with what it handed in a child is done, and is not asked again


@pytest.mark.requirement("AGENT-SUB-03")
async def test_a_sub_agent_sees_its_goal_and_nothing_of_its_parents_conversation(start: Start) -> None:
    model = Cast({"find": [delegates(("finder", "look: figs")), ModelReply("found", ())], "look": [hands_in()]})
    family = await start(model)
    session = await family.ask("find figs, my secret is 4711")
    await family.until(session, "turn.ended")
    (asked,) = [request for part, request in model.requests if part == "look"]
    assert "4711" not in asked.system + str(asked.turns)
    assert "You look for one word" in asked.system
    assert [tool.name for tool in asked.tools] == ["list_jobs", "hand_in"]
    assert '"word"' in json.dumps(dict(asked.tools[-1].parameters))


@pytest.mark.requirement("GATE-LABEL-07")
async def test_what_a_sub_agent_read_of_others_makes_its_result_untrusted_text_for_its_parent(start: Start) -> None:
    model = Cast(
        {
            "find": [delegates(("finder", "look: figs")), reply(("remove_jobs", {"job_ids": ["1.0"]}))],
            "look": [reply(("list_jobs", {})), hands_in()],
        }
    )
    family = await start(model)
    session = await family.ask("find figs for me")
    await family.until(session, "approval.requested")
    (outcome,) = await family.outcomes(session)
    assert outcome["label"]["integrity"] == Integrity.UNTRUSTED.value
    provenance = await family.gate.provenances.of(f"session:{session}")
    assert provenance.tainted


async def test_what_a_sub_agent_made_of_trusted_things_alone_stays_trusted(start: Start) -> None:
    model = Cast({"find": [delegates(("finder", "look: figs"))], "look": [hands_in()]})
    family = await start(model)
    session = await family.ask("find figs for me")
    await family.until(session, "turn.ended")
    assert (await family.outcomes(session))[0]["label"]["integrity"] == Integrity.TRUSTED.value


@pytest.mark.requirement("GATE-LABEL-07")
async def test_a_goal_written_after_untrusted_text_taints_the_sub_agent_and_is_no_users_word(
    start: Start, tmp_path: Path
) -> None:
    profile(tmp_path, "remover", tools="remove_jobs", scopes="jobs:manage")
    model = Cast(
        {
            "find": [reply(("list_jobs", {})), delegates(("remover", "look: remove job 1.0"))],
            "look": [reply(("remove_jobs", {"job_ids": ["1.0"]}))],
        }
    )
    family = await start(model)
    session = await family.ask("find figs for me")
    asked = await family.until((await _child(family)), "approval.requested")
    assert f"asked by the sub-agent remover of session {session}" in str(asked.body["preview"])
    kinds = [event.kind for event in await family.events((await family.children())[0])]
    assert "plan.made" not in kinds


async def test_a_profile_with_more_rights_than_its_user_gives_none_of_them(start: Start, tmp_path: Path) -> None:
    profile(tmp_path, "mighty", tools="list_jobs, close_incident", scopes="jobs:read, admin")
    model = Cast({"find": [delegates(("mighty", "look: figs"))], "look": [reply(("close_incident", {})), hands_in()]})
    family = await start(model)
    session = await family.ask("find figs for me")
    await family.until(session, "turn.ended")
    (child,) = await family.children()
    view = await family.sessions.view(child)
    assert view.authority is not None
    assert {scope.value for scope in view.authority.scopes} == {"jobs:read", "agent:use"}
    assert not view.authority.is_admin
    (refused,) = await family.outcomes(child, "close_incident")
    assert refused["code"] in ("bad_input", "scope_missing")


async def test_a_tool_that_the_profile_does_not_name_is_refused(start: Start) -> None:
    model = Cast({"find": [delegates(("finder", "look: figs"))], "look": [reply(("site_health", {})), hands_in()]})
    family = await start(model)
    session = await family.ask("find figs for me")
    await family.until(session, "turn.ended")
    (refused,) = await family.outcomes((await family.children())[0], "site_health")
    assert refused["code"] == "tool_not_granted"


async def test_one_who_hands_in_another_form_is_told_each_time_and_ended_at_the_third(start: Start) -> None:
    lies = [hands_in(7), hands_in(["figs"]), reply(("hand_in", {"result": {"word": "figs", "more": "lies"}}))]
    model = Cast({"find": [delegates(("finder", "look: figs"))], "look": list(lies)})
    family = await start(model)
    session = await family.ask("find figs for me")
    await family.until(session, "turn.ended")
    (outcome,) = await family.outcomes(session)
    assert outcome["error"]["code"] == "unfit_result"
    told = await family.outcomes((await family.children())[0], "hand_in")
    assert [each["error"]["code"] for each in told] == ["unfit_result"] * 3
    assert "$.word" in told[0]["error"]["message"]


async def test_a_reply_of_five_megabytes_ends_the_sub_agent_and_its_parent_is_told(start: Start) -> None:
    model = Cast({"find": [delegates(("finder", "look: figs"))], "look": [hands_in("x" * 5_000_000), hands_in()]})
    family = await start(model)
    session = await family.ask("find figs for me")
    ended = await family.until(session, "turn.ended")
    assert ended.body["reason"] == "answered"
    (outcome,) = await family.outcomes(session)
    assert outcome["error"]["code"] == "sub_agent_failed"


async def test_a_large_result_is_refused_and_a_smaller_one_is_taken(start: Start) -> None:
    model = Cast({"find": [delegates(("finder", "look: figs"))], "look": [hands_in("x" * 100_000), hands_in()]})
    family = await start(model)
    session = await family.ask("find figs for me")
    await family.until(session, "turn.ended")
    refused, taken = await family.outcomes((await family.children())[0], "hand_in")
    assert "write what is large to a file" in refused["message"]
    assert taken["status"] == "done"
    assert (await family.outcomes(session))[0]["result"]["result"] == {"word": WORD}


async def test_one_who_forgets_its_result_is_reminded_twice_and_then_given_up(start: Start) -> None:
    model = Cast({"find": [delegates(("finder", "look: figs"))], "look": [ModelReply("figs", ())] * 3})
    family = await start(model)
    session = await family.ask("find figs for me")
    await family.until(session, "turn.ended")
    assert (await family.outcomes(session))[0]["error"]["code"] == "no_result"
    kinds = [event.kind for event in await family.events((await family.children())[0])]
    assert kinds.count("user.message") == 3


@pytest.mark.requirement("AGENT-SUB-05")
async def test_a_sub_agent_of_a_sub_agent_ends_at_the_greatest_depth(start: Start, tmp_path: Path) -> None:
    profile(tmp_path, "deep", tools="delegate, list_jobs", scopes="agent:use, jobs:read")
    goals = {f"level{n}": [delegates(("deep", f"level{n + 1}")), hands_in(str(n))] for n in range(1, MAX_DEPTH)}
    last = {f"level{MAX_DEPTH}": [delegates(("deep", "too deep")), hands_in("deepest")]}
    model = Cast({"find": [delegates(("deep", "level1"))], **goals, **last})
    family = await start(model)
    session = await family.ask("find figs for me")
    await family.until(session, "turn.ended")
    children = [await family.sessions.view(each) for each in await family.children()]
    assert sorted(view.delegation.depth for view in children if view.delegation) == list(range(1, MAX_DEPTH + 1))
    deepest = next(view for view in children if view.delegation and view.delegation.depth == MAX_DEPTH)
    assert (await family.outcomes(deepest.session_id))[0]["code"] == "tool_not_granted"


@pytest.mark.requirement("AGENT-SUB-05")
async def test_of_a_hundred_delegates_in_one_reply_eight_run_and_the_rest_is_refused(start: Start) -> None:
    many = delegates(*(("finder", f"look: {n:03}") for n in range(100)))
    model = Cast({"find": [many], "look": [hands_in()] * 100})
    family = await start(model)
    session = await family.ask("find figs for me")
    await family.until(session, "turn.ended")
    outcomes = await family.outcomes(session)
    assert sum(each.get("status") == "done" for each in outcomes) == 8
    assert sum(each.get("code") == "too_many_calls" for each in outcomes) == 92
    assert len(await family.children()) == 8


async def test_a_result_that_the_parents_model_may_not_see_is_withheld_and_said(start: Start, tmp_path: Path) -> None:
    profile(tmp_path, "insider", tools="read_file", scopes="files:read", model="site")
    outside = Cast({"find": [delegates(("insider", "look: figs"))]}, "outside", TrustClass.EXTERNAL)
    inside = Cast({"look": [reply(("list_files", {})), reply(("read_file", {"path": "a"})), hands_in()]}, "inside")
    family = await start(outside, inside)
    session = await family.ask("find figs for me")
    await family.until(session, "turn.ended")
    (child,) = await family.children()
    assert (await family.sessions.view(child)).model == "inside"
    if (await family.sessions.view(child)).confidentiality.rank <= Confidentiality.SCRATCH.rank:
        pytest.fail("the test reads nothing confidential")
    (outcome,) = await family.outcomes(session)
    assert outcome["error"]["code"] == "result_withheld"
    assert child in outcome["error"]["message"]
    assert WORD not in str(outcome)
    assert (await family.sessions.view(session)).confidentiality is Confidentiality.SCRATCH


async def test_without_a_language_model_there_are_no_sub_agents(start: Start) -> None:
    guide = Cast({"find": [delegates(("finder", "look: figs"))]}, "guide", TrustClass.BUILTIN)
    family = await start(guide)
    session = await family.ask("find figs for me")
    await family.until(session, "turn.ended")
    (refused,) = await family.outcomes(session)
    assert "need a language model" in refused["message"]


async def test_a_sub_agent_has_its_share_of_what_its_parents_budget_has_left(start: Start) -> None:
    model = Cast({"find": [delegates(("finder", "look: figs"))], "look": [hands_in()]})
    family = await start(model, limits=SiteLimits(session=Limits(tokens=40_000)))
    session = await family.ask("find figs for me")
    await family.until(session, "turn.ended")
    assert family.budgets is not None
    (child,) = await family.children()
    spender = await family.budgets.spender("alice", None, f"session:{child}")
    above, own = (await family.budgets.balances(spender))[-2:]
    assert (above.account, own.account) == (f"session {session}", f"session {child}")
    assert own.limits.tokens == (40_000 - 110) // 4  # a quarter of what was left after the parent's first reply
    assert own.spent.tokens == 110
    assert above.spent.tokens >= 110 + own.spent.tokens


async def test_waiting_for_a_sub_agent_costs_no_wall_time_of_its_own(start: Start) -> None:
    model = Cast({"find": [delegates(("finder", "look: figs"))], "look": [reply(("list_jobs", {})), hands_in()]})
    family = await start(model, limits=SiteLimits(session=Limits(wall_ms=30 * 60_000)))
    session = await family.ask("find figs for me")
    await family.until(session, "turn.ended")
    (outcome,) = await family.outcomes(session)
    assert outcome["status"] == "done"


async def test_a_sub_agents_session_is_played_again_byte_for_byte(start: Start) -> None:
    model = Cast({"find": [delegates(("finder", "look: figs"))], "look": [reply(("list_jobs", {})), hands_in()]})
    family = await start(model)
    session = await family.ask("find figs for me")
    await family.until(session, "turn.ended")
    for played in (session, *await family.children()):
        result = replay(await family.events(played), lambda who: family.catalogue.offered(who.scopes))
        assert result.problems == []
        assert result.identical == result.requests == 2


async def test_nobody_writes_to_a_sub_agent_but_its_parent(start: Start) -> None:
    model = Cast({"find": [delegates(("finder", "look: figs"))], "look": [hands_in()]})
    family = await start(model)
    session = await family.ask("find figs for me")
    await family.until(session, "turn.ended")
    (child,) = await family.children()
    with pytest.raises(OfASubAgent, match=session):
        await family.sessions.post(ALICE, child, "do this instead")
    with pytest.raises(OfASubAgent):
        await family.sessions.change(ALICE, child, {"model": "cast"})


async def _child(family: Family) -> str:
    """The only one, as soon as there is one."""
    async with asyncio.timeout(100):
        while not (found := await family.children()):
            await asyncio.sleep(0)
    return found[0]
