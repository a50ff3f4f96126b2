"""Output of one's own jobs: a piece of it, its end, or all of it as it grows. Read as the user, by the user's agent."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import suppress
from datetime import datetime
from typing import Annotated

import orjson
from fastapi import Header, Query, Request
from pydantic import BaseModel
from starlette.responses import StreamingResponse

from ink_core.api.area import Area
from ink_core.api.core import Core, CoreParts
from ink_core.api.jobs.events import OneStream
from ink_core.api.jobs.listing import job_of
from ink_core.api.security import requires
from ink_core.api.sse import event_stream, frame
from ink_core.compute.model import Job, JobState
from ink_core.compute.output import MAX_PIECE_BYTES, PIECE_BYTES, JobOutput, Stream
from ink_core.errors import BadInput, InkError
from ink_core.identity.principal import Principal, Scope

router = Area(prefix="/api/v1/jobs/{cluster}/{job_id}/output", tags=["jobs"])
OutputReader = Annotated[Principal, requires(Scope.JOBS_READ, Scope.FILES_READ)]
MAX_OFFSET = 2**53


class OutputText(BaseModel):
    """`text` is bytes `offset` to `next_offset` of `size`; `state` is the job's, as it was seen at `observed_at`."""

    path: str
    offset: int
    next_offset: int
    size: int
    text: str
    state: JobState
    observed_at: datetime


@router.get("")
async def read_output(
    principal: OutputReader,
    core: CoreParts,
    cluster: str,
    job_id: str,
    stream: Stream = "stdout",
    offset: Annotated[int, Query(ge=-MAX_OFFSET, le=MAX_OFFSET, description="Negative: so many from the end.")] = 0,
    length: Annotated[int, Query(ge=1, le=MAX_PIECE_BYTES)] = PIECE_BYTES,
) -> OutputText:
    """A piece of what the job has written so far."""
    job = await job_of(core, cluster, job_id)
    piece = await JobOutput(core.agents).read(principal.username, job, stream, offset, length)
    return OutputText(
        path=piece.path,
        offset=piece.offset,
        next_offset=piece.next_offset,
        size=piece.size,
        text=piece.text,
        state=job.state,
        observed_at=core.queues.snapshot(cluster).observed_at,
    )


@router.get("/stream", dependencies=[OneStream])
async def follow_output(
    request: Request,
    principal: OutputReader,
    core: CoreParts,
    cluster: str,
    job_id: str,
    stream: Stream = "stdout",
    offset: Annotated[int, Query(ge=-MAX_OFFSET, le=MAX_OFFSET)] = 0,
    last_event_id: Annotated[str | None, Header(max_length=20)] = None,
) -> StreamingResponse:
    """Events `output` `{offset, text}`, whose id is the offset to go on from, and at last `end`."""
    if last_event_id is not None:
        offset = _offset(last_event_id)
    job = await job_of(core, cluster, job_id)
    JobOutput.check_own(principal.username, job)
    return event_stream(_frames(core, principal.username, job, stream, offset), request)


async def _frames(core: Core, user: str, first: Job, stream: Stream, offset: int) -> AsyncGenerator[bytes]:
    seen = [first]

    def job_now() -> Job:
        """As the mirror has it; as it was last seen where it has left the queue."""
        with suppress(InkError):
            seen[0] = core.queues.job(first.cluster, first.job_id)
        return seen[0]

    try:
        async for piece in JobOutput(core.agents).follow(user, job_now, stream, offset):
            data = orjson.dumps({"offset": piece.offset, "text": piece.text})
            yield frame("output", data, str(piece.next_offset))
    except InkError as error:
        yield frame("error", orjson.dumps({"code": error.code, "detail": str(error), "retryable": error.retryable}))
        return
    yield frame("end", orjson.dumps({"state": seen[0].state, "exit_code": seen[0].exit_code}))


def _offset(last_event_id: str) -> int:
    if not last_event_id.isdecimal():
        raise BadInput("this Last-Event-ID is none of ours; give an offset instead")
    return int(last_event_id)
