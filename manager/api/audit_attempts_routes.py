"""Attempts (proposed tool calls) with how they ended, newest first: the list that an administrator reads."""

from __future__ import annotations

from typing import Annotated

from fastapi import Query
from pydantic import AwareDatetime, BaseModel

from audit.attempts import attempts
from audit.ledger import Ledger, Where
from audit.searching import EventQuery, search
from ink_core.api.area import Area
from manager.api.audit_search_routes import MAX_EVENTS_OF_A_CALL, AttemptView
from manager.api.audit_view import Auditor, Cursor, Name, looked_at, position
from manager.api.platform import Parts

router = Area(prefix="/api/v1/audit", tags=["audit"])


class AttemptPage(BaseModel):
    """A page may be short, even empty, and yet not the last: that is where `next_cursor` is null."""

    attempts: list[AttemptView]
    next_cursor: str | None


@router.get("/attempts")
async def list_attempts(
    principal: Auditor,
    platform: Parts,
    actor: Name = "",
    tool: Name = "",
    since: AwareDatetime | None = None,
    until: AwareDatetime | None = None,
    q: Annotated[str, Query(max_length=200)] = "",
    cursor: Cursor = None,
    limit: Annotated[int, Query(ge=1, le=100)] = 50,
) -> AttemptPage:
    """By who proposed, and by the text of the proposal."""
    where = Where(kind="call.proposed", tool=tool, since=since, until=until)
    page = await search(platform.ledger, EventQuery(where, actor, q), before=position(cursor), limit=limit)
    calls = [(placed.event.chain, str(placed.event.body["call_id"])) for placed in page.events]
    await looked_at(platform, principal, "attempts", q, actor=actor, tool=tool, shown=len(calls))
    return AttemptPage(
        attempts=[await _attempt(platform.ledger, chain, call_id) for chain, call_id in calls],
        next_cursor=None if page.next_before is None else str(page.next_before),
    )


async def _attempt(ledger: Ledger, chain: str, call_id: str) -> AttemptView:
    placed = await ledger.newest(Where(chain=chain, call_id=call_id), limit=MAX_EVENTS_OF_A_CALL)
    (attempt,) = attempts(each.event for each in reversed(placed))
    return AttemptView.model_validate({**vars(attempt), "jobs": sorted(attempt.jobs)})
