"""Which found passages fit a question, and how they read.

The search finds whatever has one word of the question. Here a passage fits when it has most of its telling words, in
any form, so that the guide can say that it found nothing.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from pydantic import JsonValue

from knowledge_graph.words import telling_words, words
from manager.agent.guide.job_answers import Result, records
from manager.agent.guide.markdown import code, fence, plain
from manager.agent.guide.plan import Arguments
from manager.agent.guide.question import Language

SHOWN = 3
EXCERPT_CHARS = 1500
MOST = 0.6
"""The share of the telling words that a passage must have."""
_ENDING = re.compile(r"(?:ies|es|s|ed|ing|al)+$")


def fitting(results: Sequence[JsonValue], query: str) -> list[Result]:
    found = records(results[0].get("passages")) if results and isinstance(results[0], dict) else []
    asked = {_stem(word) for word in telling_words(query)}
    return [one for one in found if _fits(one, asked)]


def told(result: Result, arguments: Arguments, language: Language) -> str:
    found = fitting([dict(result)], str(arguments.get("query", "")))
    if not found:
        return language.say("The documentation has nothing that fits.", "文档里没有合适的内容。")
    return "\n\n".join([language.say("From the documentation:", "文档中的内容："), *map(_shown, found[:SHOWN])])


def _fits(passage: Result, asked: set[str]) -> bool:
    text = " ".join(str(passage.get(field, "")) for field in ("title", "path", "text"))
    has = asked & {_stem(word) for word in words(text)}
    return len(has) >= MOST * len(asked) > 0


def _stem(word: str) -> str:
    return _ENDING.sub("", word) if len(word) > 4 and word.isascii() else word


def _shown(passage: Result) -> str:
    title = plain(str(passage.get("title", "")).replace("`", ""))
    return f"**{title}** ({code(passage.get('path'))})\n\n{fence(str(passage.get('text', ''))[:EXCERPT_CHARS], 'text')}"
