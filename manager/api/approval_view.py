"""An approval as clients see it (docs/reference/http-api.md)."""

from __future__ import annotations

from datetime import datetime

from pydantic import BaseModel, ConfigDict, JsonValue

from manager.gate.approvals import ApprovalRequest
from manager.gate.call import CallState, Phase
from manager.sessions.view import CHAIN_PREFIX


class ApprovalView(BaseModel):
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


def approval_view(state: CallState, request: ApprovalRequest) -> ApprovalView:
    chain = request.chain
    decided = state.decided
    return ApprovalView(
        approval_id=request.approval_id,
        call_id=request.call_id,
        session_id=chain.removeprefix(CHAIN_PREFIX) if chain.startswith(CHAIN_PREFIX) else None,
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
    )
