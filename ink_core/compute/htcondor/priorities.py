"""User priorities of a pool, as `condor_userprio` shows them.

From the ads that the negotiator puts into the collector after each matchmaking; it is not asked itself.
"""

from __future__ import annotations

import pwd
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

from ink_core.compute.htcondor.ads import number, text
from ink_core.compute.htcondor.pool import Pool
from ink_core.compute.priorities import Measure, Priorities, UserPriority, ranked

_PROJECTION = ("Name", "Priority", "PriorityFactor", "WeightedResourcesUsed", "WeightedAccumulatedUsage")
_OF_USERS = "IsAccountingGroup =!= true"


def priorities(pool: Pool) -> Priorities:
    observed_at = datetime.now(UTC)
    hour = int(observed_at.timestamp()) // 3600
    rows = [row for ad in pool.accounting(_OF_USERS, _PROJECTION) if (row := _row(ad, hour)) is not None]
    measure = Measure.EFFECTIVE_PRIORITY
    return Priorities(cluster=pool.options.name, observed_at=observed_at, measure=measure, users=ranked(rows, measure))


def _row(ad: Any, hour: int) -> UserPriority | None:
    name, value = text(ad, "Name"), number(ad, "Priority")
    if name is None or value is None:
        return None
    group, user = group_and_user(name.partition("@")[0], hour)
    seconds = number(ad, "WeightedAccumulatedUsage")
    return UserPriority(
        user=user,
        group=group,
        value=round(value, 2),
        factor=number(ad, "PriorityFactor"),
        cpus_used=number(ad, "WeightedResourcesUsed"),
        cpu_hours=None if seconds is None else round(seconds / 3600, 2),
    )


@lru_cache(maxsize=10_000)
def group_and_user(submitter: str, hour: int) -> tuple[str | None, str]:
    """Of `user`, or `group.user` where jobs name an accounting group. Groups have dots, and names of users may.

    The longest end that is an account is the user; without one, what follows the last dot. A name is remembered for
    the hour that it is asked in: there may be an account later, or the directory of accounts was away.
    """
    parts = submitter.split(".")
    ends = (first for first in range(len(parts)) if _is_account(".".join(parts[first:])))
    first = next(ends, len(parts) - 1)
    return ".".join(parts[:first]) or None, ".".join(parts[first:])


def _is_account(name: str) -> bool:
    try:
        pwd.getpwnam(name)
    except KeyError:
        return False
    return True
