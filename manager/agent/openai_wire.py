"""The chat-completions wire form: our request as messages and tools, and its streamed chunks as one reply.

What we do not use of a chunk is ignored; what we use and is of another shape is a `ValidationError`.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from pydantic import BaseModel, ConfigDict, JsonValue

from manager.agent.model import AssistantTurn, ModelReply, OfferedTool, RequestedCall, ToolTurn, Turn, UserTurn
from manager.agent.tolerant import json_object

Wire = dict[str, JsonValue]
MAX_CALLS = 64
MAX_TOKENS = 1_000_000_000
"""Of one request or reply; a count beyond it, or below nothing, is a fault of the provider's."""


class _Read(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True)


class FunctionDelta(_Read):
    name: str | None = None
    arguments: str | None = None


class CallDelta(_Read):
    index: int | None = None
    id: str | None = None
    function: FunctionDelta = FunctionDelta()


class Delta(_Read):
    content: str | None = None
    tool_calls: tuple[CallDelta, ...] | None = None


class Choice(_Read):
    delta: Delta
    finish_reason: str | None = None


class Usage(_Read):
    prompt_tokens: int = 0
    completion_tokens: int = 0


class Chunk(_Read):
    choices: tuple[Choice, ...]
    usage: Usage | None = None


def messages(system: str, turns: Sequence[Turn], tail: str = "") -> list[Wire]:
    """Messages in order. User turns that follow each other become one, since many chat templates allow no two.

    The tail stands below the last message, whoever's it is: all before it is the same in the next request.
    """
    wire: list[Wire] = [{"role": "system", "content": system}] if system else []
    for turn in turns:
        message = _message(turn)
        if wire and message["role"] == wire[-1]["role"] == "user":
            wire[-1] = {"role": "user", "content": f"{wire[-1]['content']}\n\n{message['content']}"}
        else:
            wire.append(message)
    if tail and wire:
        wire[-1] = {**wire[-1], "content": f"{wire[-1]['content'] or ''}\n\n{tail}"}
    return wire


def tools(offered: Sequence[OfferedTool]) -> list[Wire]:
    return [
        {
            "type": "function",
            "function": {"name": tool.name, "description": tool.description, "parameters": dict(tool.parameters)},
        }
        for tool in offered
    ]


def sourced(turn: ToolTurn) -> str:
    """A result under a line that says where it is from and of when."""
    return f"[{turn.source}]\n{turn.content}" if turn.source else turn.content


def _message(turn: Turn) -> Wire:
    match turn:
        case UserTurn(text, by, quoted):
            said = f"[{by} writes]\n{text}" if by else text
            return {"role": "user", "content": f"{said}\n\n{quoted}" if quoted else said}
        case ToolTurn():
            return {"role": "tool", "tool_call_id": turn.call_id, "content": sourced(turn)}
        case AssistantTurn(text, ()):
            return {"role": "assistant", "content": text}
        case AssistantTurn(text, calls):
            return {"role": "assistant", "content": text or None, "tool_calls": [_call(call) for call in calls]}


def _call(call: RequestedCall) -> Wire:
    """Servers parse what they are sent, so a malformed call goes back without arguments; its result says why."""
    name = re.sub(r"[^A-Za-z0-9_-]", "_", call.tool)[:64] or "unnamed"
    arguments = json.dumps(dict(call.arguments or {}), ensure_ascii=False)
    return {"id": call.id, "type": "function", "function": {"name": name, "arguments": arguments}}


@dataclass
class _CallParts:
    id: str = ""
    name: str = ""
    arguments: list[str] = field(default_factory=list[str])


class ReplyBuilder:
    """Puts one reply together from its chunks; `full` once it has grown beyond `max_characters` or `MAX_CALLS`."""

    def __init__(self, max_characters: int) -> None:
        self._left = max_characters
        self._text: list[str] = []
        self._calls: dict[int, _CallParts] = {}
        self._usage = Usage()
        self.seen = False
        self.finish: str | None = None

    @property
    def full(self) -> bool:
        return self._left <= 0 or len(self._calls) > MAX_CALLS

    def feed(self, chunk: Chunk) -> str:
        """Take a chunk in; returns the text it brought."""
        self.seen = self.seen or bool(chunk.choices)
        self._usage = chunk.usage or self._usage
        brought = "".join(self._choice(choice) for choice in chunk.choices)
        self._left -= len(brought)
        self._text.append(brought)
        return brought

    def reply(self) -> ModelReply:
        parts = [self._calls[place] for place in sorted(self._calls)][:MAX_CALLS]
        calls = tuple(_requested(part, place) for place, part in enumerate(parts))
        return ModelReply(
            text="".join(self._text),
            calls=calls,
            prompt_tokens=_counted(self._usage.prompt_tokens),
            completion_tokens=_counted(self._usage.completion_tokens),
            finish="length" if self.full else self.finish or "stop",
        )

    def _choice(self, choice: Choice) -> str:
        self.finish = choice.finish_reason or self.finish
        for delta in choice.delta.tool_calls or ():
            self._call(delta)
        return choice.delta.content or ""

    def _call(self, delta: CallDelta) -> None:
        parts = self._calls.setdefault(self._place(delta), _CallParts())
        parts.id = parts.id or delta.id or ""
        parts.name = parts.name or delta.function.name or ""
        parts.arguments.append(delta.function.arguments or "")
        self._left -= len(delta.function.arguments or "") + 1

    def _place(self, delta: CallDelta) -> int:
        """Its index; a server that gives none begins a new call with each new id."""
        if delta.index is not None:
            return delta.index
        last = max(self._calls, default=-1)
        is_new = last < 0 or (delta.id is not None and delta.id != self._calls[last].id)
        return last + 1 if is_new else last


def _counted(tokens: int) -> int:
    """0, which budgets take for no count, where nobody can have counted that."""
    return tokens if 0 <= tokens <= MAX_TOKENS else 0


def _requested(parts: _CallParts, place: int) -> RequestedCall:
    raw = "".join(parts.arguments)
    return RequestedCall(parts.id or f"call_{place}", parts.name, json_object(raw), raw)
