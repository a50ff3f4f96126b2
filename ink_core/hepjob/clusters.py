"""The clusters that a command is about where none is named: all that the site's experiments submit to."""

from __future__ import annotations

from collections.abc import Sequence

from ink_core.hepjob.rest import Portal


def clusters(portal: Portal, pool: str | None) -> Sequence[str]:
    """The default one first."""
    if pool:
        return (pool,)
    default = portal.get("/api/v1/me")["default_cluster"]
    experiments = portal.get("/api/v1/hepjob/site")["experiments"].values()
    return tuple(dict.fromkeys([default, *(one["cluster"] for one in experiments if one["cluster"])]))
