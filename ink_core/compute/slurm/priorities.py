"""Fair share of a Slurm cluster, as `sshare` shows it: of each user in each account, where Slurm weighs users at all.

With `priority/basic` it does not: then what an association is due is no part of the cluster (seen with 26.05).
"""

from __future__ import annotations

from datetime import UTC, datetime

from ink_core.compute.priorities import Measure, Priorities, UserPriority, ranked
from ink_core.compute.slurm.interface import Slurm
from ink_core.compute.slurm.records import Record, decimal


def priorities(cluster: str, slurm: Slurm) -> Priorities:
    observed_at = datetime.now(UTC)
    rows = [row for record in slurm.shares() if (row := _row(record)) is not None]
    measure = Measure.FAIR_SHARE if rows else Measure.NONE
    return Priorities(cluster=cluster, observed_at=observed_at, measure=measure, users=ranked(rows, measure))


def _row(record: Record) -> UserPriority | None:
    """Of a user's association; that of an account has no factor of its own. Usage counts in seconds, and decays."""
    fair_share: Record = record.get("fairshare") or {}
    factor, share = decimal(fair_share.get("factor")), decimal(record.get("shares_normalized"))
    if factor is None or share is None or share > 1 or "USER" not in (record.get("type") or ()):
        return None
    seconds = record.get("usage")
    return UserPriority(
        user=str(record["name"]),
        group=record.get("parent") or None,
        value=round(factor, 6),
        share=round(share, 6),
        cpu_hours=round(seconds / 3600, 2) if isinstance(seconds, int | float) else None,
    )
