"""Measured jobs over REST: the list with counts and filters, and one job: its files, marks, and what captures saw."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

from fastapi import Query
from pydantic import BaseModel

from ink_core.api.area import Area
from ink_core.api.core import Core, CoreParts
from ink_core.errors import BadInput
from ink_core.identity.principal import Principal
from joblens.api.parts import Key, LensParts, Reader
from joblens.api.views import (
    LensConnection,
    LensFile,
    LensJob,
    LensJobRow,
    LensMark,
    LensProcess,
    LensStack,
    LensState,
    spelled_out,
)
from joblens.query.lens import Lens
from joblens.query.listing import count_jobs, list_jobs
from joblens.query.processes import latest_connections, latest_processes
from joblens.query.stacks import latest_stacks
from joblens.store.trace_store import JobQuery, JobState

router = Area(prefix="/api/v1/joblens", tags=["joblens"])
MAX_JOBS = 1000
MAX_FILES = 10_000
MAX_STACKS = 10_000
Name = Annotated[str | None, Query(max_length=255)]


class LensCounts(BaseModel):
    """`running` and `other` (ended, or lost from sight) were measured; `idle` and `held` are what the queue shows."""

    total: int
    running: int
    idle: int
    held: int
    other: int


class LensJobPage(BaseModel):
    """`counts` are of all jobs that the filters leave, before that by state."""

    jobs: Sequence[LensJobRow]
    counts: LensCounts
    next_cursor: str | None


@router.get("/jobs")
async def list_lens_jobs(
    principal: Reader,
    core: CoreParts,
    lens: LensParts,
    cluster: Annotated[str | None, Query(max_length=64)] = None,
    user: Name = None,
    user_group: Annotated[str | None, Query(max_length=32, description="A group of the platform's users.")] = None,
    host: Name = None,
    node_group: Annotated[str | None, Query(max_length=64, description="As the site's settings name it.")] = None,
    state: Annotated[list[LensState] | None, Query()] = None,
    q: Annotated[str, Query(max_length=200, description="In the id, name or user.")] = "",
    since: Annotated[float | None, Query(ge=0, description="Seen at or after; seconds since the epoch.")] = None,
    until: Annotated[float | None, Query(ge=0)] = None,
    cursor: Annotated[str | None, Query(max_length=500)] = None,
    limit: Annotated[int, Query(ge=1, le=MAX_JOBS)] = 200,
) -> LensJobPage:
    """Newest first: one's own, and for administrators everybody's."""
    query = JobQuery(
        cluster=cluster,
        users=await _users(core, principal, user, user_group),
        hosts=_hosts(lens, host, node_group),
        states=tuple(map(JobState, state)) if state else None,
        text=q,
        since=since,
        until=until,
    )
    page = await list_jobs(lens, principal, query, limit=limit, cursor=cursor)
    counts = await count_jobs(lens, principal, query)
    shown = LensCounts(
        total=counts.total, running=counts.running, idle=counts.idle, held=counts.held, other=counts.other
    )
    return LensJobPage(jobs=[LensJobRow.of(row) for row in page.rows], counts=shown, next_cursor=page.next_cursor)


@router.get("/node-groups")
async def list_node_groups(principal: Reader, lens: LensParts) -> Sequence[str]:
    """Names that the list of jobs can be filtered by."""
    return sorted(lens.node_groups)


@router.get("/jobs/{cluster}/{job}")
async def get_lens_job(principal: Reader, lens: LensParts, key: Key) -> LensJob:
    """What it used, over all its hosts."""
    return LensJob.of(await lens.summary(principal, key))


@router.get("/jobs/{cluster}/{job}/files")
async def list_lens_files(
    principal: Reader,
    lens: LensParts,
    key: Key,
    limit: Annotated[int, Query(ge=1, le=MAX_FILES)] = 100,
) -> Sequence[LensFile]:
    """Most traffic first; bytes that no file can be named for are there too (`unattributed`)."""
    found = await lens.about(principal, key, lambda store: store.files(key, limit=limit))
    return [LensFile.of(sample) for sample in found]


@router.get("/jobs/{cluster}/{job}/marks")
async def list_lens_marks(principal: Reader, lens: LensParts, key: Key) -> Sequence[LensMark]:
    """What happened to it, oldest first."""
    return [LensMark.of(mark) for mark in await lens.about(principal, key, lambda store: store.marks(key))]


@router.get("/jobs/{cluster}/{job}/processes")
async def list_lens_processes(principal: Reader, lens: LensParts, key: Key) -> Sequence[LensProcess]:
    """As the newest capture of processes last saw them; none without a capture."""
    found = await latest_processes(lens, principal, key)
    return [LensProcess.model_validate(spelled_out(row)) for row in found]


@router.get("/jobs/{cluster}/{job}/connections")
async def list_lens_connections(principal: Reader, lens: LensParts, key: Key) -> Sequence[LensConnection]:
    """As the newest capture of connections last saw them, most traffic first; none without a capture."""
    found = await latest_connections(lens, principal, key)
    return [LensConnection.model_validate(spelled_out(row)) for row in found]


@router.get("/jobs/{cluster}/{job}/stacks")
async def list_lens_stacks(
    principal: Reader,
    lens: LensParts,
    key: Key,
    limit: Annotated[int, Query(ge=1, le=MAX_STACKS)] = 200,
) -> Sequence[LensStack]:
    """In which calls it spent its CPU time while the newest capture of stacks looked, most first; none without one."""
    return [LensStack.of(seen) for seen in (await latest_stacks(lens, principal, key))[:limit]]


async def _users(core: Core, principal: Principal, user: str | None, group: str | None) -> tuple[str, ...] | None:
    """None for everybody. Raises `NotFound` for an unknown group, `BadInput` where both are named."""
    if user is not None and group is not None:
        raise BadInput("give user or user_group")
    if group is None:
        return None if user is None else (user,)
    if not principal.administers:
        return (principal.username,)  # all of any group that one may see
    return tuple(await core.identity.groups.members(group))


def _hosts(lens: Lens, host: str | None, group: str | None) -> tuple[str, ...] | None:
    if host is not None and group is not None:
        raise BadInput("give host or node_group")
    if group is not None:
        return tuple(lens.hosts_of(group))
    return None if host is None else (host,)
