"""The approvals queue: administrators see all requests, everybody else their own that the credential may see."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import Query, Response
from pydantic import BaseModel, ConfigDict, Field

from ink_core.api.area import Area
from ink_core.api.security import requires
from ink_core.errors import BadInput
from ink_core.identity.principal import Principal
from manager.api.approval_view import ApprovalView, approval_view, asked_for, shown_to, waiting_and_decided
from manager.api.platform import Parts
from manager.gate.approvals import GrantAsked, Limit, LimitKind
from manager.gate.approvals.grants import MAX_MINUTES, MAX_USES
from manager.gate.book import ApprovalNotFound

router = Area(prefix="/api/v1/approvals", tags=["approvals"])
Anyone = Annotated[Principal, requires()]
RECEIPT = "Ink-Checkpoint"
MAX_SHOWN = 500


class LimitRequest(BaseModel):
    """`value` is a directory for `under`; the others need none."""

    model_config = ConfigDict(extra="forbid")

    kind: Literal["under", "any"]
    value: str | None = Field(default=None, max_length=4096)


class GrantRequest(BaseModel):
    """Let later calls of the same conversation through as well. Without `pattern` for the time; with it, exactly."""

    model_config = ConfigDict(extra="forbid")

    minutes: float = Field(gt=0, le=MAX_MINUTES)
    uses: int = Field(default=MAX_USES, ge=1, le=MAX_USES)
    pattern: dict[str, LimitRequest] | None = Field(default=None, max_length=100)


class DecisionRequest(BaseModel):
    model_config = ConfigDict(extra="forbid")

    verdict: Literal["approve", "reject"]
    reason: str = Field(default="", max_length=2000)
    digest: str = Field(min_length=64, max_length=64)
    grant: GrantRequest | None = None


@router.get("")
async def list_approvals(
    principal: Anyone,
    platform: Parts,
    state: Literal["pending", "all"] = "pending",
    limit: Annotated[int, Query(ge=1, le=MAX_SHOWN)] = MAX_SHOWN,
) -> list[ApprovalView]:
    """What waits first: the highest risk, then the oldest; then what is decided, the newest first."""
    gate = platform.gate
    mine = [call for call in gate.book.with_approvals() if shown_to(principal, asked_for(call), gate.results)]
    waiting, decided = waiting_and_decided(mine)
    shown = waiting if state == "pending" else [*waiting, *decided]
    return [approval_view(call, asked_for(call)) for call in shown[:limit]]


@router.post("/{approval_id}")
async def decide_approval(
    approval_id: str, decision: DecisionRequest, principal: Anyone, platform: Parts, response: Response
) -> ApprovalView:
    """The answer's header `Ink-Checkpoint` is the approver's receipt: the ledger's newest checkpoint, to be kept."""
    approve = decision.verdict == "approve"
    if not approve and not decision.reason.strip():
        raise BadInput("say why you reject: the agent and the requester are told")
    if decision.grant and not approve:
        raise BadInput("a rejection grants nothing")
    _check_shown(principal, platform, approval_id)
    grant = _grant(decision.grant) if decision.grant else None
    reason, desk = decision.reason.strip(), platform.gate.desk
    call = await desk.decide(approval_id, principal, approve, reason, decision.digest, grant)
    assert call.approval is not None
    if receipt := platform.checkpointer.latest_line():
        response.headers[RECEIPT] = receipt
    return approval_view(call, call.approval)


def _check_shown(principal: Principal, platform: Parts, approval_id: str) -> None:
    """Raises `ApprovalNotFound` for one's own request that the credential is too narrow to see.

    Who tries to decide on another's is told why not, by the desk, which records it.
    """
    request = platform.gate.book.by_approval(approval_id).approval
    own = request is not None and request.requester == principal.username
    if request and own and not shown_to(principal, request, platform.gate.results):
        raise ApprovalNotFound(f"there is no approval {approval_id}")


def _grant(asked: GrantRequest) -> GrantAsked:
    """Arguments that a pattern does not name must be the same."""
    if asked.pattern is None:
        return GrantAsked(asked.minutes, asked.uses)
    pattern = {name: Limit(LimitKind(limit.kind), limit.value) for name, limit in asked.pattern.items()}
    return GrantAsked(asked.minutes, asked.uses, pattern)
