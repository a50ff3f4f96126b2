"""Which session of a client a request belongs to."""

from __future__ import annotations

from mcp_tools.conversation import Context

HEADER = "mcp-session-id"


def session_of(context: Context) -> str:
    """Its id over HTTP; over a pair of streams there is one session, whose id is empty."""
    return context.request.headers.get(HEADER, "") if context.request is not None else ""
