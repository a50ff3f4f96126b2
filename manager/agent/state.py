"""The state of one conversation: a fold over its ledger records and nothing else. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from pydantic import JsonValue

from manager.agent.paths import BEGINNING, Paths
from manager.agent.quotes import as_told
from manager.agent.records import (
    ApprovalDecided,
    Branched,
    BudgetAsked,
    BudgetRaised,
    CallIntent,
    CallOutcome,
    CallProposed,
    CallRecord,
    CallRefused,
    Compacted,
    LoopRecord,
    ModelAsked,
    ModelFailed,
    ModelReplied,
    PlanModeSwitched,
    TurnEnded,
    TurnRecord,
    UserMessage,
)


@dataclass(frozen=True)
class LoopLimits:
    """Caps of one turn. `max_asks`: how often one question to the model may be repeated by restarts."""

    max_rounds: int = 12
    max_calls_per_reply: int = 8
    max_repeated_failures: int = 3
    max_asks: int = 3


@dataclass(frozen=True)
class CallEnd:
    """How a call ended, and when: its result, or an error with a stable code."""

    result: JsonValue = None
    error: str | None = None
    message: str = ""
    retryable: bool = False
    at: datetime | None = None


@dataclass(frozen=True)
class LoopCall:
    """A call of the model. `decided` is what a human (or the expiry) said of it, with the reason."""

    call_id: str
    model_call_id: str
    tool: str
    arguments: Mapping[str, JsonValue] | None
    raw: str
    proposed: bool = False
    intended: bool = False
    decided: ApprovalDecided | None = None
    end: CallEnd | None = None


@dataclass(frozen=True)
class Message:
    """`quoted` is what its author sent along, as a model is told it."""

    turn: int
    text: str
    by: str = ""
    quoted: str = ""


@dataclass(frozen=True)
class Reply:
    turn: int
    text: str
    calls: tuple[LoopCall, ...]


@dataclass(frozen=True)
class Unanswered:
    """A turn that ended without an answer, and why."""

    turn: int
    why: str


Entry = Message | Reply | Unanswered


@dataclass(frozen=True)
class LoopState:
    """`entries` are those of the present path, `left` those of turns that are off it.

    `summaries`: by the last turn that each stands for, from the first turn of its path on.
    `rounds`: replies of the running turn; `asks`: how often the present question was asked.
    `over_budget`: the question is not asked before somebody has raised the budget. `plan_mode`: it may only look.
    """

    session_id: str
    limits: LoopLimits = LoopLimits()
    entries: tuple[Entry, ...] = ()
    left: tuple[Entry, ...] = ()
    paths: Paths = field(default_factory=Paths)
    summaries: Mapping[int, str] = field(default_factory=dict[int, str])
    turn: int = 0
    running: bool = False
    rounds: int = 0
    asks: int = 0
    failure: str | None = None
    over_budget: bool = False
    plan_mode: bool = False

    @property
    def covered(self) -> int:
        """The last turn of the path that a summary stands for; 0 where there is none."""
        path = self.paths.path
        return max((turn for turn in self.summaries if turn in path), default=BEGINNING)


def fold(state: LoopState, record: LoopRecord, at: datetime | None = None) -> LoopState:
    """State after `record`, written `at` that time.

    What comes late for a turn that has ended changes nothing but the ends of its calls.
    """
    match record:
        case UserMessage():
            return _with_message(state, record)
        case Branched():
            return _moved(state, record.parent)
        case Compacted():
            return replace(state, summaries={**state.summaries, record.through: record.text})
        case PlanModeSwitched():
            return replace(state, plan_mode=record.on)
        case CallProposed() | CallRefused() | ApprovalDecided() | CallIntent() | CallOutcome():
            return _with_call_record(state, record, at)
        case _ if not state.running or record.turn != state.turn:
            return state
        case _:
            return _with_turn_record(state, record)


def _with_turn_record(state: LoopState, record: TurnRecord) -> LoopState:
    match record:
        case ModelAsked():
            return replace(state, asks=state.asks + 1)
        case BudgetAsked():
            return replace(state, over_budget=True, asks=0)
        case BudgetRaised():
            return replace(state, over_budget=False)
        case ModelReplied():
            entries = (*state.entries, _reply(state, record))
            return replace(state, entries=entries, rounds=state.rounds + 1, asks=0)
        case ModelFailed():
            return replace(state, failure=record.message)
        case TurnEnded():
            why = record.detail or record.reason
            unanswered = () if record.reason == "answered" else (Unanswered(state.turn, why),)
            return replace(
                state, entries=state.entries + unanswered, running=False, asks=0, failure=None, over_budget=False
            )


def authors(state: LoopState) -> frozenset[str]:
    """Of the messages on the present path."""
    return frozenset(entry.by for entry in state.entries if isinstance(entry, Message))


def latest_reply(state: LoopState) -> Reply | None:
    """The last reply of the present turn."""
    for entry in reversed(state.entries):
        if entry.turn != state.turn:
            return None
        if isinstance(entry, Reply):
            return entry
    return None


def replies_of_turn(state: LoopState) -> tuple[Reply, ...]:
    return tuple(entry for entry in state.entries if isinstance(entry, Reply) and entry.turn == state.turn)


def _with_message(state: LoopState, said: UserMessage) -> LoopState:
    turn = state.turn + (not state.running)
    entries = (*state.entries, Message(turn, said.text, said.by, as_told(said.quotes)))
    if state.running:
        return replace(state, entries=entries)
    paths = state.paths.grown(turn)
    return replace(state, entries=entries, paths=paths, turn=turn, running=True, rounds=0)


def _moved(state: LoopState, parent: int) -> LoopState:
    """On the path that ends with turn `parent`; a turn that runs is ended before."""
    if state.running or not state.paths.knows(parent):
        return state
    paths = state.paths.moved(parent)
    path, everything = paths.path, sorted((*state.entries, *state.left), key=lambda entry: entry.turn)
    on = tuple(entry for entry in everything if entry.turn in path)
    return replace(state, entries=on, left=tuple(entry for entry in everything if entry.turn not in path), paths=paths)


def _reply(state: LoopState, record: ModelReplied) -> Reply:
    """Call ids count on through the turn, so the same history always gives the same ids."""
    first = sum(len(reply.calls) for reply in replies_of_turn(state))
    calls = tuple(
        LoopCall(f"{state.session_id}.{state.turn}.{first + index}", call.id, call.tool, call.arguments, call.raw)
        for index, call in enumerate(record.calls)
    )
    return Reply(state.turn, record.text, calls)


def _with_call_record(state: LoopState, record: CallRecord, at: datetime | None) -> LoopState:
    """Calls that the model did not make (a person's in the page) are not the loop's concern."""
    if not record.call_id.startswith(f"{state.session_id}."):
        return state
    entries = _with_call(state.entries, record, at)
    if entries is not state.entries:
        return replace(state, entries=entries)
    return replace(state, left=_with_call(state.left, record, at))


def _with_call(entries: tuple[Entry, ...], record: CallRecord, at: datetime | None) -> tuple[Entry, ...]:
    """The very same entries where the call is none of theirs."""
    for place in range(len(entries) - 1, -1, -1):
        entry = entries[place]
        if isinstance(entry, Reply) and any(call.call_id == record.call_id for call in entry.calls):
            calls = tuple(
                _advanced(call, record, at) if call.call_id == record.call_id else call for call in entry.calls
            )
            return (*entries[:place], replace(entry, calls=calls), *entries[place + 1 :])
    return entries


def _advanced(call: LoopCall, record: CallRecord, at: datetime | None) -> LoopCall:
    match record:
        case CallProposed():
            return replace(call, proposed=True)
        case ApprovalDecided():
            return replace(call, decided=record)
        case CallIntent():
            return replace(call, intended=True)
        case CallRefused():
            return replace(call, end=CallEnd(error=record.code, message=record.message, at=at))
        case CallOutcome():
            return replace(call, end=replace(_end(record), at=at))


def _end(record: CallOutcome) -> CallEnd:
    if record.status == "done":
        return CallEnd(result=record.result)
    if record.error is None:
        return CallEnd(error=record.status, message=f"the call ended as {record.status}")
    return CallEnd(error=record.error.code, message=record.error.message, retryable=record.error.retryable)
