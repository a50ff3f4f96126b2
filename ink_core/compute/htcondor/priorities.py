"""User priorities of a pool, as `condor_userprio` shows them.

From the ads that the negotiator puts into the collector after each matchmaking; it is not asked itself.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from ink_core.compute.htcondor.ads import number, text
from ink_core.compute.htcondor.pool import Pool
from ink_core.compute.priorities import Measure, Priorities, UserPriority, ranked

_PROJECTION = ("Name", "Priority", "PriorityFactor", "WeightedResourcesUsed", "WeightedAccumulatedUsage")
_OF_USERS = "IsAccountingGroup =!= true"


def priorities(pool: Pool) -> Priorities:
    observed_at = datetime.now(UTC)
    rows = [row for ad in pool.accounting(_OF_USERS, _PROJECTION) if (row := _row(ad)) is not None]
    measure = Measure.EFFECTIVE_PRIORITY
    return Priorities(cluster=pool.options.name, observed_at=observed_at, measure=measure, users=ranked(rows, measure))


def _row(ad: Any) -> UserPriority | None:
    """A submitter is called `user@domain`, or `group.user@domain` where a job names an accounting group."""
    name, value = text(ad, "Name"), number(ad, "Priority")
    if name is None or value is None:
        return None
    group, _, user = name.partition("@")[0].rpartition(".")
    seconds = number(ad, "WeightedAccumulatedUsage")
    return UserPriority(
        user=user,
        group=group or None,
        value=round(value, 2),
        factor=number(ad, "PriorityFactor"),
        cpus_used=number(ad, "WeightedResourcesUsed"),
        cpu_hours=None if seconds is None else round(seconds / 3600, 2),
    )
