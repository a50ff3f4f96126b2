"""The agent loop as a pure machine: user message → model → calls → gate → results → model → … → answer.

The events are the session's durable ledger records and nothing else, so folding them again after a crash gives the same
state, and `outstanding` says what was asked for and has not come back. No I/O, no clock.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from pydantic import JsonValue

from manager.agent.brief import HAND_IN
from manager.agent.records import read_record
from manager.agent.state import LoopCall, LoopLimits, LoopState, Reply, fold, latest_reply, replies_of_turn

EndReason = Literal["answered", "stopped", "failed", "limit"]
RAW_SHOWN = 200


@dataclass(frozen=True)
class AskModel:
    """Record `model.asked`, send the conversation to the model, record `model.replied` or `model.failed`."""

    turn: int
    round: int


@dataclass(frozen=True)
class ProposeCall:
    """Propose to the gate, under this call id."""

    call_id: str
    model_call_id: str
    tool: str
    arguments: Mapping[str, JsonValue]


@dataclass(frozen=True)
class RefuseCall:
    """Record the call as refused without asking the gate: there is nothing that could be run."""

    call_id: str
    model_call_id: str
    tool: str
    raw: str
    code: str
    message: str


@dataclass(frozen=True)
class ResumeCall:
    """After a restart: the gate knows this call and takes it up where it was."""

    call_id: str


@dataclass(frozen=True)
class WithdrawCall:
    """The turn is over: take this call back if it still waits for approval."""

    call_id: str


@dataclass(frozen=True)
class EndTurn:
    turn: int
    reason: EndReason
    detail: str = ""


Instruction = AskModel | ProposeCall | RefuseCall | ResumeCall | WithdrawCall | EndTurn


def begin(session_id: str, limits: LoopLimits | None = None) -> LoopState:
    """State of a session without any record."""
    return LoopState(session_id, limits or LoopLimits())


def handle(
    state: LoopState, kind: str, body: Mapping[str, JsonValue], at: datetime | None = None
) -> tuple[LoopState, tuple[Instruction, ...]]:
    """State after one durable record, written `at` that time, and what is to be done now because of it."""
    record = read_record(kind, body)
    if record is None:
        return state, ()
    after = fold(state, record, at)
    before_due = _due(state)
    return after, tuple(instruction for instruction in _due(after) if instruction not in before_due)


def outstanding(state: LoopState) -> tuple[Instruction, ...]:
    """Everything that is due in `state`, for a fresh process that has done none of it itself.

    What the ledger shows as proposed is resumed and never proposed again.
    """
    due = tuple(_unless_asked_too_often(state, instruction) for instruction in _due(state))
    proposed = tuple(call for call in _open_calls((*state.left, *state.entries)) if call.proposed)
    resumed = tuple(ResumeCall(call.call_id) for call in proposed)
    return (*due, *resumed, *(w for w in _withdrawals(state, proposed) if w not in due))


def stop(state: LoopState) -> tuple[Instruction, ...]:
    """A person wants the turn to end. Once `turn.ended` is durable, `handle` withdraws the calls that wait."""
    return (EndTurn(state.turn, "stopped", "stopped by the user"),) if state.running else ()


def _due(state: LoopState) -> tuple[Instruction, ...]:
    reply = latest_reply(state)
    if not state.running:
        return _withdrawals(state, reply.calls if reply else ())
    if state.over_budget:
        return ()
    if state.failure is not None:
        return (EndTurn(state.turn, "failed", state.failure),)
    if reply is None:
        return (AskModel(state.turn, 1),)
    if any(call.end is None for call in reply.calls):
        return tuple(_put_forward(state, reply, call) for call in reply.calls if not call.proposed and call.end is None)
    return (_next_step(state, reply),)


def _next_step(state: LoopState, reply: Reply) -> Instruction:
    """All calls of the latest reply have ended."""
    if any(call.tool == HAND_IN and call.end and call.end.error is None for call in reply.calls):
        return EndTurn(state.turn, "answered")
    if not reply.calls:
        if reply.text.strip():
            return EndTurn(state.turn, "answered")
        return EndTurn(state.turn, "failed", "the model sent an empty answer; ask again or put it differently")
    repeated = _repeated_failure(state)
    if repeated:
        times = state.limits.max_repeated_failures
        return EndTurn(state.turn, "limit", f"the model made the same failing call to {repeated} {times} times")
    if state.rounds >= state.limits.max_rounds:
        return EndTurn(
            state.turn, "limit", f"no answer after {state.rounds} rounds with the model; ask something smaller"
        )
    return AskModel(state.turn, state.rounds + 1)


def _put_forward(state: LoopState, reply: Reply, call: LoopCall) -> Instruction:
    if reply.calls.index(call) >= state.limits.max_calls_per_reply:
        message = f"at most {state.limits.max_calls_per_reply} calls are taken per reply; make this one in the next"
        return _refusal(call, "too_many_calls", message)
    if call.arguments is None:
        message = f"the arguments of {call.tool} are not a JSON object: {call.raw[:RAW_SHOWN]!r}; write the call again"
        return _refusal(call, "malformed_call", message)
    return ProposeCall(call.call_id, call.model_call_id, call.tool, call.arguments)


def _refusal(call: LoopCall, code: str, message: str) -> RefuseCall:
    return RefuseCall(call.call_id, call.model_call_id, call.tool, call.raw, code, message)


def _repeated_failure(state: LoopState) -> str | None:
    """Tool of a call that failed too often with the very same arguments in this turn."""
    failed = (call for reply in replies_of_turn(state) for call in reply.calls if call.end and call.end.error)
    counts = Counter((call.tool, _same_arguments(call)) for call in failed)
    return next((tool for (tool, _), n in counts.items() if n >= state.limits.max_repeated_failures), None)


def _same_arguments(call: LoopCall) -> str:
    return call.raw if call.arguments is None else json.dumps(call.arguments, sort_keys=True)


def _withdrawals(state: LoopState, calls: Iterable[LoopCall]) -> tuple[WithdrawCall, ...]:
    """Calls of ended turns that the gate knows and has not begun."""
    running = latest_reply(state) if state.running else None
    mine = running.calls if running else ()
    waiting = (call for call in calls if call.proposed and not call.intended and call.end is None and call not in mine)
    return tuple(WithdrawCall(call.call_id) for call in waiting)


def _open_calls(entries: Iterable[object]) -> Iterable[LoopCall]:
    return (call for entry in entries if isinstance(entry, Reply) for call in entry.calls if call.end is None)


def _unless_asked_too_often(state: LoopState, instruction: Instruction) -> Instruction:
    """A question that stops the service each time it is asked must not be asked for ever."""
    if isinstance(instruction, AskModel) and state.asks >= state.limits.max_asks:
        detail = f"the service stopped {state.asks} times while the model was asked; send the message again"
        return EndTurn(state.turn, "failed", detail)
    return instruction
