"""Canonical JSON and the hash of an event: the bytes that the chain is made of.

Canonical: sorted keys, no spaces, UTF-8, no NaN; floats as Python writes them (shortest form that reads back). Standard
library only. `audit/verify` has its own copy of the hash rule on purpose; a test holds the two together.
"""

from __future__ import annotations

import hashlib
import json
from datetime import UTC, datetime
from typing import Any

_ENCODER = json.JSONEncoder(ensure_ascii=False, allow_nan=False, sort_keys=True, separators=(",", ":"))


def canonical_text(value: Any) -> str:
    """Canonical JSON text. Raises `ValueError` or `TypeError` for what is not JSON."""
    return _ENCODER.encode(value)


def canonical_json(value: Any) -> bytes:
    """The same as UTF-8 bytes. Raises `ValueError` also for text that UTF-8 cannot carry."""
    return canonical_text(value).encode()


def sha256_hex(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def time_text(time: datetime) -> str:
    """RFC 3339 in UTC with microseconds: `2026-01-01T00:00:00.000000Z`."""
    return time.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")


def event_hash(*, chain: str, seq: int, kind: str, time: str, body: str, seal: str, prev: str) -> str:
    """SHA-256 over the canonical event; `body` (its public part) and `time` come as the texts that are stored."""
    sealed = (
        f'{{"body":{body},"chain":{canonical_text(chain)},"kind":{canonical_text(kind)},'
        f'"prev":{canonical_text(prev)},"seal":{canonical_text(seal)},"seq":{seq},"time":{canonical_text(time)}}}'
    )
    return sha256_hex(sealed.encode())


def commitment(salt: bytes, private: str) -> str:
    """Hides the personal parts (canonical JSON) behind a random salt: without it not even a right guess can be told."""
    return sha256_hex(salt + private.encode())
