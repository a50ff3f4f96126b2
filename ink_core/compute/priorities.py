"""Whose jobs come first on a cluster, as its scheduler weighs it: HTCondor's user priorities, Slurm's fair share.

The two count in opposite directions; `rank` tells where somebody stands in either.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from enum import StrEnum

from pydantic import Field

from ink_core.compute.model import Value


class Measure(StrEnum):
    """What `value` is: HTCondor's `effective_priority`, small ones first, or Slurm's `fair_share`, 0 to 1, the best.

    With `none` the scheduler weighs no users: jobs come first by their own priority and age.
    """

    EFFECTIVE_PRIORITY = "effective_priority"
    FAIR_SHARE = "fair_share"
    NONE = "none"


class UserPriority(Value):
    """What a scheduler does not tell is None. `cpu_hours` were used in all (HTCondor), or count still (Slurm)."""

    rank: int = Field(default=1, ge=1, description="1 comes first; who is weighed alike has the same.")
    user: str
    group: str | None = Field(default=None, description="Accounting group (HTCondor), account (Slurm).")
    value: float
    factor: float | None = Field(default=None, description="What the priority is multiplied with (HTCondor).")
    share: float | None = Field(default=None, description="The part of the cluster that is due, 0 to 1 (Slurm).")
    cpus_used: float | None = Field(default=None, description="Now (HTCondor).")
    cpu_hours: float | None = None


class Priorities(Value):
    """`users` in the order in which they are served."""

    cluster: str
    observed_at: datetime
    measure: Measure
    users: tuple[UserPriority, ...] = ()


def ranked(rows: Iterable[UserPriority], measure: Measure) -> tuple[UserPriority, ...]:
    """The same rows in order, with their ranks."""
    sign = 1 if measure is Measure.EFFECTIVE_PRIORITY else -1
    placed: list[UserPriority] = []
    for place, row in enumerate(sorted(rows, key=lambda row: (sign * row.value, row.user)), 1):
        alike = bool(placed) and placed[-1].value == row.value
        placed.append(row.model_copy(update={"rank": placed[-1].rank if alike else place}))
    return tuple(placed)
