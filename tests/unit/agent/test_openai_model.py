"""The OpenAI adapter against every way in which an endpoint goes wrong: a typed error, in time, after bounded tries."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace

import pytest

from manager.agent.breaker import Breaker
from manager.agent.model import (
    AssistantTurn,
    ModelError,
    ModelGarbage,
    ModelRefusedCredentials,
    ModelRejected,
    ModelReply,
    ModelRequest,
    ModelThrottled,
    ModelTimeout,
    ModelUnreachable,
    OfferedTool,
    RequestedCall,
    TextDelta,
    ToolTurn,
    TrustClass,
    UserTurn,
)
from manager.agent.openai_model import OpenAIModel
from manager.agent.openai_settings import Deadlines, OpenAISettings, Retries, ToolCalling
from tests.doubles.openai_script import Mode, ScriptedCall, ScriptedReply
from tests.doubles.scripted_openai import ScriptedOpenAI

KEY = "sk-very-secret-key"
REQUEST = ModelRequest("Be brief.", [UserTurn("hi")], [OfferedTool("list_jobs", "List jobs.", {"type": "object"})])
SETTINGS = OpenAISettings(
    name="tested",
    base_url="",
    model="scripted",
    trust=TrustClass.SITE,
    deadlines=Deadlines(connect_s=10, first_piece_s=20, between_s=20, total_s=60),
    retries=Retries(tries=3, first_s=0.01, longest_s=0.2),
)
TEXT = "abcdefghijklmnopqrstuvwxyz"


Served = tuple[OpenAIModel, ScriptedOpenAI]


def garbage(body: str) -> ScriptedReply:
    return ScriptedReply(mode="garbage", body=body, times=None)


@asynccontextmanager
async def served(*replies: ScriptedReply, settings: OpenAISettings = SETTINGS) -> AsyncIterator[Served]:
    async with ScriptedOpenAI(replies) as server:
        model = OpenAIModel(replace(settings, base_url=server.base_url), KEY)
        yield model, server
        await model.aclose()


async def reply_of(model: OpenAIModel, request: ModelRequest = REQUEST) -> ModelReply:
    pieces = [piece async for piece in model.stream(request)]
    assert isinstance(pieces[-1], ModelReply)
    return pieces[-1]


@pytest.mark.requirement("AGENT-PROVIDER-01")
async def test_text_comes_piece_by_piece_and_the_reply_counts_the_tokens() -> None:
    async with served(ScriptedReply(text=TEXT, piece=10)) as (model, _):
        pieces = [piece async for piece in model.stream(REQUEST)]
    assert [piece.text for piece in pieces if isinstance(piece, TextDelta)] == ["abcdefghij", "klmnopqrst", "uvwxyz"]
    assert pieces[-1] == ModelReply(TEXT, (), prompt_tokens=100, completion_tokens=7, model="tested")


@pytest.mark.requirement("AGENT-PROVIDER-01")
async def test_calls_that_are_split_over_many_pieces_are_put_together() -> None:
    calls = (ScriptedCall(name="list_jobs", arguments={"owner": "bob"}), ScriptedCall(name="list_jobs"))
    async with served(ScriptedReply(calls=calls, piece=2)) as (model, _):
        reply = await reply_of(model)
    assert [(call.tool, call.arguments) for call in reply.calls] == [("list_jobs", {"owner": "bob"}), ("list_jobs", {})]
    assert len({call.id for call in reply.calls}) == 2


@pytest.mark.requirement("AGENT-LOOP-06")
async def test_malformed_arguments_are_handed_on_as_they_were_written() -> None:
    async with served(ScriptedReply(calls=(ScriptedCall(name="list_jobs", arguments='{"owner": '),))) as (model, _):
        reply = await reply_of(model)
    assert (reply.calls[0].arguments, reply.calls[0].raw) == (None, '{"owner": ')


@pytest.mark.requirement("AGENT-PROVIDER-06")
async def test_a_call_in_fenced_text_is_understood_and_leaves_the_text() -> None:
    fenced = 'I look.\n```json\n{"name": "list_jobs", "arguments": {"owner": "bob"}}\n```'
    settings = replace(SETTINGS, tool_calling=ToolCalling.TOLERANT)
    async with served(ScriptedReply(text=fenced), settings=settings) as (model, _):
        reply = await reply_of(model)
    assert (reply.text, reply.calls[0].arguments) == ("I look.", {"owner": "bob"})


async def test_without_a_setting_a_quoted_call_is_never_taken_for_one() -> None:
    fenced = '```json\n{"name": "list_jobs", "arguments": {}}\n```'
    async with served(ScriptedReply(text=fenced)) as (model, _):
        assert (await reply_of(model)).calls == ()


FAILURES = [
    (ScriptedReply(mode="status", status=401, times=None), ModelRefusedCredentials, 1),
    (ScriptedReply(mode="status", status=403, times=None), ModelRefusedCredentials, 1),
    (ScriptedReply(mode="status", status=400, times=None), ModelRejected, 1),
    (ScriptedReply(mode="status", status=307, headers={"location": "/elsewhere"}, times=None), ModelRejected, 1),
    (ScriptedReply(mode="status", status=429, headers={"retry-after": "0"}, times=None), ModelThrottled, 3),
    (ScriptedReply(mode="status", status=429, headers={"retry-after": "900"}, times=None), ModelThrottled, 1),
    (ScriptedReply(mode="status", status=500, times=None), ModelUnreachable, 3),
    (garbage("<html>Welcome</html>"), ModelGarbage, 1),
    (garbage("data: nonsense\n\n"), ModelGarbage, 1),
    (garbage('data: "text"\n\n'), ModelGarbage, 1),
    (garbage('data: {"choices": 5}\n\n'), ModelGarbage, 1),
    (garbage('data: {"choices": [{"delta": {"content": 5}}]}\n\n'), ModelGarbage, 1),
    (garbage('data: {"error": {"message": "out of memory"}}\n\n'), ModelUnreachable, 3),
    (ScriptedReply(mode="broken_off", text=TEXT, times=None), ModelUnreachable, 1),
    (ScriptedReply(mode="no_finish", text=TEXT, times=None), ModelUnreachable, 1),
]


@pytest.mark.requirement("AGENT-PROVIDER-02")
@pytest.mark.parametrize(("reply", "expected", "requests"), FAILURES, ids=lambda value: getattr(value, "mode", None))
async def test_a_failing_endpoint_gives_a_typed_error_after_bounded_tries(
    reply: ScriptedReply, expected: type[ModelError], requests: int
) -> None:
    async with served(reply) as (model, server):
        with pytest.raises(expected, match="tested"):
            await reply_of(model)
        assert len(server.requests) == requests


@pytest.mark.requirement("AGENT-PROVIDER-02")
@pytest.mark.parametrize("mode", ["silent", "keepalive", "stall"])
async def test_a_silent_endpoint_is_given_up_at_its_deadline_and_not_asked_again(mode: Mode) -> None:
    settings = replace(SETTINGS, deadlines=Deadlines(connect_s=10, first_piece_s=0.3, between_s=0.3, total_s=60))
    async with served(ScriptedReply(mode=mode, text=TEXT, times=None), settings=settings) as (model, server):
        began = time.monotonic()
        with pytest.raises(ModelTimeout, match="tested"):
            await reply_of(model)
        assert time.monotonic() - began < 25
        assert len(server.requests) == 1


@pytest.mark.requirement("AGENT-PROVIDER-02")
async def test_a_port_where_nobody_listens_is_unreachable() -> None:
    model = OpenAIModel(replace(SETTINGS, base_url="http://127.0.0.1:9/v1"), KEY)
    with pytest.raises(ModelUnreachable):
        await reply_of(model)
    await model.aclose()


@pytest.mark.requirement("AGENT-PROVIDER-02")
async def test_a_passing_failure_is_tried_again_and_answered() -> None:
    failure = ScriptedReply(mode="status", status=503)
    async with served(failure, failure, ScriptedReply(text="here I am")) as (model, server):
        assert (await reply_of(model)).text == "here I am"
        assert len(server.requests) == 3


@pytest.mark.requirement("AGENT-LOOP-06")
async def test_a_model_that_never_ends_is_cut_at_a_length() -> None:
    settings = replace(SETTINGS, max_characters=2_000)
    async with served(ScriptedReply(mode="endless", text=TEXT), settings=settings) as (model, _):
        reply = await reply_of(model)
    assert reply.finish == "length"
    assert 2_000 <= len(reply.text) < 3_000


@pytest.mark.requirement("AGENT-LOOP-06")
async def test_a_model_that_never_ends_is_cut_at_its_deadline() -> None:
    settings = replace(SETTINGS, deadlines=replace(SETTINGS.deadlines, total_s=0.5), max_characters=10**9)
    async with served(ScriptedReply(mode="endless", text="x"), settings=settings) as (model, _):
        with pytest.raises(ModelTimeout):
            await reply_of(model)


async def test_more_bytes_than_any_reply_needs_are_not_read() -> None:
    body = "data: " + "x" * 200_000
    settings = replace(SETTINGS, max_bytes=50_000)
    async with served(ScriptedReply(mode="garbage", body=body), settings=settings) as (model, _):
        with pytest.raises(ModelGarbage, match="more than any reply"):
            await reply_of(model)


@pytest.mark.requirement("AGENT-PROVIDER-03")
async def test_the_key_is_sent_and_is_in_no_error_and_no_log(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    body = f'{{"error": {{"message": "no such key {KEY}"}}}}'
    async with served(ScriptedReply(mode="status", status=400, body=body)) as (model, server):
        with pytest.raises(ModelRejected) as caught:
            await reply_of(model)
    assert server.headers[0]["authorization"] == f"Bearer {KEY}"
    assert str(caught.value) == "tested rejected the request (HTTP 400): no such key ***"
    assert KEY not in caplog.text
    assert KEY not in repr(vars(model).get("_settings"))


@pytest.mark.requirement("AGENT-PROVIDER-07")
async def test_a_dead_endpoint_is_left_alone_after_some_failures() -> None:
    settings = replace(SETTINGS, retries=Retries(tries=1), breaker=Breaker(threshold=2, pause_s=60))
    async with served(ScriptedReply(mode="status", status=500, times=None), settings=settings) as (model, server):
        for _ in range(2):
            with pytest.raises(ModelUnreachable, match="HTTP 500"):
                await reply_of(model)
        with pytest.raises(ModelUnreachable, match="tried again in"):
            await reply_of(model)
        assert len(server.requests) == 2


@pytest.mark.requirement("AGENT-PROVIDER-07")
async def test_an_endpoint_that_came_back_is_used_again_after_the_pause() -> None:
    settings = replace(SETTINGS, retries=Retries(tries=1), breaker=Breaker(threshold=1, pause_s=0.05))
    failure = ScriptedReply(mode="status", status=500)
    async with served(failure, ScriptedReply(text="back"), settings=settings) as (model, _):
        with pytest.raises(ModelUnreachable):
            await reply_of(model)
        async with asyncio.timeout(100):
            while True:
                try:
                    reply = await reply_of(model)
                    break
                except ModelUnreachable:
                    await asyncio.sleep(0.01)
    assert reply.text == "back"


async def test_a_conversation_with_calls_is_sent_in_the_protocols_form() -> None:
    call = RequestedCall("c1", "list_jobs", {"owner": "bob"}, "{}")
    broken = RequestedCall("c2", "list jobs!", None, '{"owner"')
    turns = [
        UserTurn("one"),
        UserTurn("two"),
        AssistantTurn("", (call, broken)),
        ToolTurn("c1", "list_jobs", "[]"),
        ToolTurn("c2", "list jobs!", "{}", is_error=True),
    ]
    async with served(ScriptedReply(text="ok", times=None)) as (model, server):
        await reply_of(model, replace(REQUEST, turns=turns))
    sent = server.requests[0]["messages"]
    assert [message["role"] for message in sent] == ["system", "user", "assistant", "tool", "tool"]
    assert sent[1]["content"] == "one\n\ntwo"
    functions = [written["function"] for written in sent[2]["tool_calls"]]
    assert functions == [
        {"name": "list_jobs", "arguments": '{"owner": "bob"}'},
        {"name": "list_jobs_", "arguments": "{}"},
    ]


@pytest.mark.requirement("AGENT-PROVIDER-06")
async def test_schema_mode_sends_one_schema_of_all_tools_and_the_answer() -> None:
    settings = replace(SETTINGS, tool_calling=ToolCalling.JSON_SCHEMA)
    answer = ScriptedReply(text='{"tool": "answer", "text": "Good day."}')
    async with served(answer, settings=settings) as (model, server):
        reply = await reply_of(model)
    assert (reply.text, reply.calls) == ("Good day.", ())
    schema = server.requests[0]["response_format"]["json_schema"]["schema"]
    assert [choice["properties"]["tool"]["const"] for choice in schema["oneOf"]] == ["list_jobs", "answer"]
    assert "tools" not in server.requests[0]
    assert "list_jobs: List jobs." in server.requests[0]["messages"][0]["content"]
