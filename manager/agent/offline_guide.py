"""The built-in provider for a site without any model: rules that map common questions onto the same tools.

It says what it is, reaches no network, and gives the same reply to the same request. It keeps no state: the plan
of a question is made again each time and walked along the results that the conversation already holds.
"""

from __future__ import annotations

import json
from collections.abc import AsyncGenerator, Sequence
from dataclasses import dataclass

from pydantic import JsonValue

from manager.agent.guide.answers import render_error, render_result
from manager.agent.guide.plan import Call, Calls, Say, Step
from manager.agent.guide.question import Question
from manager.agent.guide.rules import plan
from manager.agent.model import (
    AssistantTurn,
    ModelReply,
    ModelRequest,
    RequestedCall,
    TextDelta,
    ToolTurn,
    TrustClass,
    UserTurn,
)

NAME = "offline guide"


@dataclass(frozen=True)
class _Round:
    """One reply of ours with calls, and what became of them."""

    calls: Sequence[RequestedCall]
    results: Sequence[ToolTurn]


class OfflineGuide:
    """`ChatModel` without a language model."""

    @property
    def name(self) -> str:
        return NAME

    @property
    def trust(self) -> TrustClass:
        return TrustClass.BUILTIN

    async def stream(self, request: ModelRequest) -> AsyncGenerator[TextDelta | ModelReply, None]:
        reply = answer(request)
        for line in reply.text.splitlines(keepends=True):
            yield TextDelta(line)
        yield reply


def answer(request: ModelRequest) -> ModelReply:
    """The whole reply to a request; pure."""
    question, rounds, is_first = _present_question(request)
    step: Step | None = plan(question)
    for done in rounds:
        step = _after(step, done) if isinstance(step, Calls) else None
    match step:
        case Calls():
            return _ask(step, request, question)
        case Say():
            return ModelReply(step.text, ())
        case None:
            return ModelReply(_told(rounds[-1], question, is_first), ())


def _after(step: Calls, done: _Round) -> Step | None:
    """The step after `step` has brought these results; None when they are the answer."""
    errors = [_error(result) for result in done.results if result.is_error]
    if errors:
        return step.if_not_found if any(error.get("code") == "job_not_found" for error in errors) else None
    return step.then([_content(result) for result in done.results]) if step.then else None


def _present_question(request: ModelRequest) -> tuple[Question, list[_Round], bool]:
    """The last message, the rounds since then, and whether it is the first of the conversation."""
    turns = list(request.turns)
    start = max((place for place, turn in enumerate(turns) if isinstance(turn, UserTurn)), default=None)
    if start is None:
        return Question.of("help", request.user, request.clusters), [], True
    since = turns[start + 1 :]
    rounds = [
        _round(turn.calls, since[place + 1 :]) for place, turn in enumerate(since) if isinstance(turn, AssistantTurn)
    ]
    message = turns[start]
    assert isinstance(message, UserTurn)
    is_first = not any(isinstance(turn, AssistantTurn) for turn in turns[:start])
    return Question.of(message.text, request.user, request.clusters), rounds, is_first


def _round(calls: Sequence[RequestedCall], later: Sequence[object]) -> _Round:
    results: list[ToolTurn] = []
    for turn in later:
        if not isinstance(turn, ToolTurn):
            break
        results.append(turn)
    return _Round(calls, results)


def _ask(step: Calls, request: ModelRequest, question: Question) -> ModelReply:
    offered = {tool.name for tool in request.tools}
    missing = [call.tool for call in step.calls if call.tool not in offered]
    if missing:
        return ModelReply(_not_offered(missing[0], question), ())
    first = sum(isinstance(turn, ToolTurn) for turn in request.turns)
    return ModelReply(
        "", tuple(_requested(call, first + place) for place, call in enumerate(step.calls)), finish="tool_calls"
    )


def _requested(call: Call, place: int) -> RequestedCall:
    return RequestedCall(f"guide_{place}", call.tool, call.arguments, json.dumps(call.arguments, ensure_ascii=False))


def _told(done: _Round, question: Question, is_first: bool) -> str:
    by_id = {call.id: call for call in done.calls}
    parts = [_told_one(by_id.get(result.call_id), result, question) for result in done.results]
    if is_first:
        parts.append(
            question.language.say(
                "*Answered by the offline guide: fixed rules, no language model. Say `help` for what it understands.*",
                "*由离线向导回答：只有固定规则，没有语言模型。说`帮助`可以看到它能听懂什么。*",
            )
        )
    return "\n\n".join(parts)


def _told_one(call: RequestedCall | None, result: ToolTurn, question: Question) -> str:
    if result.is_error:
        return render_error(result.tool, _error(result), question.language)
    return render_result(result.tool, (call.arguments if call else None) or {}, _content(result), question.language)


def _error(result: ToolTurn) -> dict[str, JsonValue]:
    content = _content(result)
    error = content.get("error") if isinstance(content, dict) else None
    return error if isinstance(error, dict) else {"message": result.content}


def _content(result: ToolTurn) -> JsonValue:
    """The result as data; the text itself where it was cut or is no JSON."""
    try:
        return json.loads(result.content)
    except ValueError:
        return result.content


def _not_offered(tool: str, question: Question) -> str:
    return question.language.say(
        f"I would use `{tool}` for that, but this session is not offered it. Your sign-in may lack the right scope, or "
        "the session only reads (plan mode).",
        f"这需要用 `{tool}`，但本会话没有提供这个工具。您的登录可能缺少相应的权限，或者会话处于只读的计划模式。",
    )
