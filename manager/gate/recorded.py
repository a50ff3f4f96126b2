"""What the ledger holds of a result: all of it, or where that is too large its head with digest and size."""

from __future__ import annotations

import hashlib

from pydantic import JsonValue

from audit.canonical import canonical_json

RECORDED_RESULT_BYTES = 64 * 1024
_FIELDS = frozenset({"cut", "head", "bytes", "sha256"})


def recordable(result: JsonValue) -> JsonValue:
    """The result itself, or its head with digest and size where it is too large for the ledger."""
    text = canonical_json(result)
    if len(text) <= RECORDED_RESULT_BYTES:
        return result
    head = text[:RECORDED_RESULT_BYTES].decode(errors="ignore")
    return {"cut": True, "head": head, "bytes": len(text), "sha256": hashlib.sha256(text).hexdigest()}


def whole_bytes(recorded: JsonValue) -> int | None:
    """Size of the whole result of which this is the recorded head; None for a result that is whole."""
    if not isinstance(recorded, dict) or recorded.keys() != _FIELDS:
        return None
    size = recorded["bytes"]
    return size if isinstance(size, int) else None
