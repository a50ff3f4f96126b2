"""The seam to what the clusters show: reading goes to the mirror, so that no reader troubles a scheduler."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from ink_core.compute.changes import ChangeFeed
from ink_core.compute.cluster_view import MirrorStatus
from ink_core.compute.model import Associations, ClusterHealth, Explanation, Job, QueueSnapshot, Submitted
from ink_core.compute.node_index import NodeIndex
from ink_core.compute.priorities import Priorities
from ink_core.compute.queue_index import QueueIndex


class Queues(Protocol):
    """Read access to all clusters through the mirror; only `explain` asks a scheduler each time."""

    def clusters(self) -> Sequence[str]:
        """Cluster names; the first is the default."""
        ...

    def snapshot(self, cluster: str) -> QueueSnapshot:
        """The mirror's latest view. Raises `SchedulerDown` while there is none, `NotFound` for an unknown cluster."""
        ...

    def index(self, cluster: str) -> QueueIndex:
        """The same, made ready for lists of one owner's jobs."""
        ...

    def feed(self, cluster: str) -> ChangeFeed:
        """What changes from now on."""
        ...

    def status(self, cluster: str) -> MirrorStatus:
        """How old the view is, and why it is not newer."""
        ...

    def job(self, cluster: str, job_id: str) -> Job:
        """By its id, or that of an HTCondor cluster: its first job. Raises `JobNotFound` or `JobNotYetVisible`."""
        ...

    def note_submitted(self, submitted: Submitted) -> None:
        """These jobs exist, though the next snapshots may not show them yet."""
        ...

    async def refresh(self, cluster: str) -> None:
        """Poll now: for what must count all jobs that there are. Bounded; never raises."""
        ...

    async def look(self, cluster: str, job_ids: Sequence[str]) -> None:
        """See how these jobs are now, so that what was done to them shows. Bounded; never raises."""
        ...

    async def look_for(self, cluster: str, job_ids: Sequence[str]) -> None:
        """The same for a reader who misses them: one look in a second, whoever asks for how many."""
        ...

    async def explain(self, cluster: str, job_id: str) -> Explanation: ...

    async def health(self, cluster: str) -> ClusterHealth:
        """Nodes and problems, some seconds old at most."""
        ...

    async def nodes(self, cluster: str) -> NodeIndex:
        """Nodes, slots, schedds, partitions: half a minute old, or as the scheduler takes its time; one for all."""
        ...

    async def associations(self, cluster: str, user: str) -> Associations:
        """What this user may name in a submission, some minutes old at most."""
        ...

    async def priorities(self, cluster: str) -> Priorities:
        """Whose jobs come first, a minute old at most."""
        ...


async def make_known(queues: Queues, submitted: Submitted) -> None:
    """Whoever lists next sees the new jobs."""
    queues.note_submitted(submitted)
    await queues.look(submitted.cluster, submitted.job_ids)
