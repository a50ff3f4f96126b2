"""`make bench NAME=toolroute`: right tool and right arguments of the first call, for questions in English and Chinese.

The offline guide, beside a choice by words alone, over two halves of the prompts; rules were written with the tuned one
alone in sight. `ARGS="url=http://127.0.0.1:8080/v1 model=NAME"` asks a model there, too, in JSON-schema mode; by
default there is none, and the figures say so. `ARGS=misses` tells what the guide misses in the tuned half. The last
line is one JSON object.
"""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from bench.machine import machine
from bench.toolroute.judging import Verdict, judge
from bench.toolroute.prompts import Half, Prompt, load_prompts
from bench.toolroute.words import reply_by_words
from ink_core.identity.principal import USER_SCOPES, Principal
from manager.agent import loop
from manager.agent.assembler import Assembler
from manager.agent.model import ModelError, ModelReply, ModelRequest, TrustClass
from manager.agent.offline_guide import answer
from manager.agent.openai_model import OpenAIModel
from manager.agent.openai_settings import OpenAISettings, ToolCalling
from manager.agent.state import LoopLimits
from mcp_tools.catalogue import default_catalogue

CLUSTERS = ("dev", "slurm1")
NOW = datetime(2026, 1, 1, 12, tzinfo=UTC)
NO_MODEL = "none was named: ARGS='url=… model=…' asks one"
Reply = Callable[[ModelRequest], Awaitable[ModelReply]]


@dataclass(frozen=True)
class Judged:
    prompt: Prompt
    language: str
    reply: ModelReply
    verdict: Verdict


def main() -> None:
    given = {name: value for name, _, value in (word.partition("=") for word in sys.argv[1:])}
    prompts = load_prompts()
    guide = asyncio.run(ask_all(prompts, _guide))
    if "misses" in given:
        _tell_misses(guide)
    figures: dict[str, Any] = {"bench": "toolroute", "prompts": 2 * len(prompts), **shares("guide", guide)}
    figures |= shares("words", asyncio.run(ask_all(prompts, _words)))
    if "url" in given:
        figures |= shares("model", asyncio.run(ask_model(prompts, given["url"], given["model"])))
    figures |= {"model": given.get("model") or NO_MODEL, "machine": machine()}
    print(json.dumps(figures))


async def ask_all(prompts: Sequence[Prompt], reply: Reply) -> Sequence[Judged]:
    """Each prompt in both languages, each in a conversation of its own."""
    tools, judged = default_catalogue(), list[Judged]()
    for prompt in prompts:
        for language, text in (("en", prompt.en), ("zh", prompt.zh)):
            replied = await reply(request(text))
            judged.append(Judged(prompt, language, replied, judge(prompt, replied, tools)))
    return judged


def request(text: str) -> ModelRequest:
    """What a model would be sent for the first message of alice."""
    alice = Principal(username="alice", scopes=USER_SCOPES, is_admin=False, credential="bench")
    state, _ = loop.handle(loop.begin("toolroute", LoopLimits()), "user.message", {"text": text, "by": "alice"}, NOW)
    tools = default_catalogue().offered(USER_SCOPES)
    return Assembler(lambda principal: tools, lambda: CLUSTERS).request(state, alice, None, NOW)


def shares(name: str, judged: Sequence[Judged]) -> Mapping[str, float | int]:
    """Of each half, and of each language in it: the share with the right tool, and with right arguments as well."""
    found: dict[str, float | int] = {}
    for part, ones in _parts(judged):
        found[f"{name}_{part}_tool"] = round(sum(one.verdict.tool for one in ones) / len(ones), 3)
        found[f"{name}_{part}_whole"] = round(sum(one.verdict.whole for one in ones) / len(ones), 3)
    return {**found, f"{name}_acted_wrongly": sum(one.verdict.acted for one in judged)}


def _parts(judged: Sequence[Judged]) -> Iterator[tuple[str, Sequence[Judged]]]:
    for half in Half:
        of_half = [one for one in judged if one.prompt.half is half]
        yield half.value, of_half
        for language in ("en", "zh"):
            yield f"{half.value}_{language}", [one for one in of_half if one.language == language]


async def _guide(asked: ModelRequest) -> ModelReply:
    return answer(asked)


async def _words(asked: ModelRequest) -> ModelReply:
    return reply_by_words(asked)


async def ask_model(prompts: Sequence[Prompt], url: str, model: str) -> Sequence[Judged]:
    """In JSON-schema mode, at an OpenAI-compatible endpoint. A reply that does not come is a wrong one, and told."""
    named = OpenAISettings(model, url, model, TrustClass.SITE, ToolCalling.JSON_SCHEMA)
    chat = OpenAIModel(named, "")

    async def reply(asked: ModelRequest) -> ModelReply:
        try:
            return [piece async for piece in chat.stream(asked) if isinstance(piece, ModelReply)][-1]
        except ModelError as error:
            print(f"no reply: {error}", file=sys.stderr)
            return ModelReply(f"no reply: {error}", ())

    try:
        return await ask_all(prompts, reply)
    finally:
        await chat.aclose()


def _tell_misses(judged: Sequence[Judged]) -> None:
    for one in judged:
        if one.prompt.half is Half.TUNED and not one.verdict.whole:
            made = [(call.tool, call.raw) for call in one.reply.calls]
            print(f"{getattr(one.prompt, one.language)}\n    {made or one.reply.text.splitlines()[0]}", file=sys.stderr)


if __name__ == "__main__":
    main()
