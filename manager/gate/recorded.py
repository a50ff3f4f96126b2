"""What the ledger holds of results and of refused arguments: all, or of what is too large the head, digest and size."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping

from pydantic import JsonValue
from pydantic_core import to_json

from audit.canonical import canonical_json

RECORDED_RESULT_BYTES = 64 * 1024
REFUSED_ARGUMENTS_BYTES = 16 * 1024
_FIELDS = frozenset({"cut", "head", "bytes", "sha256"})


def recordable(result: JsonValue) -> JsonValue:
    """The result itself, or its head with digest and size where it is too large for the ledger."""
    if len(to_json(result)) <= RECORDED_RESULT_BYTES:  # as long as the canonical text, and made much faster
        return result
    return _head(canonical_json(result), RECORDED_RESULT_BYTES)


def refused_arguments(given: Mapping[str, JsonValue]) -> Mapping[str, JsonValue]:
    """The arguments of a call that is refused; of large ones, which nobody will run, the head."""
    try:
        text = canonical_json(dict(given))
    except (TypeError, ValueError, RecursionError):
        return given  # no JSON: the ledger says so
    return given if len(text) <= REFUSED_ARGUMENTS_BYTES else _head(text, REFUSED_ARGUMENTS_BYTES)


def _head(text: bytes, most_bytes: int) -> dict[str, JsonValue]:
    head = text[:most_bytes].decode(errors="ignore")
    return {"cut": True, "head": head, "bytes": len(text), "sha256": hashlib.sha256(text).hexdigest()}


def whole_bytes(recorded: JsonValue) -> int | None:
    """Size of the whole result of which this is the recorded head; None for a result that is whole."""
    if not isinstance(recorded, dict) or recorded.keys() != _FIELDS:
        return None
    size = recorded["bytes"]
    return size if isinstance(size, int) else None
