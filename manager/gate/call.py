"""One call as a fold over its events: proposed → (refused | waiting → approved | rejected) → intended → ended.

Pure. The gate's memory of a call is exactly what `fold` makes of the ledger, before and after a crash; `call_records`
writes what it folds.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import lru_cache
from typing import Any, cast

from pydantic import JsonValue

from audit.canonical import sha256_hex
from audit.ledger import Event
from ink_core.identity.principal import Principal, Scope
from ink_core.labels import Label
from manager.gate.approvals import ApprovalRequest, Verdict
from manager.gate.approvals.records import request_from
from manager.gate.policy import Origin
from mcp_tools.spec import Risk

CHECKS = frozenset({"bad_input", "not_found"})
"""What a tool that fails with one of these met before it began: it checks everything first."""


class Phase(StrEnum):
    PROPOSED = "proposed"
    WAITING = "waiting"
    APPROVED = "approved"
    INTENDED = "intended"
    ENDED = "ended"


class CallStatus(StrEnum):
    """What the outside sees. `indeterminate`: it may or may not have happened, and nobody can tell."""

    RUNNING = "running"
    WAITING_APPROVAL = "waiting_approval"
    DONE = "done"
    FAILED = "failed"
    REFUSED = "refused"
    INDETERMINATE = "indeterminate"


@dataclass(frozen=True)
class CallError:
    code: str
    message: str
    retryable: bool = False


@dataclass(frozen=True)
class Decided:
    """`approvers` and `signature` (hex, over the approval's statement) are those of an approval."""

    verdict: Verdict
    by: str
    reason: str
    at: datetime
    approvers: tuple[str, ...] = ()
    signature: str | None = None


@dataclass(frozen=True)
class CallState:
    """Everything the ledger knows about one call. `result` is set when `status` is done, `label` with any outcome.

    `decision` is what the policy said of it and why, as `manager.gate.policy.record` writes it. `given` are those who
    approved while more are needed, `grant_id` is the grant that let it through.
    `request_sha256` is the digest of a request that came with a key of its client's.
    """

    call_id: str
    chain: str
    tool: str
    arguments: Mapping[str, JsonValue]
    principal: Principal
    origin: Origin
    worker_id: str | None
    risk: Risk | None
    decision: Mapping[str, JsonValue] | None = None
    phase: Phase = Phase.PROPOSED
    status: CallStatus = CallStatus.RUNNING
    approval: ApprovalRequest | None = None
    given: tuple[str, ...] = ()
    decided: Decided | None = None
    grant_id: str | None = None
    operation_id: str | None = None
    acting_as: str | None = None
    intended_at: datetime | None = None
    result: JsonValue = None
    label: Label | None = None
    error: CallError | None = None
    ended_at: datetime | None = None
    request_sha256: str | None = None
    proposed_at: datetime | None = None

    @property
    def changed_at(self) -> datetime | None:
        """When it last went on."""
        asked = self.approval.requested_at if self.approval else None
        decided = self.decided.at if self.decided else None
        return self.ended_at or self.intended_at or decided or asked or self.proposed_at

    @property
    def did_nothing(self) -> bool:
        """It ended without any effect, in a way that may be otherwise next time."""
        if self.status is CallStatus.FAILED and self.error is not None:
            return self.error.retryable or self.error.code in CHECKS
        return self.status is CallStatus.REFUSED


KINDS = frozenset(
    {
        "call.proposed",
        "call.refused",
        "approval.requested",
        "approval.given",
        "approval.decided",
        "call.intent",
        "call.outcome",
    }
)


def fold(state: CallState | None, event: Event) -> CallState:
    """State after `event`, which must be of one of `KINDS` and, unless it is `call.proposed`, of a known call."""
    body = cast("dict[str, Any]", dict(event.body))
    if event.kind == "call.proposed":
        return _proposed(event.chain, body, event.time)
    if state is None:
        raise ValueError(f"{event.chain} has {event.kind} at {event.seq} before any call.proposed")
    match event.kind:
        case "call.refused":
            error = CallError(body["code"], body["message"])
            return _but(state, phase=Phase.ENDED, status=CallStatus.REFUSED, error=error, ended_at=event.time)
        case "approval.requested":
            approval = request_from(event.chain, body)
            return _but(
                state,
                phase=Phase.WAITING,
                status=CallStatus.WAITING_APPROVAL,
                approval=approval,
                risk=approval.risk,
                arguments=approval.arguments,
            )
        case "approval.given":
            return _but(state, given=(*state.given, body["by"]))
        case "approval.decided":
            decided = _decided(body, event.time)
            approved = decided.verdict is Verdict.APPROVED
            status = CallStatus.RUNNING if approved else state.status
            return _but(state, phase=Phase.APPROVED if approved else state.phase, status=status, decided=decided)
        case "call.intent":
            return _but(
                state,
                phase=Phase.INTENDED,
                operation_id=body["operation_id"],
                acting_as=body["acting_as"],
                intended_at=event.time,
                arguments=body["arguments"],
                grant_id=body.get("grant_id"),
            )
        case "call.outcome":
            return _ended(state, body, event.time)
        case _:
            raise ValueError(f"{event.kind} is no event of a call")


def operation_id_of(call_id: str) -> str:
    """What a call is known by in the world, for instance in a job ad: the same however often the call is taken up."""
    return f"op-{sha256_hex(call_id.encode())[:24]}"


def acting_as(requester: str, approver: str, *, touches_others: bool) -> str:
    """Whose process does it: what touches other people's property is done by the administrator who approved it."""
    return approver if touches_others else requester


@lru_cache(1_000)
def _principal(username: str, is_admin: bool, scopes: tuple[str, ...], credential: str) -> Principal:
    return Principal(username=username, is_admin=is_admin, scopes=frozenset(map(Scope, scopes)), credential=credential)


def _proposed(chain: str, body: Mapping[str, Any], time: datetime) -> CallState:
    may = body["authority"]
    principal = _principal(body["principal"], may["is_admin"], tuple(may["scopes"]), may["credential"])
    return CallState(
        call_id=body["call_id"],
        chain=chain,
        tool=body["tool"],
        arguments=body["arguments"],
        principal=principal,
        origin=Origin(body["origin"]),
        worker_id=body["worker_id"],
        risk=Risk(body["risk"]) if body["risk"] else None,
        decision=body.get("decision"),
        request_sha256=body.get("request_sha256"),
        proposed_at=time,
    )


def _but(state: CallState, **changes: Any) -> CallState:
    """`dataclasses.replace`, which sets each of all these fields by itself and takes most of the time of a fold."""
    changed = object.__new__(CallState)
    vars(changed).update(vars(state), **changes)
    return changed


def _decided(body: Mapping[str, Any], time: datetime) -> Decided:
    return Decided(
        verdict=Verdict(body["verdict"]),
        by=body["by"],
        reason=body["reason"],
        at=time,
        approvers=tuple(body.get("approvers", ())),
        signature=body.get("signature"),
    )


def _ended(state: CallState, body: Mapping[str, Any], time: datetime) -> CallState:
    error = CallError(**body["error"]) if body.get("error") else None
    status = CallStatus(body["status"])
    label = Label.from_json(body["label"]) if body.get("label") else None
    result = body.get("result")
    return _but(state, phase=Phase.ENDED, status=status, result=result, label=label, error=error, ended_at=time)
