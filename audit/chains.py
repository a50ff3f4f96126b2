"""Names of the ledger's chains that more than one part knows: those of conversations."""

from __future__ import annotations

SESSIONS = "session:"


def session_chain(session_id: str) -> str:
    return SESSIONS + session_id


def session_of(chain: str) -> str | None:
    """The session whose chain this is; None for any other chain."""
    return chain.removeprefix(SESSIONS) if chain.startswith(SESSIONS) else None
