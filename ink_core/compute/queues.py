"""The seam to what the clusters show: reading goes to the mirror, so that no reader troubles a scheduler."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from ink_core.compute.model import ClusterHealth, Explanation, Job, QueueSnapshot, Submitted


class Queues(Protocol):
    """Read access to all clusters through the mirror; only `explain` and `health` ask a scheduler each time."""

    def clusters(self) -> Sequence[str]:
        """Cluster names; the first is the default."""
        ...

    def snapshot(self, cluster: str) -> QueueSnapshot:
        """The mirror's latest view. Raises `SchedulerDown` while there is none, `NotFound` for an unknown cluster."""
        ...

    def job(self, cluster: str, job_id: str) -> Job:
        """Raises `JobNotFound` or `JobNotYetVisible`."""
        ...

    def note_submitted(self, submitted: Submitted) -> None:
        """These jobs exist, though the next snapshots may not show them yet."""
        ...

    async def refresh(self, cluster: str) -> None:
        """Poll now, so that the effect of a submission or removal is visible. Bounded; never raises."""
        ...

    async def refresh_if_older(self, cluster: str, seconds: float) -> None:
        """The same for a reader who misses something: no poll when one began within these seconds."""
        ...

    async def explain(self, cluster: str, job_id: str) -> Explanation: ...

    async def health(self, cluster: str) -> ClusterHealth: ...
