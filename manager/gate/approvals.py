"""Approvals: what an approver decides on, bound by digest to exactly what would run.

Pure: given a request, a decider and a time it says what the decision means. The digest covers the tool, its final
arguments, the resolved targets and owners, requester, chain, worker, policy version and expiry.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from pydantic import JsonValue

from audit.canonical import canonical_json, sha256_hex
from ink_core.errors import Conflict, Forbidden
from ink_core.identity.principal import Principal, Scope
from mcp_tools.spec import Risk


class ApprovalMismatch(Conflict):
    """The decision does not belong to what is shown now; look at the approval again."""

    code = "approval_mismatch"


class ApprovalClosed(Conflict):
    code = "approval_closed"


class ApprovalExpired(Conflict):
    code = "approval_expired"


class SelfApproval(Forbidden):
    code = "self_approval"


class NotAnApprover(Forbidden):
    code = "not_an_approver"


class Verdict(StrEnum):
    APPROVED = "approved"
    REJECTED = "rejected"
    EXPIRED = "expired"


@dataclass(frozen=True)
class ApprovalRequest:
    """One pending approval, as recorded in `approval.requested`."""

    approval_id: str
    call_id: str
    chain: str
    tool: str
    arguments: Mapping[str, JsonValue]
    requester: str
    worker_id: str | None
    risk: Risk
    rule: str
    reason: str
    policy_version: str
    preview: Mapping[str, JsonValue]
    requested_at: datetime
    expires_at: datetime

    @property
    def digest(self) -> str:
        bound: dict[str, JsonValue] = {
            "approval_id": self.approval_id,
            "call_id": self.call_id,
            "chain": self.chain,
            "tool": self.tool,
            "arguments": dict(self.arguments),
            "requester": self.requester,
            "worker_id": self.worker_id,
            "policy_version": self.policy_version,
            "targets": self.preview.get("targets", []),
            "owners": self.preview.get("owners", []),
            "expires_at": self.expires_at.isoformat(),
        }
        return sha256_hex(canonical_json(bound))


def check_decision(request: ApprovalRequest, decider: Principal, digest: str, approve: bool, now: datetime) -> None:
    """Raise unless `decider` may take this decision now. A requester may withdraw (reject) their own request."""
    withdrawing = not approve and decider.username == request.requester
    if Scope.APPROVE not in decider.scopes and not withdrawing:
        raise NotAnApprover("only administrators decide on approvals; the request stays in their queue")
    if approve and decider.username == request.requester:
        raise SelfApproval("nobody approves their own request; another administrator has to")
    if digest != request.digest:
        raise ApprovalMismatch("this decision was for something else than what is asked now; look at the request again")
    if now >= request.expires_at:
        raise ApprovalExpired("this request has expired; ask for the operation again if it is still wanted")
