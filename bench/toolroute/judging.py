"""Whether a reply makes the right call. What the asker leaves open (limits, reasons) is not compared."""

from __future__ import annotations

from dataclasses import dataclass

from pydantic import JsonValue, ValidationError

from bench.toolroute.prompts import ExpectedCall, Prompt
from manager.agent.model import ModelReply, RequestedCall
from mcp_tools.catalogue import Catalogue
from mcp_tools.spec import Risk

LEFT_OPEN = frozenset({"limit", "length", "reason", "timeout_s", "query"})
FILLED = ("query",)
"""Left open, and the tool insists on it."""


@dataclass(frozen=True)
class Verdict:
    """`tool`: the right one, or rightly none. `whole`: with the right arguments, too. `acted`: a call that changes
    something was made, and is not among the right ones."""

    tool: bool
    whole: bool
    acted: bool


def judge(prompt: Prompt, reply: ModelReply, tools: Catalogue) -> Verdict:
    """Of several calls of a reply all must be right."""
    if not reply.calls:
        return Verdict(prompt.nothing, prompt.nothing, acted=False)
    right_tools = {right.tool for right in prompt.right_calls}
    changing = {spec.name for spec in tools if spec.risk is not Risk.READ}
    whole = all(_is_right(prompt, call, tools) for call in reply.calls)
    changes = any(call.tool in changing for call in reply.calls)
    return Verdict(all(call.tool in right_tools for call in reply.calls), whole, acted=changes and not whole)


def _is_right(prompt: Prompt, call: RequestedCall, tools: Catalogue) -> bool:
    if call.arguments is None or not _has_words(prompt, dict(call.arguments)):
        return False
    made = ExpectedCall(tool=call.tool, arguments=dict(call.arguments))
    rights = [right for right in prompt.right_calls if right.tool == call.tool]
    return any(_compared(made, tools) == _compared(right, tools) for right in rights)


def _has_words(prompt: Prompt, arguments: dict[str, JsonValue]) -> bool:
    query = str(arguments.get("query", "")).lower()
    return all(any(word in query for word in words.split("|")) for words in prompt.query)


def _compared(call: ExpectedCall, tools: Catalogue) -> JsonValue:
    """The arguments with all defaults, without what is left open; None for those that the tool would refuse."""
    model = tools.get(call.tool).input
    filled = {name: "x" for name in FILLED if name in model.model_fields}
    try:
        parsed = model.model_validate({**filled, **call.arguments})
    except ValidationError:
        return None
    return parsed.model_dump(mode="json", exclude=set(LEFT_OPEN))
