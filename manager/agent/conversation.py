"""The conversation as a model reads it: a derived view of the loop's state. The ledger keeps everything."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import cast

from pydantic import JsonValue

from manager.agent.model import AssistantTurn, RequestedCall, ToolTurn, Turn, UserTurn
from manager.agent.state import LoopCall, LoopState, Message, Reply

Cut = Callable[[str], str]


def whole(text: str) -> str:
    """Cuts nothing."""
    return text


def conversation(state: LoopState, cut: Cut = whole) -> tuple[Turn, ...]:
    """All turns in order; every call is followed by its result. `cut` shortens the text of each result."""
    return tuple(turn for entry in state.entries for turn in _turns(entry, cut))


def _turns(entry: Message | Reply, cut: Cut) -> Iterator[Turn]:
    if isinstance(entry, Message):
        yield UserTurn(entry.text)
        return
    calls = tuple(RequestedCall(call.model_call_id, call.tool, call.arguments, call.raw) for call in entry.calls)
    yield AssistantTurn(entry.text, calls)
    for call in entry.calls:
        yield _tool_turn(call, cut)


def _tool_turn(call: LoopCall, cut: Cut) -> ToolTurn:
    if call.end is not None and call.end.error is None:
        return ToolTurn(call.model_call_id, call.tool, cut(_text(call.end.result)))
    return ToolTurn(call.model_call_id, call.tool, cut(_text({"error": _error(call)})), is_error=True)


def _error(call: LoopCall) -> dict[str, JsonValue]:
    """The error that the model reads, with the very words of the human who decided against the call."""
    if call.end is None:
        message = "the turn ended before this call did; its result is not known here"
        return {"code": "not_finished", "message": message, "retryable": False}
    error: dict[str, JsonValue] = {"code": call.end.error, "message": call.end.message, "retryable": call.end.retryable}
    if call.decided and call.decided.verdict == "rejected":
        error["rejected_by"] = call.decided.by
        error["reason"] = call.decided.reason
    return error


def _text(value: JsonValue) -> str:
    return json.dumps(cast("object", value), ensure_ascii=False, separators=(",", ":"))
