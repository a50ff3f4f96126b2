"""Changes of jobs as server-sent events, as soon as the mirror sees them; what the platform changes itself, at once.

A client first opens the stream, then gets the list: nothing is missed in between. It resumes with the last id it saw;
where that is too old, the event `reset` says that the list has to be fetched again.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator
from typing import Annotated, Any

import orjson
from fastapi import Depends, Header, Query, Request
from starlette.responses import StreamingResponse

from ink_core.api.area import Area
from ink_core.api.core import CoreParts
from ink_core.api.jobs.listing import Reader
from ink_core.api.sse import event_stream, frame
from ink_core.compute.changes import ChangeFeed, ChangesLost, Numbered

router = Area(prefix="/api/v1/jobs", tags=["jobs"])


async def _one_stream(principal: Reader, core: CoreParts) -> AsyncGenerator[None]:
    with core.streams.one(principal.username):
        yield


OneStream: Any = Depends(_one_stream)
"""Dependency of a route that streams: counted until its last byte is sent, refused beyond the user's bound."""


@router.get("/events", dependencies=[OneStream])
async def follow_jobs(
    request: Request,
    principal: Reader,
    core: CoreParts,
    cluster: str | None = None,
    owner: Annotated[str | None, Query(max_length=255)] = None,
    last_event_id: Annotated[str | None, Header(max_length=100)] = None,
) -> StreamingResponse:
    """Changes of one user's jobs on a cluster, as the mirror sees them; resumes with `Last-Event-ID`."""
    feed = core.queues.feed(cluster or core.queues.clusters()[0])
    return event_stream(_frames(feed, owner or principal.username, last_event_id), request)


async def _frames(feed: ChangeFeed, owner: str, last_event_id: str | None) -> AsyncGenerator[bytes]:
    number = feed.last if last_event_id is None else _number(feed, last_event_id)
    if last_event_id is None:
        yield frame("listening", b"{}", f"{feed.run}-{number}")
    while True:
        try:
            news = await feed.after(number, owner)
        except ChangesLost:
            number = feed.last
            yield frame("reset", b"{}", f"{feed.run}-{number}")
            continue
        for one in news:
            yield frame(one.change.kind.value, _data(one), f"{feed.run}-{one.number}")
        number = news[-1].number


def _number(feed: ChangeFeed, last_event_id: str) -> int:
    """Of another run of the server, or nonsense: a number that is lost for certain."""
    run, _, number = last_event_id.partition("-")
    return int(number) if run == feed.run and number.isdecimal() else -1


def _data(one: Numbered) -> bytes:
    return orjson.dumps(one.change.job.model_dump(mode="json"))
