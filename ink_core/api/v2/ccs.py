"""`/api/v2/ccs`: who uses how much. The queue is open to all users; disk use is told of one's own files only."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated, Any

from fastapi import Query
from starlette.responses import Response

from ink_core.api.area import Area
from ink_core.api.core import Core, CoreParts
from ink_core.api.ink_credentials import ink_requires
from ink_core.api.ink_rows.counts import open_counts, stacked_by_owner
from ink_core.api.ink_rows.jobs import clusters_of
from ink_core.api.v2.as_user import ask
from ink_core.api.v2.envelope import InkRoute, answer, fails_with
from ink_core.api.v2.errors import Status
from ink_core.compute.history import HistoryQuery
from ink_core.compute.queue_index import EVERYBODY
from ink_core.errors import BadInput, NotFound
from ink_core.identity.principal import Principal, Scope
from ink_core.storage.disk_history import KEPT_FOR
from worker_agent.protocol import DiskUsage

router = Area(prefix="/api/v2/ccs", tags=["INK v2: ccs"], route_class=InkRoute)
Caller = Annotated[Principal, ink_requires()]
JobReader = Annotated[Principal, ink_requires(Scope.JOBS_READ)]
FileReader = Annotated[Principal, ink_requires(Scope.FILES_READ)]
Kind = Annotated[str | None, Query(max_length=64, description="A cluster; all of them without it.")]
Moment = Annotated[str | None, Query(max_length=32)]
Directory = Annotated[str, Query(min_length=1, max_length=4096)]


@router.get("/get_cur_userjobs")
@fails_with(Status.QUERY)
async def get_cur_userjobs(core: CoreParts, principal: JobReader, kind: Kind = None) -> Response:
    """Jobs in the queue by user and state."""
    indexes = map(core.queues.index, clusters_of(core.queues, kind))
    return answer({"user_jobs": stacked_by_owner(map(open_counts, indexes))})


@router.get("/get_his_userjobs")
@fails_with(Status.QUERY)
async def get_his_userjobs(
    core: CoreParts,
    principal: JobReader,
    start_time_str: Moment = None,
    end_time_str: Moment = None,
    kind: Kind = None,
) -> Response:
    """Jobs that ended in that time, by user and state, as far back as the history goes."""
    query = HistoryQuery(
        owner=EVERYBODY, cluster=_known(core, kind), since=_moment(start_time_str), until=_moment(end_time_str)
    )
    return answer({"user_jobs": stacked_by_owner([await core.history.counts(query)])})


@router.get("/get_cur_userdisk")
@fails_with(Status.FAILED)
async def get_cur_userdisk(core: CoreParts, principal: FileReader, directory: Directory = ".") -> Response:
    """How much the tree of one's own files holds, and its file system's free space, in bytes."""
    return answer({"user_disk": [await disk_row(core, principal, directory)]})


@router.get("/get_his_userdisk")
@fails_with(Status.FAILED)
async def get_his_userdisk(
    core: CoreParts,
    principal: FileReader,
    start_time_str: Moment = None,
    end_time_str: Moment = None,
    directory: Directory = ".",
) -> Response:
    """By day, the oldest first: today, and earlier days on which the use was asked for."""
    now, since = core.clock.now(), (await core.identity.user(principal.username)).created_at
    begin, end = _moment(start_time_str) or now - KEPT_FOR, _moment(end_time_str) or now
    today = await disk_row(core, principal, directory)
    days = await core.disk_history.days(principal.username, today["directory"], max(begin, since), end)
    rows = [today | day.model_dump(exclude={"day"}) | {"date": day.day.isoformat()} for day in days]
    return answer({"user_disk": rows})


@router.get("/verify_username")
@fails_with(Status.USER_INVALID)
async def verify_username(
    core: CoreParts, principal: Caller, username: Annotated[str, Query(min_length=1, max_length=64)]
) -> Response:
    """Whether there is such a user: oneself, or any for an administrator, since names are not told to everybody."""
    if username != principal.username and not principal.administers:
        raise NotFound(f"there is no user {username} that you may ask about")
    return answer({"username": (await core.identity.user(username)).username, "valid": True})


async def disk_row(core: Core, principal: Principal, directory: str) -> dict[str, Any]:
    """As it is now, which is kept for later."""
    usage = DiskUsage.model_validate(await ask(core, principal, "files.disk_use", {"path": directory}))
    await core.disk_history.record(principal.username, usage)
    return {
        "user": principal.username,
        "directory": usage.path,
        "used": usage.used_by_tree,
        "files": usage.entries,
        "complete": usage.complete,
        "total": usage.filesystem_total,
        "free": usage.filesystem_free,
    }


def _known(core: Core, cluster: str | None) -> str | None:
    """The cluster, if one is named. Raises `NotFound` for one that is not there."""
    if cluster:
        core.queues.status(cluster)
    return cluster or None


def _moment(text: str | None) -> datetime | None:
    """`YYYY-MM-DD` or `YYYY-MM-DD HH:MM:SS`, UTC unless it says otherwise."""
    if not text:
        return None
    try:
        moment = datetime.fromisoformat(text)
        return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
    except (ValueError, OverflowError):  # the last hours of the year 9999 elsewhere are none in UTC
        raise BadInput(f"{text!r} is no time; write YYYY-MM-DD HH:MM:SS") from None
