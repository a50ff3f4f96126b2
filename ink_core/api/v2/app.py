"""`/api/v2/app`: statistics of one's own jobs, from the queue mirror and the history."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from typing import Annotated, Literal

from fastapi import Query
from starlette.responses import Response

from ink_core.api.area import Area
from ink_core.api.core import CoreParts
from ink_core.api.ink_credentials import ink_requires
from ink_core.api.ink_rows.counts import by, daily, stacked
from ink_core.api.ink_rows.jobs import how_many, jobs_of
from ink_core.api.v2.envelope import InkRoute, answer, fails_with
from ink_core.api.v2.errors import Status
from ink_core.compute.history import HistoryQuery
from ink_core.compute.model import ENDED_STATES
from ink_core.identity.principal import Principal, Scope
from ink_core.offload import offload

router = Area(prefix="/api/v2/app", tags=["INK v2: app"], route_class=InkRoute)
Reader = Annotated[Principal, ink_requires(Scope.JOBS_READ)]
ClusterId = Annotated[str | None, Query(max_length=64)]
Days = Annotated[int, Query(ge=1, le=366)]


@router.get("/get_job_statistics")
@fails_with(Status.QUERY)
async def get_job_statistics(
    core: CoreParts,
    principal: Reader,
    cluster_id: ClusterId = None,
    query_type: Literal["status", "user", "type", "group", "partition"] = "status",
) -> Response:
    """How many jobs there are of each kind: one's own, or with `user` everybody's."""
    owner = None if query_type == "user" else principal.username
    return await offload(
        lambda: answer({"statistics": by(query_type, jobs_of(core.queues, cluster_id, owner, None))}),
        how_many(core.queues, cluster_id, owner),
    )


@router.get("/get_stackjobs")
@fails_with(Status.QUERY)
async def get_stackjobs(core: CoreParts, principal: Reader, cluster_id: ClusterId = None) -> Response:
    """One's own jobs by cluster and state."""
    user = principal.username

    def counted() -> Response:
        own = jobs_of(core.queues, cluster_id, user, None)
        return answer({"stack_list": stacked(own, lambda job: job.cluster, "clusterId")})

    return await offload(counted, how_many(core.queues, cluster_id, user))


@router.get("/get_dailyjobs")
@fails_with(Status.QUERY)
async def get_dailyjobs(core: CoreParts, principal: Reader, cluster_id: ClusterId = None, days: Days = 7) -> Response:
    """One's own jobs by day, those that have left the queue too."""
    user, today = principal.username, core.clock.now().date()
    begin = datetime.combine(today - timedelta(days=days - 1), time(), UTC)
    looked_at = how_many(core.queues, cluster_id, user)
    recorded = await core.history.days(HistoryQuery(owner=user, cluster=cluster_id or None, since=begin))

    def counted() -> Response:
        own = jobs_of(core.queues, cluster_id, user, None)
        still = (job for job in own if job.state not in ENDED_STATES)
        return answer({"daily_list": daily(still, recorded, today, days)})

    return await offload(counted, looked_at)
