"""How what happens to an approval stands in the ledger."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from pydantic import JsonValue

from audit.ledger import Record
from ink_core.errors import InkError
from manager.gate.approvals.request import ApprovalRequest, Verdict
from manager.gate.policy import Approver
from mcp_tools.spec import Risk, Seen


def requested_record(request: ApprovalRequest) -> Record:
    return Record(
        "approval.requested",
        {
            "call_id": request.call_id,
            "approval_id": request.approval_id,
            "tool": request.tool,
            "arguments": dict(request.arguments),
            "requester": request.requester,
            "worker_id": request.worker_id,
            "risk": request.risk.value,
            "rule": request.rule,
            "reason": request.reason,
            "policy_version": request.policy_version,
            "digest": request.digest,
            "preview": dict(request.preview),
            "approver": request.approver.value,
            "persons": request.persons,
            "fresh_login_s": request.fresh_login_s,
            "seen": [one.model_dump(mode="json") for one in request.seen],
            "unbound": list[JsonValue](request.unbound),
            "diff": request.diff,
            **({"authors": list[JsonValue](request.authors)} if request.authors else {}),
            "requested_at": request.requested_at.isoformat(),
            "expires_at": request.expires_at.isoformat(),
        },
    )


def request_from(chain: str, body: Mapping[str, Any]) -> ApprovalRequest:
    """What `requested_record` wrote; what older records have no word of is as it was then."""
    return ApprovalRequest(
        approval_id=body["approval_id"],
        call_id=body["call_id"],
        chain=chain,
        tool=body["tool"],
        arguments=body["arguments"],
        requester=body["requester"],
        worker_id=body["worker_id"],
        risk=Risk(body["risk"]),
        rule=body["rule"],
        reason=body["reason"],
        policy_version=body["policy_version"],
        preview=body["preview"],
        requested_at=datetime.fromisoformat(body["requested_at"]),
        expires_at=datetime.fromisoformat(body["expires_at"]),
        approver=Approver(body.get("approver", Approver.ADMINISTRATOR)),
        persons=body.get("persons", 1),
        fresh_login_s=body.get("fresh_login_s"),
        seen=tuple(Seen.model_validate(one) for one in body.get("seen", ())),
        unbound=tuple(body.get("unbound", ())),
        diff=body.get("diff"),
        authors=tuple(body.get("authors", ())),
    )


def given_record(request: ApprovalRequest, by: str, reason: str) -> Record:
    """One of several persons has approved."""
    return Record("approval.given", {**_of(request), "by": by, "reason": reason})


def attempt_record(request: ApprovalRequest, by: str, error: InkError) -> Record:
    """A decision that did not count."""
    return Record("approval.refused", {**_of(request), "by": by, "code": error.code, "message": str(error)})


def closed_record(request: ApprovalRequest, verdict: Verdict, by: str, reason: str) -> Record:
    return Record("approval.decided", {**_of(request), "verdict": verdict.value, "by": by, "reason": reason})


def approved_record(request: ApprovalRequest, approvers: Sequence[str], reason: str, signature: bytes) -> Record:
    """`signature` is over the approval's statement, which the intent beside it completes with the operation."""
    body: dict[str, JsonValue] = {
        **_of(request),
        "verdict": Verdict.APPROVED.value,
        "by": approvers[-1],
        "reason": reason,
        "approvers": list[JsonValue](approvers),
        "signature": signature.hex(),
    }
    return Record("approval.decided", body)


def _of(request: ApprovalRequest) -> dict[str, JsonValue]:
    return {"call_id": request.call_id, "approval_id": request.approval_id}
