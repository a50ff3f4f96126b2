"""Replies put together from chunks, as the various servers send them."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from manager.agent import schema_mode
from manager.agent.model import ModelRequest, ToolTurn, UserTurn
from manager.agent.openai_wire import MAX_CALLS, Chunk, ReplyBuilder, messages


def chunk(delta: dict[str, Any], finish: str | None = None) -> Chunk:
    return Chunk.model_validate({"choices": [{"index": 0, "delta": delta, "finish_reason": finish, "logprobs": None}]})


def calls(*deltas: dict[str, Any]) -> Chunk:
    return chunk({"tool_calls": list(deltas)})


def built(*chunks: Chunk, characters: int = 1000) -> ReplyBuilder:
    builder = ReplyBuilder(characters)
    for one in chunks:
        builder.feed(one)
    return builder


def test_calls_without_an_index_are_told_apart_by_their_ids() -> None:
    first = {"id": "a", "function": {"name": "one", "arguments": "{"}}
    more = {"function": {"arguments": "}"}}
    second = {"id": "b", "function": {"name": "two", "arguments": "{}"}}
    reply = built(calls(first), calls(more), calls(second)).reply()
    assert [(call.id, call.tool, call.raw) for call in reply.calls] == [("a", "one", "{}"), ("b", "two", "{}")]


def test_a_call_without_an_id_gets_one() -> None:
    reply = built(calls({"index": 0, "function": {"name": "one", "arguments": ""}})).reply()
    assert (reply.calls[0].id, reply.calls[0].arguments) == ("call_0", {})


@pytest.mark.parametrize("tokens", [-1, -(10**9), 10**30])
def test_a_count_that_nobody_can_have_counted_is_none_so_that_budgets_estimate_it(tokens: int) -> None:
    usage = Chunk.model_validate({"choices": [], "usage": {"prompt_tokens": tokens, "completion_tokens": tokens}})
    builder = built(chunk({"content": "hi"}, "stop"), usage)
    assert (builder.reply().prompt_tokens, builder.reply().completion_tokens) == (0, 0)


def test_a_usage_chunk_without_choices_counts_and_says_nothing() -> None:
    usage = Chunk.model_validate({"choices": [], "usage": {"prompt_tokens": 3, "completion_tokens": 4}})
    builder = built(chunk({"content": "hi"}, "stop"), usage)
    reply = builder.reply()
    assert (reply.text, reply.prompt_tokens, reply.completion_tokens, reply.finish) == ("hi", 3, 4, "stop")


def test_arguments_without_end_fill_a_reply() -> None:
    endless = calls({"index": 0, "id": "a", "function": {"name": "x", "arguments": "y" * 600}})
    assert not built(endless).full
    assert built(endless, endless).full


def test_calls_without_end_fill_a_reply_and_the_rest_is_left_out() -> None:
    many = [calls({"index": number, "function": {"name": "x"}}) for number in range(MAX_CALLS + 5)]
    builder = built(*many)
    assert builder.full
    assert len(builder.reply().calls) == MAX_CALLS


@pytest.mark.requirement("MODEL-CONTEXT-01")
def test_a_result_stands_under_its_source_however_the_model_calls_tools() -> None:
    result = ToolTurn("m0", "list_jobs", "{}", source="source: list_jobs, call s1.1.0; as of NOW, 3 s ago")
    (wire,) = messages("", [result])
    assert wire["content"] == "[source: list_jobs, call s1.1.0; as of NOW, 3 s ago]\n{}"
    (turn,) = schema_mode.as_text(ModelRequest("", [result], ())).turns
    assert turn == UserTurn("Result of list_jobs: [source: list_jobs, call s1.1.0; as of NOW, 3 s ago]\n{}")


@pytest.mark.parametrize(
    "wrong", [{}, {"choices": 5}, {"choices": [{"delta": {"content": 5}}]}, {"choices": [{}]}, "text", [1]]
)
def test_a_chunk_of_another_shape_is_refused(wrong: object) -> None:
    with pytest.raises(ValidationError):
        Chunk.model_validate(wrong)
