"""What every `ChatModel` promises, checked on the offline guide and on the OpenAI adapter in each of its ways."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import pytest

from manager.agent.failover import FailoverModel
from manager.agent.model import (
    AssistantTurn,
    ChatModel,
    ModelReply,
    ModelRequest,
    OfferedTool,
    TextDelta,
    ToolTurn,
    TrustClass,
    Turn,
    UserTurn,
)
from manager.agent.offline_guide import OfflineGuide
from manager.agent.openai_model import OpenAIModel
from manager.agent.openai_settings import OpenAISettings, ToolCalling
from tests.doubles.openai_script import ScriptedCall, ScriptedReply
from tests.doubles.scripted_openai import ScriptedOpenAI

LIST_JOBS = OfferedTool("list_jobs", "List jobs.", {"type": "object", "properties": {}})
QUESTION = UserTurn("show me my running jobs")
NO_JOBS = '{"cluster":"dev","observed_at":"2026-01-01T00:00:00Z","jobs":[],"total":0,"counts":{}}'
ANSWER = "There are no such jobs."

NATIVE = (
    ScriptedReply(role="user", calls=(ScriptedCall(name="list_jobs", arguments={"states": ["RUNNING"]}),), times=None),
    ScriptedReply(role="tool", text=ANSWER, times=None),
)
CALL = '{"name": "list_jobs", "arguments": {"states": ["RUNNING"]}}'
IN_TEXT = (
    ScriptedReply(role="user", text=f"```json\n{CALL}\n```", times=None),
    ScriptedReply(role="tool", text=ANSWER, times=None),
)
BY_SCHEMA = (
    ScriptedReply(when="^show", text='{"tool": "list_jobs", "arguments": {"states": ["RUNNING"]}}', times=None),
    ScriptedReply(when="^Result of", text=f'{{"tool": "answer", "text": "{ANSWER}"}}', times=None),
)


@asynccontextmanager
async def openai(replies: tuple[ScriptedReply, ...], calling: ToolCalling) -> AsyncIterator[ChatModel]:
    async with ScriptedOpenAI(replies) as server:
        settings = OpenAISettings("scripted", server.base_url, "scripted-1", TrustClass.SITE, calling)
        model = OpenAIModel(settings, "a-key")
        yield model
        await model.aclose()


@asynccontextmanager
async def failover() -> AsyncIterator[ChatModel]:
    async with openai(NATIVE, ToolCalling.NATIVE) as first, openai(NATIVE, ToolCalling.NATIVE) as second:
        yield FailoverModel([first, second])


@asynccontextmanager
async def guide() -> AsyncIterator[ChatModel]:
    yield OfflineGuide()


WAYS: dict[str, Callable[[], object]] = {
    "guide": guide,
    "openai native": lambda: openai(NATIVE, ToolCalling.NATIVE),
    "openai tolerant": lambda: openai(IN_TEXT, ToolCalling.TOLERANT),
    "openai schema": lambda: openai(BY_SCHEMA, ToolCalling.JSON_SCHEMA),
    "failover": failover,
}


@pytest.fixture(params=list(WAYS))
async def model(request: pytest.FixtureRequest) -> AsyncIterator[ChatModel]:
    async with WAYS[request.param]() as opened:  # type: ignore[attr-defined]
        yield opened


def ask(*turns: Turn, tools: tuple[OfferedTool, ...] = (LIST_JOBS,)) -> ModelRequest:
    return ModelRequest("You are the agent of alice.", turns, tools, user="alice", clusters=("dev",))


async def whole(model: ChatModel, request: ModelRequest) -> tuple[list[str], ModelReply]:
    """The pieces of text and the reply, which must come last and once."""
    pieces = [piece async for piece in model.stream(request)]
    reply = pieces.pop()
    assert isinstance(reply, ModelReply)
    texts = [piece.text for piece in pieces if isinstance(piece, TextDelta)]
    assert len(texts) == len(pieces)
    return texts, reply


def test_it_has_a_name_and_a_trust_class(model: ChatModel) -> None:
    assert model.name
    assert model.trust in TrustClass


@pytest.mark.requirement("AGENT-PROVIDER-01")
@pytest.mark.requirement("AGENT-PROVIDER-06")
async def test_a_question_becomes_a_typed_call_of_an_offered_tool(model: ChatModel) -> None:
    _, reply = await whole(model, ask(QUESTION))
    (call,) = reply.calls
    assert call.id
    assert call.tool == "list_jobs"
    assert call.arguments is not None
    assert call.arguments["states"] == ["RUNNING"]


@pytest.mark.requirement("AGENT-PROVIDER-01")
async def test_a_result_becomes_an_answer_whose_pieces_are_its_text(model: ChatModel) -> None:
    _, asked = await whole(model, ask(QUESTION))
    result = ToolTurn(asked.calls[0].id, "list_jobs", NO_JOBS)
    texts, reply = await whole(model, ask(QUESTION, AssistantTurn(asked.text, asked.calls), result))
    assert reply.calls == ()
    assert "no such jobs" in reply.text
    assert "".join(texts) == reply.text


async def test_the_same_request_gives_the_same_reply(model: ChatModel) -> None:
    assert await whole(model, ask(QUESTION)) == await whole(model, ask(QUESTION))


async def test_a_reply_can_be_abandoned_in_the_middle(model: ChatModel) -> None:
    _, asked = await whole(model, ask(QUESTION))
    result = ToolTurn(asked.calls[0].id, "list_jobs", NO_JOBS)
    stream = model.stream(ask(QUESTION, AssistantTurn(asked.text, asked.calls), result))
    assert isinstance(await anext(stream), TextDelta)
    await stream.aclose()
    _, again = await whole(model, ask(QUESTION))
    assert again.calls
