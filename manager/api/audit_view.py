"""What the audit's routes have in common: how an event is shown, how a page goes on, and that looking is recorded."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from fastapi import Query
from pydantic import BaseModel, JsonValue

from audit.ledger import AUDIT_CHAIN, Event, Record
from audit.personal import persons
from ink_core.api.security import requires
from ink_core.errors import BadInput
from ink_core.identity.principal import Principal, Scope
from manager.api.platform import Platform

Auditor = Annotated[Principal, requires(Scope.AUDIT_READ)]
Name = Annotated[str, Query(max_length=200, pattern=r"^[^\x00-\x1f\x7f]*$")]
Cursor = Annotated[str | None, Query(max_length=20)]
Limit = Annotated[int, Query(ge=1, le=500)]


class EventView(BaseModel):
    """`actor` is whom the event names first; of an `erased` one placeholders stand in the body."""

    chain: str
    seq: int
    kind: str
    time: datetime
    actor: str | None
    tool: str | None
    call_id: str | None
    body: dict[str, JsonValue]
    erased: bool
    hash: str


def event_view(event: Event) -> EventView:
    return EventView(
        chain=event.chain,
        seq=event.seq,
        kind=event.kind,
        time=event.time,
        actor=next(iter(persons(event.body)), None),
        tool=_text(event, "tool"),
        call_id=_text(event, "call_id"),
        body=dict(event.body),
        erased=event.erased,
        hash=event.hash,
    )


async def looked_at(platform: Platform, principal: Principal, what: str, text: str = "", **asked: JsonValue) -> None:
    """Record who is shown what of the audit, before it is shown. `text`: what was searched for (personal)."""
    given: dict[str, JsonValue] = {name: value for name, value in asked.items() if value}
    body: dict[str, JsonValue] = {"by": principal.username, "credential": principal.credential, "what": what}
    body |= {"asked": given, "text": text}
    await platform.ledger.append(AUDIT_CHAIN, Record("audit.read", body))


def position(cursor: str | None) -> int | None:
    """Of the last event of the page before. Raises `BadInput`."""
    if cursor is None:
        return None
    if not (cursor.isascii() and cursor.isdecimal() and int(cursor) < 2**63):
        raise BadInput("this cursor is none of ours; start again without one")
    return int(cursor)


def _text(event: Event, name: str) -> str | None:
    value = event.body.get(name)
    return value if isinstance(value, str) else None
