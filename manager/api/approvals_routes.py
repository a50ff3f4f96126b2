"""The approvals queue: administrators see all requests, everybody else their own."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field

from ink_core.api.security import requires
from ink_core.errors import BadInput
from ink_core.identity.principal import Principal, Scope
from manager.api.approval_view import ApprovalView, approval_view
from manager.api.platform import Parts

router = APIRouter(prefix="/api/v1/approvals", tags=["approvals"])
Anyone = Annotated[Principal, requires()]
_RISKS = ("forbidden", "high", "write", "read")


class DecisionRequest(BaseModel):
    model_config = ConfigDict(extra="forbid")

    verdict: Literal["approve", "reject"]
    reason: str = Field(default="", max_length=2000)
    digest: str = Field(min_length=64, max_length=64)


@router.get("")
async def list_approvals(
    principal: Anyone, platform: Parts, state: Literal["pending", "all"] = "pending"
) -> list[ApprovalView]:
    """Highest risk first, then the oldest."""
    views = [approval_view(call, call.approval) for call in platform.gate.approvals() if call.approval]
    decides = Scope.APPROVE in principal.scopes
    shown = [
        view
        for view in views
        if (decides or view.requester == principal.username) and (state == "all" or view.state == "pending")
    ]
    return sorted(shown, key=lambda view: (_RISKS.index(view.risk), view.requested_at))


@router.post("/{approval_id}")
async def decide(approval_id: str, decision: DecisionRequest, principal: Anyone, platform: Parts) -> ApprovalView:
    approve = decision.verdict == "approve"
    if not approve and not decision.reason.strip():
        raise BadInput("say why you reject: the agent and the requester are told")
    call = await platform.gate.decide(approval_id, principal, approve, decision.reason.strip(), decision.digest)
    assert call.approval is not None
    return approval_view(call, call.approval)
