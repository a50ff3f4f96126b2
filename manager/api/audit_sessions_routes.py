"""Conversations on record, for a replay in the page: which there are, and the events of one."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from itertools import accumulate
from typing import Annotated

from fastapi import Query
from pydantic import BaseModel

from audit.canonical import canonical_text
from audit.chains import SESSIONS, session_chain
from audit.ledger import Event, Where
from audit.searching import MAX_BYTES
from ink_core.api.area import Area
from manager.api.audit_view import Auditor, Cursor, EventView, Limit, Name, event_view, looked_at, position
from manager.api.platform import Parts, Platform
from manager.sessions.views import SessionNotFound

router = Area(prefix="/api/v1/audit/sessions", tags=["audit"])
MAX_SEQ = 2**63 - 1


class RecordedSession(BaseModel):
    """`first` and `last` are the times of its first and its last event; `events` and `turns` how many there are."""

    session_id: str
    owner: str
    title: str
    model: str
    first: datetime
    last: datetime
    events: int
    turns: int
    running: bool


class SessionPage(BaseModel):
    sessions: list[RecordedSession]
    next_cursor: str | None


class SessionEvents(BaseModel):
    """`next_after` is null at the end of what is on record now."""

    session_id: str
    events: list[EventView]
    next_after: int | None


@router.get("")
async def list_recorded_sessions(
    principal: Auditor, platform: Parts, owner: Name = "", cursor: Cursor = None, limit: Limit = 50
) -> SessionPage:
    """The session opened last first."""
    where = Where(kind="session.opened", owner=owner)
    opened = await platform.ledger.newest(where, before=position(cursor), limit=limit)
    found = [await _recorded(platform, each.event.chain) for each in opened]
    await looked_at(platform, principal, "sessions", owner=owner, shown=len(found))
    return SessionPage(sessions=found, next_cursor=str(opened[-1].position) if len(opened) == limit else None)


@router.get("/{session_id}/events")
async def list_recorded_events(
    session_id: str,
    principal: Auditor,
    platform: Parts,
    after: Annotated[int, Query(ge=0, le=MAX_SEQ)] = 0,
    limit: Limit = 200,
) -> SessionEvents:
    """As they are stored: without secrets, and with placeholders for what was erased."""
    read = await platform.ledger.read(session_chain(session_id), after=after, limit=limit)
    if not read and after == 0:
        raise SessionNotFound(f"there is no session {session_id} on record here; it may have been archived")
    shown = _bounded(read)
    await looked_at(platform, principal, "session", session=session_id, after=after, shown=len(shown))
    ends = len(shown) == len(read) < limit
    return SessionEvents(
        session_id=session_id,
        events=[event_view(event) for event in shown],
        next_after=None if ends else shown[-1].seq,
    )


async def _recorded(platform: Platform, chain: str) -> RecordedSession:
    view = await platform.sessions.view(chain.removeprefix(SESSIONS))
    (last,) = await platform.ledger.read(chain, after=view.last_seq - 1, limit=1)
    return RecordedSession(
        session_id=view.session_id,
        owner=view.owner,
        title=view.title,
        model=view.model,
        first=view.created_at,
        last=last.time,
        events=view.last_seq,
        turns=view.turn,
        running=view.running,
    )


def _bounded(events: Sequence[Event]) -> Sequence[Event]:
    """As many of them, and at least one, as a page has bytes for."""
    sizes = accumulate(len(canonical_text(event.body)) for event in events)
    return events[: 1 + sum(size < MAX_BYTES for size in sizes)]
