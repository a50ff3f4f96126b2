"""A long conversation is made shorter before its model is asked: what is kept, what is void, what is played again."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Any

import pytest

from audit.erasing import Selection, erase
from audit.ledger import Event
from audit.personal import ERASED
from manager.agent.compaction import MARK
from manager.agent.context_budget import cost
from manager.agent.model import AssistantTurn, ModelReply, ModelRequest, ModelThrottled, ToolTurn, TrustClass, UserTurn
from manager.gate.approvals import ApprovalClosed, GrantAsked
from manager.gate.gate import Gate
from manager.replay import replay
from manager.sessions.compact_now import NothingToCompact, compact_now
from manager.sessions.service import SessionService, TurnRunning
from tests.unit.sessions.setting import ADMIN, ALICE, Setting, Step, calls, repeats_result, says
from tests.unit.sessions.test_contexts import Told

OF_BOB = calls("remove_jobs", owner="bob")
LONG = "about 6,600 tokens: " + "word " * 5_280
NOTES = "Notes: three jobs were looked at, 7.0 is held."


def gate_of(setting: Setting) -> Gate:
    assert setting.gate is not None
    return setting.gate


def with_model(*steps: Step, trust: TrustClass = TrustClass.SITE) -> Setting:
    setting = Setting(*steps)
    setting.model.trust = trust
    return setting


async def said(setting: Setting, service: SessionService, session_id: str, *messages: str) -> None:
    for text in messages:
        turn = (await service.get(ALICE, session_id)).turn + 1
        await service.post(ALICE, session_id, text)
        await setting.until(session_id, "turn.ended", lambda event, turn=turn: event.body["turn"] == turn)


async def opened(setting: Setting) -> tuple[SessionService, str]:
    service = await setting.start()
    return service, (await service.open(ALICE, "", None)).session_id


async def records(setting: Setting, session_id: str, kind: str) -> list[dict[str, Any]]:
    return [dict(event.body) for event in await events(setting, session_id) if event.kind == kind]


async def events(setting: Setting, session_id: str) -> Sequence[Event]:
    return await setting.ledger.read(f"session:{session_id}")


def out_of_reach(_: ModelRequest) -> ModelReply:
    raise ModelThrottled("come back later")


THREE = ("my goal is X. " + LONG, "second. " + LONG, "third. " + LONG)


@pytest.mark.requirement("AGENT-LOOP-09")
async def test_the_model_puts_the_earlier_turns_together_and_goes_on_with_them() -> None:
    setting = with_model(says("1"), says("2"), says(NOTES), says("3"))
    service, session_id = await opened(setting)
    await said(setting, service, session_id, *THREE)
    (compacted,) = await records(setting, session_id, "conversation.compacted")
    assert (compacted["through"], compacted["made_by"]) == (1, "model")
    assert compacted["before_tokens"] > 4 * compacted["after_tokens"]
    asked, answered = setting.model.requests[-2:]
    assert (asked.tools, [type(turn) for turn in asked.turns][-1]) == ((), UserTurn)
    mark, summary, *rest = answered.turns
    assert mark == UserTurn(MARK) and isinstance(summary, AssistantTurn)
    assert "my goal is X" in summary.text and NOTES in summary.text
    assert [turn.text[:6] for turn in rest if isinstance(turn, UserTurn)] == ["second", "third."]


@pytest.mark.requirement("AGENT-LOOP-09")
@pytest.mark.requirement("AUDIT-REPLAY-01")
async def test_a_compacted_conversation_is_played_again_byte_for_byte() -> None:
    setting = with_model(calls("remove_jobs"), repeats_result, says("2"), says(NOTES), says("3"), says("4"))
    setting.contexts = Told(*("wn1 is down\n" * 500,) * 5)
    service, session_id = await opened(setting)
    await said(setting, service, session_id, *THREE, "go on")
    catalogue = setting.catalogue
    assert catalogue is not None
    played = replay(await events(setting, session_id), lambda principal: catalogue.allowed(principal.scopes))
    assert (played.problems, played.identical) == ([], len(setting.model.requests))
    assert len(await records(setting, session_id, "conversation.compacted")) == 1


@pytest.mark.requirement("AGENT-LOOP-09")
@pytest.mark.parametrize("steps", [(out_of_reach,), (says("  "),)], ids=["throttled", "empty"])
async def test_where_the_model_says_nothing_rules_put_the_turns_together(steps: tuple[Step, ...]) -> None:
    setting = with_model(says("1"), says("2"), *steps, says("3"))
    service, session_id = await opened(setting)
    await said(setting, service, session_id, *THREE)
    (compacted,) = await records(setting, session_id, "conversation.compacted")
    assert compacted["made_by"] == "rules"
    assert "my goal is X" in compacted["text"] and "What was answered:\n- (turn 1) 1" in compacted["text"]
    assert (await records(setting, session_id, "turn.ended"))[-1]["reason"] == "answered"


@pytest.mark.requirement("AGENT-LOOP-05")
async def test_a_restart_while_the_turns_are_put_together_goes_on() -> None:
    setting = with_model(says("1"), says("2"), says("never heard"), says(NOTES), says("3"))
    service, session_id = await opened(setting)
    await said(setting, service, session_id, *THREE[:2])
    setting.model.hold = asyncio.Event()
    await service.post(ALICE, session_id, THREE[2])
    await setting.until(session_id, "model.sent", lambda event: event.body["asks"] == "summary")
    await service.close()
    setting.model.hold = None
    await setting.start()
    await setting.until(session_id, "turn.ended", lambda event: event.body["turn"] == 3)
    assert [body["made_by"] for body in await records(setting, session_id, "conversation.compacted")] == ["model"]


@pytest.mark.requirement("GATE-APPROVAL-13")
async def test_an_approval_does_not_outlive_a_compaction_that_comes_while_it_waits() -> None:
    setting = with_model(says("1"), OF_BOB, repeats_result)
    service, session_id = await opened(setting)
    await said(setting, service, session_id, "hello")
    await service.post(ALICE, session_id, "remove bob's job")
    asked = await setting.until(session_id, "approval.requested")
    await compact_now(service, ALICE, session_id)
    approval_id, digest = str(asked.body["approval_id"]), str(asked.body["digest"])
    with pytest.raises(ApprovalClosed):
        await gate_of(setting).desk.decide(approval_id, ADMIN, True, "", digest)
    await setting.until(session_id, "turn.ended", lambda event: event.body["turn"] == 2)
    (decided,) = await records(setting, session_id, "approval.decided")
    assert (decided["verdict"], setting.ran) == ("void", 0)
    told = setting.model.requests[-1].turns[-1]
    assert isinstance(told, ToolTurn) and "compacted after this was asked for" in told.content


@pytest.mark.requirement("GATE-APPROVAL-13")
async def test_a_grant_that_came_with_an_approval_does_not_outlive_a_compaction() -> None:
    setting = with_model(OF_BOB, says("done"), says("2"), says(NOTES), OF_BOB)
    service, session_id = await opened(setting)
    await service.post(ALICE, session_id, "remove bob's job. " + LONG)
    asked = await setting.until(session_id, "approval.requested")
    wide = GrantAsked(minutes=60, uses=10)
    approval_id, digest = str(asked.body["approval_id"]), str(asked.body["digest"])
    await gate_of(setting).desk.decide(approval_id, ADMIN, True, "", digest, wide)
    await setting.until(session_id, "turn.ended")
    await said(setting, service, session_id, LONG)
    assert len(gate_of(setting).grants.live()) == 1
    await service.post(ALICE, session_id, "once more. " + LONG)
    await setting.until(session_id, "approval.requested", lambda event: event.seq > asked.seq)
    assert (setting.ran, gate_of(setting).grants.live()) == (1, ())
    kinds = await setting.kinds(session_id)
    assert kinds.index("grant.revoked") < kinds.index("conversation.compacted")


@pytest.mark.requirement("GATE-LABEL-07")
async def test_labels_are_the_same_after_a_compaction() -> None:
    setting = with_model(calls("remove_jobs"), repeats_result)
    service, session_id = await opened(setting)
    await said(setting, service, session_id, "remove my job")
    before, view = await gate_of(setting).provenances.of(f"session:{session_id}"), await service.get(ALICE, session_id)
    await compact_now(service, ALICE, session_id)
    after = await gate_of(setting).provenances.of(f"session:{session_id}")
    assert after == before
    assert (await service.get(ALICE, session_id)).confidentiality == view.confidentiality


@pytest.mark.requirement("AGENT-LOOP-09")
async def test_the_built_in_guide_is_never_asked_to_put_turns_together() -> None:
    setting = with_model(*map(says, "123"), trust=TrustClass.BUILTIN)
    service, session_id = await opened(setting)
    await said(setting, service, session_id, *THREE)
    assert [body["asks"] for body in await records(setting, session_id, "model.sent")] == ["reply"] * 3
    assert [body["made_by"] for body in await records(setting, session_id, "conversation.compacted")] == ["rules"]


async def test_a_conversation_is_compacted_on_demand_once_and_not_while_the_model_writes() -> None:
    setting = with_model(says("1"), says("2"))
    service, session_id = await opened(setting)
    with pytest.raises(NothingToCompact):
        await compact_now(service, ALICE, session_id)
    await said(setting, service, session_id, "hello " + LONG)
    await compact_now(service, ALICE, session_id)
    with pytest.raises(NothingToCompact):
        await compact_now(service, ALICE, session_id)
    setting.model.hold = asyncio.Event()
    await service.post(ALICE, session_id, "go on")
    await setting.until(session_id, "model.sent", lambda event: event.body["turn"] == 2)
    with pytest.raises(TurnRunning):
        await compact_now(service, ALICE, session_id)
    setting.model.hold.set()
    await setting.until(session_id, "turn.ended", lambda event: event.body["turn"] == 2)
    assert cost(list(setting.model.requests[-1].turns)) < 1_000


async def test_what_is_erased_is_erased_from_the_summary_too() -> None:
    setting = with_model(calls("remove_jobs"), says("done"))
    service, session_id = await opened(setting)
    await said(setting, service, session_id, "remove my job")
    await compact_now(service, ALICE, session_id)
    await erase(setting.ledger, Selection(call_id=f"{session_id}.1.0"), by="admin", reason="asked for")
    (compacted,) = await records(setting, session_id, "conversation.compacted")
    assert compacted["text"] == ERASED
