"""The clusters: how their queues stand, their nodes, whose jobs come first, what may be named in a submission."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Annotated

from fastapi import Query
from pydantic import BaseModel

from ink_core.api.area import Area
from ink_core.api.core import CoreParts
from ink_core.api.jobs.listing import Reader
from ink_core.compute.model import Associations, ClusterHealth
from ink_core.compute.priorities import Priorities
from ink_core.compute.queue_index import EVERYBODY
from ink_core.compute.queues import Queues
from ink_core.errors import SchedulerDown

router = Area(prefix="/api/v1/clusters", tags=["jobs"])


class ClusterSummary(BaseModel):
    """`jobs` are those of all users by state, as of `observed_at`; `problem` is why that is not newer."""

    cluster: str
    observed_at: datetime | None
    problem: str | None
    jobs: Mapping[str, int]


@router.get("")
async def list_clusters(principal: Reader, core: CoreParts) -> Sequence[ClusterSummary]:
    """The default one first."""
    return [_summary(core.queues, cluster) for cluster in core.queues.clusters()]


@router.get("/{cluster}")
async def get_cluster(principal: Reader, core: CoreParts, cluster: str) -> ClusterHealth:
    """Its nodes and what is wrong with it, some seconds old at most."""
    return await core.queues.health(cluster)


@router.get("/{cluster}/associations")
async def get_associations(principal: Reader, core: CoreParts, cluster: str) -> Associations:
    """One's own accounts, QOS and partitions, some minutes old at most; empty where there is nothing to choose."""
    return await core.queues.associations(cluster, principal.username)


@router.get("/{cluster}/priorities")
async def get_priorities(
    principal: Reader,
    core: CoreParts,
    cluster: str,
    user: Annotated[str | None, Query(max_length=255)] = None,
    limit: Annotated[int, Query(ge=1, le=10_000)] = 1000,
) -> Priorities:
    """Whose jobs come first, as the scheduler weighs users; a minute old at most. `user` leaves one of them."""
    found = await core.queues.priorities(cluster)
    rows = [row for row in found.users if user in (None, row.user)]
    return found.model_copy(update={"users": tuple(rows[:limit])})


def _summary(queues: Queues, cluster: str) -> ClusterSummary:
    status = queues.status(cluster)
    return ClusterSummary(
        cluster=cluster, observed_at=status.observed_at, problem=status.problem, jobs=_counts(queues, cluster)
    )


def _counts(queues: Queues, cluster: str) -> Mapping[str, int]:
    """Empty while nothing is known, which `observed_at` tells from an empty queue."""
    try:
        return queues.index(cluster).counts[EVERYBODY]
    except SchedulerDown:
        return {}
