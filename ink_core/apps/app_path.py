"""The path that leads to an app, `/APP/NODE/PORT/USER/`, as one expression: for routes, sign-in and the proxy."""

from __future__ import annotations

from collections.abc import Mapping

PARTS: Mapping[str, str] = {
    "app": "[a-z][a-z0-9-]{0,31}",
    "node": "[A-Za-z0-9][A-Za-z0-9.-]{0,252}",
    "port": "[0-9]{4,5}",
    "user": "[a-z_][a-z0-9_-]{0,31}",
}
PLACE = "".join(f"/{part}" for part in PARTS.values())
"""Without its last slash; more may follow."""


def named_place(prefix: str = "") -> str:
    """`PLACE` with a named group for each part, in the form that Python and PCRE have in common."""
    return "".join(f"/(?P<{prefix}{name}>{part})" for name, part in PARTS.items())
