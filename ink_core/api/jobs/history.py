"""Jobs that have ended, also long after their queue has forgotten them: by time, owner and name."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Annotated

from fastapi import Query
from pydantic import AwareDatetime, BaseModel

from ink_core.api.area import Area
from ink_core.api.core import CoreParts
from ink_core.api.jobs.listing import Reader
from ink_core.compute.history import HistoryQuery
from ink_core.compute.model import Job, JobState
from ink_core.errors import BadInput

router = Area(prefix="/api/v1/jobs", tags=["jobs"])


class HistoryPage(BaseModel):
    """The latest first. `observed_at` is when the poller of each cluster last brought news; null for never."""

    observed_at: dict[str, datetime | None]
    jobs: Sequence[Job]
    next_cursor: str | None


@router.get("/history")
async def find_ended_jobs(
    principal: Reader,
    core: CoreParts,
    cluster: Annotated[str | None, Query(max_length=64)] = None,
    owner: Annotated[str | None, Query(max_length=255)] = None,
    name: Annotated[str, Query(max_length=200)] = "",
    state: Annotated[list[JobState] | None, Query()] = None,
    since: AwareDatetime | None = None,
    until: AwareDatetime | None = None,
    cursor: Annotated[str | None, Query(max_length=300)] = None,
    limit: Annotated[int, Query(ge=1, le=1000)] = 200,
) -> HistoryPage:
    """Latest first, of one user: one's own without `owner`."""
    query = HistoryQuery(
        owner=owner or principal.username,
        cluster=cluster,
        name=name,
        states=frozenset(state or ()),
        since=since,
        until=until,
        after=_read_cursor(cursor) if cursor else None,
        limit=limit,
    )
    found = await core.history.find(query)
    page = found[:limit]
    clusters = [cluster] if cluster else core.queues.clusters()
    return HistoryPage(
        observed_at={name: core.queues.status(name).observed_at for name in clusters},
        jobs=page,
        next_cursor=_cursor(page[-1]) if len(found) > limit else None,
    )


def _cursor(job: Job) -> str:
    assert job.ended_at is not None, "what is in the history has ended"
    return f"{job.ended_at.isoformat()}~{job.cluster}~{job.job_id}"


def _read_cursor(cursor: str) -> tuple[datetime, str, str]:
    try:
        ended_at, cluster, job_id = cursor.split("~", 2)
        return datetime.fromisoformat(ended_at).astimezone(UTC), cluster, job_id
    except (ValueError, OverflowError) as error:
        raise BadInput("this cursor is none of ours; start again without one") from error
