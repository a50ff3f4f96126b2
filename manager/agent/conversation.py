"""The conversation as a model reads it: a derived view of the loop's state. The ledger keeps everything.

Every result comes with its source (the tool and the call) and with its time, so that a fact of an hour ago is not taken
for one of now; `ages` says how old they are when the model is asked. Apart, as what is told of a turn must be the same
in every later request: providers need not read again what they have read before. Pure: the time is given.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import cast

from pydantic import JsonValue

from manager.agent.age import age, time_of
from manager.agent.model import AssistantTurn, RequestedCall, ToolTurn, Turn, UserTurn
from manager.agent.state import Entry, LoopCall, LoopState, Message, Reply, Unanswered, authors

MOST_AGES = 20
Show = Callable[[JsonValue, str], str]
"""Writes a result, given the id of its call."""


def as_json(value: JsonValue, call_id: str = "") -> str:
    """The whole value."""
    return json.dumps(cast("object", value), ensure_ascii=False, separators=(",", ":"))


@dataclass(frozen=True)
class _Teller:
    show: Show
    named: bool

    def turns(self, entry: Entry) -> Iterator[Turn]:
        if isinstance(entry, Message):
            yield UserTurn(entry.text, entry.by if self.named else "", entry.quoted)
            return
        if isinstance(entry, Unanswered):
            yield AssistantTurn(f"[This was not answered: {entry.why}]")
            return
        calls = tuple(RequestedCall(call.model_call_id, call.tool, call.arguments, call.raw) for call in entry.calls)
        yield AssistantTurn(entry.text, calls)
        for call in entry.calls:
            yield self._tool_turn(call)

    def _tool_turn(self, call: LoopCall) -> ToolTurn:
        source = _source(call)
        if call.end is not None and call.end.error is None:
            shown = self.show(call.end.result, call.call_id)
            return ToolTurn(call.model_call_id, call.tool, shown, source=source)
        shown = self.show({"error": _error(call)}, call.call_id)
        return ToolTurn(call.model_call_id, call.tool, shown, is_error=True, source=source)


def conversation(state: LoopState, show: Show = as_json) -> tuple[tuple[int, Turn], ...]:
    """What no summary stands for, in order, with the numbers of the session's turns.

    Each call is followed by its result, as `show` writes it.
    """
    teller, covered = _Teller(show, len(authors(state)) > 1), state.covered
    entries = (entry for entry in state.entries if entry.turn > covered)
    return tuple((entry.turn, turn) for entry in entries for turn in teller.turns(entry))


def ages(state: LoopState, now: datetime) -> str:
    """What time it is, and how old the latest results are."""
    calls = (call for entry in state.entries if isinstance(entry, Reply) for call in entry.calls)
    told = [f"call {call.call_id} {age(at, now)}" for call in calls if (at := _at(call)) is not None]
    aged = f" Results are from: {', '.join(told[-MOST_AGES:])}." if told else ""
    return f"[It is {time_of(now)}.{aged}]"


def _source(call: LoopCall) -> str:
    named = f"source: {call.tool}, call {call.call_id}"
    at = _at(call)
    return f"{named}; as of {time_of(at)}" if at else named


def _at(call: LoopCall) -> datetime | None:
    """When its result was observed, where the tool says when, or when the call ended."""
    return _observed(call) or (call.end.at if call.end else None)


def _observed(call: LoopCall) -> datetime | None:
    result = call.end.result if call.end else None
    said = result.get("observed_at") if isinstance(result, dict) else None
    try:
        observed = datetime.fromisoformat(said) if isinstance(said, str) else None
    except ValueError:
        return None
    return observed if observed and observed.tzinfo else None


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
