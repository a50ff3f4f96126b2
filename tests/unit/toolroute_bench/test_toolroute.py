"""What the tool-routing benchmark counts, and that its prompts can be answered at all."""

from __future__ import annotations

import asyncio
import json

import pytest
from pydantic import JsonValue

from bench.toolroute.__main__ import ask_all, ask_model, request, shares
from bench.toolroute.judging import Verdict, judge
from bench.toolroute.prompts import Half, Prompt, load_prompts
from ink_core.identity.principal import USER_SCOPES
from manager.agent.model import ModelReply, ModelRequest, RequestedCall
from manager.agent.offline_guide import answer
from mcp_tools.catalogue import default_catalogue
from tests.doubles.openai_script import ScriptedReply
from tests.doubles.scripted_openai import ScriptedOpenAI

TOOLS = default_catalogue()
SUBMIT = Prompt.model_validate(
    {"en": "submit a.sh", "zh": "提交 a.sh", "call": {"tool": "submit_job", "arguments": {"script": "a.sh"}}}
)


def called(tool: str, **arguments: JsonValue) -> ModelReply:
    return ModelReply("", (RequestedCall("1", tool, arguments, ""),))


def test_there_are_prompts_enough_in_two_halves_that_are_about_equal() -> None:
    prompts = load_prompts()
    held_out = sum(prompt.half is Half.HELD_OUT for prompt in prompts)
    assert 2 * len(prompts) >= 60
    assert 0.4 <= held_out / len(prompts) <= 0.6


@pytest.mark.parametrize("prompt", load_prompts(), ids=lambda prompt: prompt.en)
def test_each_right_call_is_one_that_its_tool_takes(prompt: Prompt) -> None:
    for right in prompt.right_calls:
        words: dict[str, JsonValue] = {"query": "|".join(prompt.query)} if prompt.query else {}
        reply = called(right.tool, **right.arguments, **words)
        assert judge(prompt, reply, TOOLS) == Verdict(tool=True, whole=True, acted=False)


@pytest.mark.parametrize(
    ("reply", "verdict"),
    [
        (called("submit_job", script="a.sh", cpus=1), Verdict(tool=True, whole=True, acted=False)),
        (called("submit_job", script="b.sh"), Verdict(tool=True, whole=False, acted=True)),
        (called("submit_job", script="a.sh", colour="red"), Verdict(tool=True, whole=False, acted=True)),
        (called("list_jobs"), Verdict(tool=False, whole=False, acted=False)),
        (called("no_such_tool"), Verdict(tool=False, whole=False, acted=False)),
        (ModelReply("I cannot.", ()), Verdict(tool=False, whole=False, acted=False)),
    ],
)
def test_tool_and_arguments_are_judged_apart_and_wrong_deeds_are_counted(reply: ModelReply, verdict: Verdict) -> None:
    assert judge(SUBMIT, reply, TOOLS) == verdict


def test_a_search_needs_the_words_of_the_question() -> None:
    prompt = Prompt.model_validate(
        {"en": "x", "zh": "y", "call": {"tool": "search_documentation"}, "query": ["令牌|token"]}
    )
    assert judge(prompt, called("search_documentation", query="get a Token"), TOOLS).whole
    assert not judge(prompt, called("search_documentation", query="something"), TOOLS).whole


def test_no_call_is_right_where_nothing_is_asked_for() -> None:
    prompt = Prompt.model_validate({"en": "thanks", "zh": "谢谢", "nothing": True})
    assert judge(prompt, ModelReply("You are welcome.", ()), TOOLS).whole
    assert not judge(prompt, called("list_jobs"), TOOLS).whole


def test_a_prompt_that_asks_for_a_call_and_for_nothing_is_refused() -> None:
    with pytest.raises(ValueError, match="needs a call, or nothing"):
        Prompt.model_validate({"en": "x", "zh": "y"})


def test_the_guide_takes_the_right_way_in_most_of_the_tuned_half() -> None:
    async def guide(asked: ModelRequest) -> ModelReply:
        return answer(asked)

    found = shares("guide", asyncio.run(ask_all(load_prompts(), guide)))
    assert found["guide_tuned_whole"] >= 0.9
    assert found["guide_held_out_whole"] >= 0.6


def test_the_model_is_asked_as_in_a_session_of_the_product() -> None:
    asked = request("show my jobs")
    assert {tool.name for tool in asked.tools} == {spec.name for spec in TOOLS.offered(USER_SCOPES)}
    assert (asked.user, asked.clusters) == ("alice", ("dev", "slurm1"))


async def test_a_model_is_asked_in_json_schema_mode_and_judged_as_the_guide_is() -> None:
    right = json.dumps({"tool": "submit_job", "arguments": {"script": "a.sh"}})
    async with ScriptedOpenAI([ScriptedReply(text=right), ScriptedReply(mode="garbage", times=None)]) as server:
        asked = await ask_model([SUBMIT], server.base_url, "small")
        formats = [one["response_format"]["type"] for one in server.requests]
    assert [one.verdict.whole for one in asked] == [True, False]
    assert set(formats) == {"json_schema"}
