"""Where a path of a call is, as far as names tell. Pure; links are not followed here, the worker and the kernel do.

`..` and `//` are taken out before anything is compared, and whole names are compared: `/data2` is not beneath `/data`.
"""

from __future__ import annotations

import posixpath
from collections.abc import Sequence

from manager.gate.policy.facts import CallFacts


def absolute(path: str, facts: CallFacts) -> str | None:
    """The path from the root, without `..`; None where home or workspace are needed and unknown, or for a NUL."""
    if "\0" in path:
        return None
    if path == "~" or path.startswith("~/"):
        base, path = facts.home, path[2:]
    else:
        base = "/" if path.startswith("/") else facts.workspace
    if base is None:
        return None
    joined = posixpath.normpath(posixpath.join("/", base, path))
    return joined.replace("//", "/", 1) if joined.startswith("//") else joined


def beneath(path: str, places: Sequence[str], facts: CallFacts) -> bool:
    """Whether the path is certainly one of the places or below one."""
    found = absolute(path, facts)
    return found is not None and any(_holds(absolute(place, facts), found) for place in places)


def _holds(root: str | None, path: str) -> bool:
    return root is not None and (root == "/" or path == root or path.startswith(f"{root}/"))
