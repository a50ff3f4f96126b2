"""A model or a tool that runs wild: contained, explained to the user, on record, and the conversation goes on."""

from __future__ import annotations

import pytest

from audit.canonical import canonical_json
from knowledge_graph.context.token_estimate import tokens
from manager.agent.assembler import MODEL_BUDGET
from manager.agent.model import ModelReply, ModelRequest, RequestedCall, TrustClass
from manager.agent.request_record import request_bytes
from manager.agent.state import LoopLimits
from manager.gate.recorded import RECORDED_RESULT_BYTES
from manager.replay import replay
from mcp_tools.context import ToolContext
from mcp_tools.spec import ToolValue
from tests.unit.sessions.setting import ALICE, Nothing, Setting, calls, says

LIMITS = LoopLimits()
PAGES = 400_000 * 4


class Pages(ToolValue):
    text: str


class Wordy(Setting):
    """Its tool says 400,000 tokens."""

    output = Pages

    async def _run(self, context: ToolContext, asked: Nothing) -> ToolValue:
        self.ran += 1
        return Pages(text="word " * (PAGES // 5))


def storm(_: ModelRequest) -> ModelReply:
    return ModelReply("", tuple(RequestedCall(f"m{n}", "remove_jobs", {}, "{}") for n in range(64)))


def size(request: ModelRequest) -> int:
    return tokens(request_bytes(request).decode())


async def played(setting: Setting, *messages: str) -> str:
    setting.model.trust = TrustClass.SITE
    service = await setting.start()
    session_id = (await service.open(ALICE, "", None)).session_id
    for turn, text in enumerate(messages, 1):
        await service.post(ALICE, session_id, text)
        await setting.until(session_id, "turn.ended", lambda event, turn=turn: event.body["turn"] == turn)
    assert setting.gate is not None and setting.gate.book.open_calls() == ()
    return session_id


async def assert_replayed(setting: Setting, session_id: str) -> None:
    catalogue = setting.catalogue
    assert catalogue is not None
    events = await setting.ledger.read(f"session:{session_id}")
    result = replay(events, lambda principal: catalogue.allowed(principal.scopes))
    assert (result.problems, result.identical) == ([], len(setting.model.requests))


@pytest.mark.requirement("AGENT-LOOP-06")
async def test_a_model_that_calls_for_ever_is_ended_and_says_why_and_the_next_message_is_answered() -> None:
    setting = Setting(*[calls("remove_jobs")] * LIMITS.max_rounds, says("here I am"))
    session_id = await played(setting, "go", "are you there?")
    first, second = [
        event.body for event in await setting.ledger.read(f"session:{session_id}") if event.kind == "turn.ended"
    ]
    assert (first["reason"], second["reason"], setting.ran) == ("limit", "answered", LIMITS.max_rounds)
    assert "ask something smaller" in str(first["detail"])
    await assert_replayed(setting, session_id)


@pytest.mark.requirement("AGENT-LOOP-06")
async def test_of_a_storm_of_calls_a_few_run_and_each_other_one_is_told_why_not() -> None:
    setting = Setting(storm, says("here I am"))
    session_id = await played(setting, "go", "are you there?")
    events = await setting.ledger.read(f"session:{session_id}")
    refused = [event.body["code"] for event in events if event.kind == "call.refused"]
    assert (setting.ran, refused) == (8, ["too_many_calls"] * 56)
    assert [event.body["reason"] for event in events if event.kind == "turn.ended"] == ["limit", "answered"]
    assert all(size(request) < MODEL_BUDGET.total_tokens for request in setting.model.requests)
    await assert_replayed(setting, session_id)


@pytest.mark.requirement("AGENT-LOOP-07")
async def test_a_result_of_400k_tokens_is_cut_for_the_model_and_for_the_ledger_with_a_handle() -> None:
    setting = Wordy(calls("remove_jobs"), says("long"), calls("remove_jobs"), says("again"))
    session_id = await played(setting, "go", "and again")
    events = await setting.ledger.read(f"session:{session_id}")
    assert all(size(request) < MODEL_BUDGET.total_tokens for request in setting.model.requests)
    assert "read_result" in request_bytes(setting.model.requests[1]).decode()
    assert max(len(canonical_json(event.body)) for event in events) < 2 * RECORDED_RESULT_BYTES
    await assert_replayed(setting, session_id)


async def test_an_answer_of_400k_tokens_does_not_fill_the_next_request() -> None:
    setting = Setting(says("w" * PAGES), says("notes"), says("short"))
    session_id = await played(setting, "tell me all", "shorter")
    assert all(size(request) < MODEL_BUDGET.total_tokens for request in setting.model.requests)
    assert "conversation.compacted" in await setting.kinds(session_id)
    await assert_replayed(setting, session_id)
