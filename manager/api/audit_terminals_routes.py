"""Recorded terminals: which there are, and one as asciicast v2, held against the digest that the ledger has of it."""

from __future__ import annotations

import hashlib
from datetime import datetime
from pathlib import Path as FilePath
from typing import Annotated

from fastapi import Path, Response
from pydantic import BaseModel
from starlette.concurrency import run_in_threadpool

from audit.ledger import Body, Event, Ledger, Where
from audit.searching import EventQuery, search
from ink_core.api.area import Area
from ink_core.errors import Conflict, InkError, NotFound
from manager.api.audit_view import Auditor, Cursor, Limit, Name, looked_at, position
from manager.api.platform import Parts, Platform
from manager.workers.terminal_recording import BEGUN, ENDED, REMOVED

router = Area(prefix="/api/v1/audit/terminals", tags=["audit"])
MEDIA_TYPE = "application/x-asciicast"
RecordingId = Annotated[str, Path(pattern=r"^r-[0-9a-f]{16}$")]
MOST_EVENTS = 10


class RecordingNotFound(NotFound):
    code = "recording_not_found"


class RecordingGone(InkError):
    """It was erased, or older ones had to make room."""

    code = "recording_gone"
    http_status = 410


class RecordingChanged(Conflict):
    """The file is not the one whose digest is in the ledger."""

    code = "recording_changed"


class RecordedTerminal(BaseModel):
    """`state`: live, kept, erased, removed (to make room) or lost (never written whole). `end`: why it ended."""

    recording_id: str
    user: str
    worker_id: str
    terminal_id: str
    begun: datetime
    ended: datetime | None
    end: str | None
    bytes: int | None
    sha256: str | None
    state: str


class TerminalPage(BaseModel):
    recordings: list[RecordedTerminal]
    next_cursor: str | None


@router.get("")
async def list_recorded_terminals(
    principal: Auditor, platform: Parts, user: Name = "", cursor: Cursor = None, limit: Limit = 50
) -> TerminalPage:
    """The recording begun last first."""
    query = EventQuery(Where(kind=BEGUN), actor=user)
    page = await search(platform.ledger, query, before=position(cursor), limit=limit)
    found = [_described(platform, await _events_of(platform.ledger, placed.event)) for placed in page.events]
    await looked_at(platform, principal, "terminals", user=user, shown=len(found))
    return TerminalPage(recordings=found, next_cursor=None if page.next_before is None else str(page.next_before))


@router.get("/{recording_id}")
async def get_recorded_terminal(recording_id: RecordingId, principal: Auditor, platform: Parts) -> Response:
    """The asciicast; of a live one what there is so far. Header `Ink-Recording`: the state."""
    begun = await platform.ledger.newest(Where(kind=BEGUN, recording_id=recording_id), limit=1)
    if not begun:
        raise RecordingNotFound(f"there is no recording {recording_id} on record here")
    recording = _described(platform, await _events_of(platform.ledger, begun[0].event))
    files = platform.recorder.files
    file = files.find(recording.user, recording_id) if files else None
    if file is None:
        raise RecordingGone(f"the recording {recording_id} is {recording.state}; when and by whom is in the audit")
    content = await run_in_threadpool(_checked, file, recording)
    await looked_at(platform, principal, "terminal", recording_id=recording_id)
    return Response(content, media_type=MEDIA_TYPE, headers={"Ink-Recording": recording.state})


def _checked(file: FilePath, recording: RecordedTerminal) -> bytes:
    content = file.read_bytes()
    if recording.sha256 and hashlib.sha256(content).hexdigest() != recording.sha256:
        raise RecordingChanged(f"the file of {recording.recording_id} was changed after it was recorded")
    return content


async def _events_of(ledger: Ledger, begun: Event) -> dict[str, Event]:
    """By kind."""
    of_it = Where(chain=begun.chain, recording_id=str(begun.body["recording_id"]))
    return {each.event.kind: each.event for each in await ledger.newest(of_it, limit=MOST_EVENTS)}


def _described(platform: Platform, events: dict[str, Event]) -> RecordedTerminal:
    begun, ended = events[BEGUN], events.get(ENDED)
    end: Body = ended.body if ended else {}
    return RecordedTerminal(
        recording_id=str(begun.body["recording_id"]),
        user=str(begun.body["user"]),
        worker_id=str(begun.body["worker_id"]),
        terminal_id=str(begun.body["terminal_id"]),
        begun=begun.time,
        ended=ended.time if ended else None,
        end=str(end["reason"]) if ended else None,
        bytes=int(str(end["bytes"])) if ended else None,
        sha256=str(end["sha256"]) if ended else None,
        state=_state(platform, events),
    )


def _state(platform: Platform, events: dict[str, Event]) -> str:
    if removed := events.get(REMOVED):
        return "erased" if removed.body["why"] == "erased" else "removed"
    if ended := events.get(ENDED):
        return "kept" if ended.body["sha256"] else "lost"
    return "live" if platform.recorder.is_live(str(events[BEGUN].body["recording_id"])) else "lost"
