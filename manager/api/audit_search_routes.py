"""Searching the audit: events, newest first, and all that is on record of one call."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from fastapi import Query
from pydantic import AwareDatetime, BaseModel, JsonValue

from audit.attempts import attempts
from audit.ledger import Event, Ledger, Where
from audit.searching import EventQuery, search
from ink_core.api.area import Area
from manager.api.audit_view import Auditor, Cursor, EventView, Limit, Name, event_view, looked_at, position
from manager.api.platform import Parts
from manager.gate.book import CallNotFound

router = Area(prefix="/api/v1/audit", tags=["audit"])
MAX_EVENTS_OF_A_CALL = 1_000


class EventPage(BaseModel):
    """A page may be short, even empty, and yet not the last: that is where `next_cursor` is null."""

    events: list[EventView]
    next_cursor: str | None


class AttemptView(BaseModel):
    call_id: str
    chain: str
    tool: str
    user: str
    time: datetime
    verdict: str
    decided_by: str
    outcome: str
    detail: str
    jobs: list[str]


class RecordedCall(BaseModel):
    """`decision` is what the policy said and why; the others are bodies of events, null where there is none yet."""

    attempt: AttemptView
    decision: JsonValue
    approval: JsonValue
    verdict: JsonValue
    intent: JsonValue
    outcome: JsonValue
    erased: bool
    events: list[EventView]


@router.get("/events")
async def search_events(
    principal: Auditor,
    platform: Parts,
    chain: Name = "",
    kind: Name = "",
    actor: Name = "",
    tool: Name = "",
    call_id: Name = "",
    since: AwareDatetime | None = None,
    until: AwareDatetime | None = None,
    q: Annotated[str, Query(max_length=200)] = "",
    cursor: Cursor = None,
    limit: Limit = 100,
) -> EventPage:
    """Newest first; all that is given must hold."""
    where = Where(chain, kind, tool, call_id, since=since, until=until)
    page = await search(platform.ledger, EventQuery(where, actor, q), before=position(cursor), limit=limit)
    about = {"chain": chain, "kind": kind, "actor": actor, "tool": tool, "call_id": call_id}
    await looked_at(platform, principal, "events", q, **about, shown=len(page.events))
    return EventPage(
        events=[event_view(placed.event) for placed in page.events],
        next_cursor=None if page.next_before is None else str(page.next_before),
    )


@router.get("/calls/{call_id}")
async def get_recorded_call(call_id: str, principal: Auditor, platform: Parts) -> RecordedCall:
    """The whole story of one call."""
    events = await _events_of(platform.ledger, call_id)
    found = attempts(events)
    if not found:
        raise CallNotFound(f"there is no call {call_id} on record here; it may have been archived")
    (attempt,) = found
    await looked_at(platform, principal, "call", call_id=call_id)
    jobs = sorted(attempt.jobs)
    return RecordedCall(
        attempt=AttemptView.model_validate({**vars(attempt), "jobs": jobs}),
        decision=_last(events, "call.proposed", "decision"),
        approval=_last(events, "approval.requested"),
        verdict=_last(events, "approval.decided"),
        intent=_last(events, "call.intent"),
        outcome=_last(events, "call.outcome") or _last(events, "call.refused"),
        erased=any(event.erased for event in events),
        events=[event_view(event) for event in events],
    )


async def _events_of(ledger: Ledger, call_id: str) -> list[Event]:
    """The oldest first."""
    proposed = await ledger.newest(Where(kind="call.proposed", call_id=call_id), limit=1)
    if not proposed:
        return []
    where = Where(chain=proposed[0].event.chain, call_id=call_id)
    return [each.event for each in reversed(await ledger.newest(where, limit=MAX_EVENTS_OF_A_CALL))]


def _last(events: list[Event], kind: str, field: str | None = None) -> JsonValue:
    body = next((event.body for event in reversed(events) if event.kind == kind), None)
    if body is None:
        return None
    return body.get(field) if field else dict(body)
