"""How many files and connections the manager may have open: the usual limit is less than the workers of a cluster."""

from __future__ import annotations

import resource

MOST = 65_536
"""More than that the programs which this process starts, and which inherit it, cannot bear to look through."""


def allow_many() -> None:
    """Raise the soft limit as far as the hard one, which is the operator's word, and `MOST` allow."""
    allowed, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = MOST if most == resource.RLIM_INFINITY else min(most, MOST)
    if allowed != resource.RLIM_INFINITY and allowed < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, most))
