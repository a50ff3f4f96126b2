"""How what happens to an approval stands in the ledger."""

from __future__ import annotations

from collections.abc import Sequence

from pydantic import JsonValue

from audit.ledger import Record
from ink_core.errors import InkError
from manager.gate.approvals.request import ApprovalRequest, Verdict


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
