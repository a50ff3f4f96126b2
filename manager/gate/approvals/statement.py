"""What the manager signs of an approval and of a grant, and how it tells later that the ledger still says the same.

The signed text begins with a line of its own, so that it can be taken for nothing else that the same key signs.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from pydantic import JsonValue

from audit.canonical import canonical_json
from ink_core.signing import SigningKey, signed_by
from manager.gate.approvals.errors import ApprovalUnverified

APPROVAL_HEADER = b"ink-approval/v1\n"
GRANT_HEADER = b"ink-grant/v1\n"


def approval_statement(approval_id: str, digest: str, approvers: Sequence[str], operation_id: str) -> bytes:
    """`digest` is the request's, which binds tool, arguments, files, jobs, worker, session, policy and expiry."""
    body: dict[str, JsonValue] = {
        "approval_id": approval_id,
        "digest": digest,
        "approvers": list[JsonValue](approvers),
        "operation_id": operation_id,
    }
    return APPROVAL_HEADER + canonical_json(body)


def grant_statement(body: Mapping[str, JsonValue]) -> bytes:
    """Over the body of `grant.given` without its signature."""
    return GRANT_HEADER + canonical_json({name: value for name, value in body.items() if name != "signature"})


def verify(key: SigningKey, statement: bytes, signature: str | None, what: str) -> None:
    """Raises `ApprovalUnverified`."""
    try:
        fits = signature is not None and signed_by(key.public, statement, bytes.fromhex(signature))
    except ValueError:
        fits = False
    if not fits:
        raise ApprovalUnverified(f"the record of {what} is not what was signed; nothing was run, verify the audit")
