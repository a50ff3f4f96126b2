"""`/api/v2/app`: statistics of one's own jobs, from the queue mirror."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import Query
from starlette.responses import Response

from ink_core.api.area import Area
from ink_core.api.core import CoreParts
from ink_core.api.v2.credentials import ink_requires
from ink_core.api.v2.envelope import InkRoute, answer, fails_with
from ink_core.api.v2.errors import Status
from ink_core.api.v2.job_counts import by, daily, stacked
from ink_core.api.v2.job_rows import how_many, jobs_of
from ink_core.aside import aside
from ink_core.identity.principal import Principal, Scope

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
    return await aside(
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

    return await aside(counted, how_many(core.queues, cluster_id, user))


@router.get("/get_dailyjobs")
@fails_with(Status.QUERY)
async def get_dailyjobs(core: CoreParts, principal: Reader, cluster_id: ClusterId = None, days: Days = 7) -> Response:
    """One's own jobs by day, as far back as ended jobs are shown."""
    user, today = principal.username, core.clock.now().date()
    return await aside(
        lambda: answer({"daily_list": daily(jobs_of(core.queues, cluster_id, user, None), today, days)}),
        how_many(core.queues, cluster_id, user),
    )
