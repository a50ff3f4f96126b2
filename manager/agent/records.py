"""What the loop reads of a session's ledger records; further fields are for others and are ignored here."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from pydantic import BaseModel, ConfigDict, JsonValue

from manager.agent.model import ModelReply
from manager.agent.quotes import Quote


class _Read(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True)


class UserMessage(_Read):
    text: str
    by: str = ""
    quotes: tuple[Quote, ...] = ()


class Branched(_Read):
    """The conversation goes on after turn `parent`; what came after it is left."""

    parent: int


class Compacted(_Read):
    """For a model the turns of the path up to `through` read as `text` from here on."""

    through: int
    text: str


class PlanModeSwitched(_Read):
    on: bool


class ModelAsked(_Read):
    turn: int


class BudgetAsked(_Read):
    """The budget has not enough left for the question; the turn waits until it is raised, or stopped."""

    turn: int


class BudgetRaised(_Read):
    turn: int


class CallWritten(_Read):
    """A call as the model wrote it; `arguments` is None when `raw` was not a JSON object."""

    id: str
    tool: str
    arguments: dict[str, JsonValue] | None
    raw: str


class ModelReplied(_Read):
    turn: int
    text: str
    calls: tuple[CallWritten, ...] = ()


class ModelFailed(_Read):
    turn: int
    code: str
    message: str


class CallProposed(_Read):
    call_id: str


class CallRefused(_Read):
    call_id: str
    code: str
    message: str


class ApprovalDecided(_Read):
    call_id: str
    verdict: Literal["approved", "rejected", "expired", "void"]
    by: str
    reason: str


class CallIntent(_Read):
    call_id: str


class Fault(_Read):
    code: str
    message: str
    retryable: bool = False


class CallOutcome(_Read):
    call_id: str
    status: Literal["done", "failed", "indeterminate"]
    result: JsonValue = None
    error: Fault | None = None


class TurnEnded(_Read):
    turn: int
    reason: Literal["answered", "stopped", "failed", "limit"] = "answered"
    detail: str = ""


CallRecord = CallProposed | CallRefused | ApprovalDecided | CallIntent | CallOutcome
TurnRecord = ModelAsked | ModelReplied | ModelFailed | BudgetAsked | BudgetRaised | TurnEnded
LoopRecord = UserMessage | Branched | Compacted | PlanModeSwitched | CallRecord | TurnRecord

_KINDS: Mapping[str, type[LoopRecord]] = {
    "user.message": UserMessage,
    "session.branched": Branched,
    "conversation.compacted": Compacted,
    "session.plan_mode": PlanModeSwitched,
    "model.asked": ModelAsked,
    "model.replied": ModelReplied,
    "model.failed": ModelFailed,
    "call.proposed": CallProposed,
    "budget.asked": BudgetAsked,
    "budget.raised": BudgetRaised,
    "call.refused": CallRefused,
    "approval.decided": ApprovalDecided,
    "call.intent": CallIntent,
    "call.outcome": CallOutcome,
    "turn.ended": TurnEnded,
}


def read_record(kind: str, body: Mapping[str, JsonValue]) -> LoopRecord | None:
    """The record, or None for a kind that does not concern the loop."""
    form = _KINDS.get(kind)
    return form.model_validate(body) if form else None


def replied_body(turn: int, reply: ModelReply) -> dict[str, JsonValue]:
    """Body of `model.replied`."""
    calls: list[JsonValue] = [
        {
            "id": call.id,
            "tool": call.tool,
            "arguments": None if call.arguments is None else dict(call.arguments),
            "raw": call.raw,
        }
        for call in reply.calls
    ]
    return {
        "turn": turn,
        "text": reply.text,
        "calls": calls,
        "prompt_tokens": reply.prompt_tokens,
        "completion_tokens": reply.completion_tokens,
        "finish": reply.finish,
    }
