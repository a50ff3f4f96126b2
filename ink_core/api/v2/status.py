"""`/api/v2/status`: how the clusters and the caller's file system are."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import Query
from starlette.responses import Response

from ink_core.api.area import Area
from ink_core.api.core import CoreParts
from ink_core.api.ink_credentials import ink_requires
from ink_core.api.ink_rows.counts import in_words
from ink_core.api.ink_rows.jobs import shown
from ink_core.api.v2.ccs import disk_row
from ink_core.api.v2.envelope import InkRoute, answer, fails_with
from ink_core.api.v2.errors import Status
from ink_core.compute.queue_index import EVERYBODY
from ink_core.compute.queues import Queues
from ink_core.errors import SchedulerDown
from ink_core.identity.principal import Principal, Scope

router = Area(prefix="/api/v2/status", tags=["INK v2: status"], route_class=InkRoute)
ALMOST_FULL = 0.95


@router.get("/get_status")
@fails_with(Status.FAILED)
async def get_status(
    core: CoreParts,
    principal: Annotated[Principal, ink_requires(Scope.JOBS_READ)],
    limit: Annotated[int, Query(ge=1, le=1000)] = 100,
) -> Response:
    """Each cluster with the age of its list and its jobs by state; `down` while it has never answered."""
    return answer({"status_list": [_cluster(core.queues, name) for name in core.queues.clusters()[:limit]]})


@router.get("/get_fs_health")
@fails_with(Status.FAILED)
async def get_fs_health(core: CoreParts, principal: Annotated[Principal, ink_requires(Scope.FILES_READ)]) -> Response:
    """The file system of the caller's home, as the caller's own agent sees it."""
    row = await disk_row(core, principal, ".")
    full = row["free"] < (1 - ALMOST_FULL) * row["total"]
    return answer({"fs_list": [row | {"status": "full" if full else "ok"}]})


def _cluster(queues: Queues, name: str) -> dict[str, Any]:
    try:
        index = queues.index(name)
    except SchedulerDown as error:
        return {"clusterId": name, "status": "down", "time": "", "reason": str(error), "jobs": {}}
    jobs = in_words(index.counts.get(EVERYBODY, {}))
    time = shown(index.snapshot.observed_at)
    return {"clusterId": name, "status": "up", "time": time, "reason": "", "jobs": jobs}
