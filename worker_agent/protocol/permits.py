"""Permits: what the manager signs for one call that people approved, so that its worker can see it for itself.

A permit is bound to one worker, one operation, one method, the digest of the final arguments, and to files as the
approvers saw them. The claims travel as the very text that was signed, so both ends speak of the same bytes.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping

from pydantic import Field, JsonValue

from worker_agent.protocol.wire import MAX_FRAME_BYTES, OperationId, Wire, WorkerId

PERMIT_HEADER = "ink-permit/v1\n"
"""What is signed begins with it: a signature over anything else is no permit."""


class FileAsSeen(Wire):
    """A file as `files.digest` describes it; `sha256` is None where there was none."""

    path: str
    sha256: str | None


class PermitClaims(Wire):
    """What was approved. `expires_at` in seconds since the epoch; `once` for an approval that counts for one call.

    `arguments_sha256` is `arguments_digest` of the call's arguments; `session` the ledger chain it was asked in.
    """

    approval_id: str
    once: bool
    approvers: tuple[str, ...]
    tool: str
    session: str
    worker_id: WorkerId
    operation_id: OperationId
    method: str
    arguments_sha256: str
    files: tuple[FileAsSeen, ...] = ()
    expires_at: float


class SignedPermit(Wire):
    """`claims` is the JSON of `PermitClaims`; `signature` (hex) is the manager's Ed25519 over `permit_message`."""

    claims: str = Field(max_length=MAX_FRAME_BYTES // 8)
    signature: str = Field(pattern="^[0-9a-f]{128}$")


def permit_message(claims: str) -> bytes:
    return (PERMIT_HEADER + claims).encode()


def arguments_digest(arguments: Mapping[str, JsonValue]) -> str:
    """SHA-256 (hex) over canonical JSON: sorted keys, no spaces, UTF-8. Raises `ValueError` for what is not JSON."""
    text = json.dumps(arguments, ensure_ascii=False, allow_nan=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()
