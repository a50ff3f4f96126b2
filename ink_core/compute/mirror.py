"""The queue mirror: one poller per cluster, so that listing jobs asks no scheduler.

Some things do: `explain`, and once in a while `nodes`, `health`, `associations` and `priorities`, two at a time. What
the platform itself has changed, and a job that a reader misses, is asked for by itself: `look`. An error never empties
the mirror: the last good snapshot stays, its age shows, and `status` tells the error.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from ink_core.clock import Clock, SystemClock
from ink_core.compute.changes import ChangeFeed
from ink_core.compute.cluster_view import ClusterView, MirroredCluster, MirrorStatus
from ink_core.compute.ended_jobs import Record
from ink_core.compute.model import Associations, ClusterHealth, Explanation, Job, QueueSnapshot, Submitted
from ink_core.compute.node_index import NodeIndex
from ink_core.compute.priorities import Priorities
from ink_core.compute.queue_index import QueueIndex
from ink_core.errors import NotFound


class QueueMirror:
    """Answers from memory. `start` and `close` run the pollers; without them `refresh` polls on demand."""

    def __init__(
        self, clusters: Sequence[MirroredCluster], clock: Clock | None = None, record: Record | None = None
    ) -> None:
        views = (ClusterView(cluster, clock or SystemClock(), record) for cluster in clusters)
        self._views = {view.reader.cluster: view for view in views}

    def start(self) -> None:
        for view in self._views.values():
            view.start()

    async def close(self) -> None:
        for view in self._views.values():
            await view.close()

    def clusters(self) -> Sequence[str]:
        return tuple(self._views)

    def snapshot(self, cluster: str) -> QueueSnapshot:
        return self._view(cluster).index().snapshot

    def index(self, cluster: str) -> QueueIndex:
        return self._view(cluster).index()

    def feed(self, cluster: str) -> ChangeFeed:
        return self._view(cluster).feed

    def job(self, cluster: str, job_id: str) -> Job:
        return self._view(cluster).job(job_id)

    def note_submitted(self, submitted: Submitted) -> None:
        """These jobs exist, though the next snapshots may not show them yet."""
        self._view(submitted.cluster).expect(submitted.job_ids)

    async def refresh(self, cluster: str) -> None:
        if cluster in self._views:
            await self._views[cluster].refresh()

    async def look(self, cluster: str, job_ids: Sequence[str]) -> None:
        if cluster in self._views:
            await self._views[cluster].look(job_ids)

    async def look_for(self, cluster: str, job_ids: Sequence[str]) -> None:
        if cluster in self._views:
            await self._views[cluster].look_for(job_ids)

    async def explain(self, cluster: str, job_id: str) -> Explanation:
        view = self._view(cluster)
        named = view.named(job_id)
        return await view.ask(lambda: view.reader.explain(named))

    async def health(self, cluster: str) -> ClusterHealth:
        return await self._view(cluster).health()

    async def nodes(self, cluster: str) -> NodeIndex:
        return await self._view(cluster).nodes()

    async def associations(self, cluster: str, user: str) -> Associations:
        return await self._view(cluster).associations(user)

    async def priorities(self, cluster: str) -> Priorities:
        return await self._view(cluster).priorities()

    def status(self, cluster: str) -> MirrorStatus:
        return self._view(cluster).status()

    def problems(self) -> Mapping[str, str]:
        """Cluster → error of its latest poll, for those whose latest poll failed."""
        statuses = (view.status() for view in self._views.values())
        return {status.cluster: status.problem for status in statuses if status.problem is not None}

    def _view(self, cluster: str) -> ClusterView:
        if cluster not in self._views:
            raise NotFound(f"there is no cluster {cluster!r}; known are {', '.join(self._views)}")
        return self._views[cluster]
