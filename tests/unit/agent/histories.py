"""A tiny world for the loop: a scripted model and a gate that ends calls, both writing ledger records."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from pydantic import JsonValue

from manager.agent import loop
from manager.agent.state import LoopLimits, LoopState

Body = dict[str, JsonValue]
SESSION = "s1"


def written(tool: str = "list_jobs", arguments: dict[str, JsonValue] | None = None, number: int = 0) -> JsonValue:
    """A call as `model.replied` holds it."""
    return {"id": f"m{number}", "tool": tool, "arguments": arguments if arguments is not None else {}, "raw": "{}"}


def replied(turn: int, text: str = "", *calls: JsonValue) -> tuple[str, Body]:
    return "model.replied", {"turn": turn, "text": text, "calls": list(calls), "finish": "stop"}


def intended(call_id: str) -> tuple[str, Body]:
    return "call.intent", {"call_id": call_id}


def asked(turn: int) -> tuple[str, Body]:
    return "model.asked", {"turn": turn, "model": "scripted"}


def message(text: str = "hello") -> tuple[str, Body]:
    return "user.message", {"text": text, "by": "alice"}


def proposed(call_id: str) -> tuple[str, Body]:
    return "call.proposed", {"call_id": call_id, "tool": "list_jobs", "arguments": {}}


def done(call_id: str, result: JsonValue = None) -> tuple[str, Body]:
    return "call.outcome", {"call_id": call_id, "status": "done", "result": result, "duration_ms": 1}


def failed(call_id: str, code: str = "job_not_found") -> tuple[str, Body]:
    error: JsonValue = {"code": code, "message": "there is no such job", "retryable": False}
    return "call.outcome", {"call_id": call_id, "status": "failed", "error": error, "duration_ms": 1}


def folded(
    *records: tuple[str, Body], limits: LoopLimits | None = None
) -> tuple[LoopState, tuple[loop.Instruction, ...]]:
    """State after the records, and the instructions of the last one."""
    state, due = loop.begin(SESSION, limits), ()
    for kind, body in records:
        state, due = loop.handle(state, kind, body)
    return state, due


@dataclass
class World:
    """Executes instructions one at a time in an order that `choose` picks, and can lose everything but its ledger."""

    answer: Callable[[int, int], tuple[str, Body]]
    end: Callable[[str], list[tuple[str, Body]]]
    choose: Callable[[int], int]
    ledger: list[tuple[str, Body]] = field(default_factory=list[tuple[str, Body]])
    state: LoopState = field(default_factory=lambda: loop.begin(SESSION))
    pending: list[loop.Instruction] = field(default_factory=list[loop.Instruction])
    proposals: list[str] = field(default_factory=list[str])

    def write(self, *records: tuple[str, Body]) -> None:
        for kind, body in records:
            self.ledger.append((kind, body))
            self.state, due = loop.handle(self.state, kind, body)
            self.pending.extend(due)

    def crash(self) -> None:
        """All memory is gone; the ledger is folded again."""
        self.state, _ = folded(*self.ledger)
        self.pending = list(loop.outstanding(self.state))

    def step(self) -> None:
        instruction = self.pending.pop(self.choose(len(self.pending)))
        match instruction:
            case loop.AskModel(turn, number):
                self.write(asked(turn))
                self.pending.append(_Answer(turn, number))  # type: ignore[arg-type]
            case _Answer(turn, number):
                self.write(self.answer(turn, number))
            case loop.ProposeCall(call_id):
                self.proposals.append(call_id)
                self.write(proposed(call_id))
                self.pending.append(loop.ResumeCall(call_id))
            case loop.ResumeCall(call_id):
                self.write(*self.end(call_id))
            case loop.RefuseCall(call_id, _, _, _, code, text):
                self.write(("call.refused", {"call_id": call_id, "code": code, "message": text}))
            case loop.EndTurn(turn, reason, detail):
                self.write(("turn.ended", {"turn": turn, "reason": reason, "detail": detail}))
            case loop.WithdrawCall(call_id):
                self.write(("call.refused", {"call_id": call_id, "code": "approval_withdrawn", "message": "withdrawn"}))


@dataclass(frozen=True)
class _Answer:
    """The model is thinking; a crash forgets this."""

    turn: int
    number: int
