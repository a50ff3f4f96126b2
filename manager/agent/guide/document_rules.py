"""Questions that the documentation and the skills answer; and any other question, which they may answer."""

from __future__ import annotations

import re
from collections.abc import Sequence

from pydantic import JsonValue

from manager.agent.guide import passages
from manager.agent.guide.glossary import in_english
from manager.agent.guide.introduction import not_understood
from manager.agent.guide.plan import Call, Calls, Step, call
from manager.agent.guide.question import FLAGS, Question, unquoted

MAX_QUERY = 400

_HOW_TO = r"\bhow (?:do|can|to|does|should|would)\b|如何|怎样|怎么(?!还|没|不|了|被|回事)"
_DOCUMENTS = (
    r"\bdocumentation\b|\b(?:search|find|look)\b.*\b(?:docs|documentation|manual|handbook)\b"
    r"|\b(?:described|documented|explained)\b|文档|手册|说明书|有(?:没有)?说明"
)
_DEFINITION = r"^[\s`]*(?:search|find|what is|what are|what does|搜索|查找|什么是)|是什么"
_QUERY_WORDS = (
    r"^[\s`]*(?:please )?(?:search|find|look up|look in|show|查找|搜索|查询|查)?\s*(?:in )?(?:the )?"
    r"(?:documentation|docs?|manual|handbook|文档|手册)?(?:里|中)?\s*(?:for|about|on|关于|:|:)?\s*"
)
_QUESTION = (
    r"\?\s*$|^\W*(?:what|which|who|whose|where|when|why|how|is|are|can|could|does|do|may|must|should)\b"
    r"|[吗呢]\W*$|什么|哪[些里个儿]|多少|怎么|怎样|如何|为何|是否|能否|谁"
)


def documents(question: Question) -> Step | None:
    return _search(question) if question.has(_HOW_TO) or question.has(_DOCUMENTS) else None


def definition(question: Question) -> Step | None:
    return _search(question) if question.has(_DEFINITION) else None


def any_question(question: Question) -> Step | None:
    """What no other rule knows may stand in the documentation."""
    return _search(question) if question.has(_QUESTION) else None


def own_skills(question: Question) -> Step | None:
    """Those of the user and of the project, or one of them by its level and name."""
    named = question.find(r"(?<![\w:])((?:user|project):[a-z0-9]+(?:-[a-z0-9]+)*)(?![\w-])")
    if named and question.has(r"\bskill\b|技能"):
        return call("own_skills", {"name": named.lower()})
    return call("own_skills", {}) if question.has(r"\bmy (?:own )?skills\b|我(?:自己)?的技能") else None


def skills(question: Question) -> Step | None:
    """Which there are, or one of them by its name."""
    named = question.find(
        r"\b(?:show|read|open|use)\s+(?:me\s+)?(?:the\s+)?skill\s+([a-z0-9-]+)|技能\s*([a-z0-9-]+)"
        r"|\b(?:show|read|open|use)\s+(?:me\s+)?(?:the\s+)?([a-z0-9-]+)\s+skill\b"
    )
    if named and named.lower() not in ("your", "my", "all", "computing"):
        return call("read_skill", {"name": named.lower()})
    return call("list_skills", {}) if question.has(r"\bskills?\b|技能") else None


def _search(question: Question) -> Calls:
    """The passages that fit; none in Chinese: those that fit the English terms; none either: it was not understood."""
    query = unquoted(re.sub(_QUERY_WORDS, "", question.text, count=1, flags=FLAGS)) or question.text
    english = in_english(query)
    nothing = not_understood(question)
    return _looking_for(query, _looking_for(english, nothing) if english else nothing)


def _looking_for(words: str, otherwise: Step) -> Calls:
    query = words[:MAX_QUERY]

    def judge(results: Sequence[JsonValue]) -> Step | None:
        return None if passages.fitting(results, query) else otherwise

    return Calls((Call("search_documentation", {"query": query}),), judge)
