"""Ids of what an operation makes: the same for the same operation, so that what became of it can be asked."""

from __future__ import annotations

from hashlib import sha256


def id_of(operation_id: str) -> str:
    """32 hexadecimal digits."""
    return sha256(operation_id.encode()).hexdigest()[:32]
