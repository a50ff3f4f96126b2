"""The conversation as a model reads it: a derived view of the loop's state. The ledger keeps everything."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import cast

from pydantic import JsonValue

from manager.agent.model import AssistantTurn, RequestedCall, ToolTurn, Turn, UserTurn
from manager.agent.state import LoopCall, LoopState, Message, Reply, Unanswered

Show = Callable[[JsonValue], str]


def as_json(value: JsonValue) -> str:
    """The whole value."""
    return json.dumps(cast("object", value), ensure_ascii=False, separators=(",", ":"))


def conversation(state: LoopState, show: Show = as_json) -> tuple[Turn, ...]:
    """All turns in order; every call is followed by its result, as `show` writes it."""
    return tuple(turn for entry in state.entries for turn in _turns(entry, show))


def _turns(entry: Message | Reply | Unanswered, show: Show) -> Iterator[Turn]:
    if isinstance(entry, Message):
        yield UserTurn(entry.text)
        return
    if isinstance(entry, Unanswered):
        yield AssistantTurn(f"[This was not answered: {entry.why}]")
        return
    calls = tuple(RequestedCall(call.model_call_id, call.tool, call.arguments, call.raw) for call in entry.calls)
    yield AssistantTurn(entry.text, calls)
    for call in entry.calls:
        yield _tool_turn(call, show)


def _tool_turn(call: LoopCall, show: Show) -> ToolTurn:
    if call.end is not None and call.end.error is None:
        return ToolTurn(call.model_call_id, call.tool, show(call.end.result))
    return ToolTurn(call.model_call_id, call.tool, show({"error": _error(call)}), is_error=True)


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
