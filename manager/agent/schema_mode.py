"""Driving a model that is weak at native tool calling: its whole reply is one JSON object that a schema enforces.

The schema is a `oneOf` of the offered tools with constant names, and of the answer in words. Small models keep to it
where they fail at `tools`. The price: a reply holds one call, and its text comes at the end.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace

from pydantic import JsonValue

from manager.agent.model import (
    AssistantTurn,
    ModelReply,
    ModelRequest,
    OfferedTool,
    RequestedCall,
    ToolTurn,
    Turn,
    UserTurn,
)
from manager.agent.openai_wire import sourced
from manager.agent.tolerant import find_calls, json_object

ANSWER = "answer"


def response_format(offered: Sequence[OfferedTool]) -> dict[str, JsonValue]:
    choices: list[JsonValue] = [_choice(tool.name, "arguments", _closed(tool.parameters)) for tool in offered]
    schema: JsonValue = {"oneOf": [*choices, _choice(ANSWER, "text", {"type": "string"})]}
    return {"type": "json_schema", "json_schema": {"name": "next_step", "schema": schema}}


def as_text(request: ModelRequest) -> ModelRequest:
    """The same request in words only: tools in the system prompt, calls and results as messages."""
    listed = "\n".join(
        f"- {tool.name}: {tool.description} Arguments: {json.dumps(dict(tool.parameters), ensure_ascii=False)}"
        for tool in request.tools
    )
    how = (
        'Reply with one JSON object and nothing else. To call a tool: {"tool": NAME, "arguments": {…}}. '
        f'To answer the user: {{"tool": "{ANSWER}", "text": "…"}}.'
    )
    turns = [_in_words(turn) for turn in request.turns]
    return replace(request, system=f"{request.system}\n\nTools:\n{listed}\n\n{how}", turns=turns, tools=())


def read_reply(reply: ModelReply, offered: Sequence[OfferedTool]) -> ModelReply:
    """The reply's object as an answer or a call. Text that is no such object is taken as the answer itself."""
    fields = json_object(reply.text)
    if fields and fields.get("tool") == ANSWER and isinstance(fields.get("text"), str):
        return replace(reply, text=str(fields["text"]))
    text, calls = find_calls(reply.text, {tool.name for tool in offered})
    return replace(reply, text=text, calls=calls)


def _closed(parameters: Mapping[str, JsonValue]) -> JsonValue:
    return {**parameters, "additionalProperties": False}


def _choice(name: str, payload: str, schema: JsonValue) -> JsonValue:
    return {
        "type": "object",
        "properties": {"tool": {"const": name}, payload: schema},
        "required": ["tool", payload],
        "additionalProperties": False,
    }


def _in_words(turn: Turn) -> Turn:
    match turn:
        case AssistantTurn(text, calls):
            said = [_object(call) for call in calls] or [json.dumps({"tool": ANSWER, "text": text}, ensure_ascii=False)]
            return AssistantTurn("\n".join(said))
        case ToolTurn():
            outcome = "Error" if turn.is_error else "Result"
            return UserTurn(f"{outcome} of {turn.tool}: {sourced(turn)}")
        case UserTurn():
            return turn


def _object(call: RequestedCall) -> str:
    return json.dumps({"tool": call.tool, "arguments": dict(call.arguments or {})}, ensure_ascii=False)
