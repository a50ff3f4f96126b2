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
from ink_core.api.v2.job_rows import jobs_of
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
    return answer({"statistics": by(query_type, jobs_of(core.queues, cluster_id, owner, None))})


@router.get("/get_stackjobs")
@fails_with(Status.QUERY)
async def get_stackjobs(core: CoreParts, principal: Reader, cluster_id: ClusterId = None) -> Response:
    """One's own jobs by cluster and state."""
    own = jobs_of(core.queues, cluster_id, principal.username, None)
    return answer({"stack_list": stacked(own, lambda job: job.cluster, "clusterId")})


@router.get("/get_dailyjobs")
@fails_with(Status.QUERY)
async def get_dailyjobs(core: CoreParts, principal: Reader, cluster_id: ClusterId = None, days: Days = 7) -> Response:
    """One's own jobs by day, as far back as ended jobs are shown."""
    own = jobs_of(core.queues, cluster_id, principal.username, None)
    return answer({"daily_list": daily(own, core.clock.now().date(), days)})
