"""An approval as clients see it (docs/reference/http-api.md)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from pydantic import BaseModel, ConfigDict, JsonValue

from audit.chains import session_of
from ink_core.identity.principal import Principal, Scope
from manager.gate.approvals import ApprovalRequest, Grant
from manager.gate.call import CallState, Phase
from manager.gate.results import CallResults


class ApprovalView(BaseModel):
    """`trace` names each rule that was looked at with what was found; `given` are those who have approved so far."""

    model_config = ConfigDict(frozen=True)

    approval_id: str
    call_id: str
    session_id: str | None
    tool: str
    arguments: dict[str, JsonValue]
    requester: str
    risk: str
    rule: str
    reason: str
    digest: str
    preview: dict[str, JsonValue]
    requested_at: datetime
    expires_at: datetime
    state: str
    decided_by: str | None
    decided_reason: str | None
    worker_id: str | None
    approver: str
    persons: int
    given: list[str]
    fresh_login_s: float | None
    grantable: bool
    unbound: list[str]
    diff: str | None
    trace: list[tuple[str, str]]


def approval_view(state: CallState, request: ApprovalRequest) -> ApprovalView:
    decided = state.decided
    return ApprovalView(
        approval_id=request.approval_id,
        call_id=request.call_id,
        session_id=session_of(request.chain),
        tool=request.tool,
        arguments=dict(request.arguments),
        requester=request.requester,
        risk=request.risk.value,
        rule=request.rule,
        reason=request.reason,
        digest=request.digest,
        preview=dict(request.preview),
        requested_at=request.requested_at,
        expires_at=request.expires_at,
        state="pending" if state.phase is Phase.WAITING else (decided.verdict.value if decided else "closed"),
        decided_by=decided.by if decided else None,
        decided_reason=decided.reason if decided else None,
        worker_id=request.worker_id,
        approver=request.approver.value,
        persons=request.persons,
        given=list(state.given),
        fresh_login_s=request.fresh_login_s,
        grantable=request.grantable,
        unbound=list(request.unbound),
        diff=request.diff,
        trace=_trace(state.decision),
    )


def waiting_and_decided(calls: Sequence[CallState]) -> tuple[list[CallState], list[CallState]]:
    """The highest risk first, then the oldest; and of what is decided the newest first."""
    waiting = [call for call in calls if call.phase is Phase.WAITING]
    decided = [call for call in calls if call.phase is not Phase.WAITING]
    waiting.sort(key=lambda call: (-asked_for(call).risk.rank, asked_for(call).requested_at))
    return waiting, sorted(decided, key=lambda call: asked_for(call).requested_at, reverse=True)


def asked_for(call: CallState) -> ApprovalRequest:
    """Of a call among those with approvals."""
    assert call.approval is not None, "this call never waited"
    return call.approval


def shown_to(principal: Principal, one: ApprovalRequest | Grant, results: CallResults) -> bool:
    """Approvers see all, everybody else what their credential could have asked for itself."""
    if Scope.APPROVE in principal.scopes:
        return True
    return one.requester == principal.username and not results.missing_scopes(principal, one.tool)


def _trace(decision: Mapping[str, JsonValue] | None) -> list[tuple[str, str]]:
    looked = decision.get("trace") if decision else None
    pairs = looked if isinstance(looked, list) else []
    return [(str(pair[0]), str(pair[1])) for pair in pairs if isinstance(pair, list) and len(pair) == 2]
