"""Chat sessions: open, post, stop, and the stream of everything that happens in one."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import asdict
from typing import Annotated

import orjson
from fastapi import Header, Query, Request
from fastapi.responses import StreamingResponse
from pydantic import BaseModel, ConfigDict, Field, JsonValue

from audit.canonical import canonical_json
from audit.ledger import Event
from ink_core.api.area import Area
from ink_core.api.sse import event_stream
from manager.agent.loop import EndReason
from manager.agent.quotes import MOST_QUOTES, NewQuote
from manager.api.measures import NewBudget
from manager.api.platform import Parts
from manager.api.session_view import Session, session_view
from manager.api.streams import OneStream, User
from manager.sessions.branching import branch, go_back
from manager.sessions.compact_now import compact_now
from manager.sessions.live import Delta, Live
from manager.sessions.service import MAX_MESSAGE_CHARACTERS
from manager.sessions.switching import switch_edit_review, switch_plan_mode

router = Area(prefix="/api/v1/sessions", tags=["sessions"])
MAX_SEQ = 2**63 - 1


class NewSession(BaseModel):
    model_config = ConfigDict(extra="forbid")

    title: str = Field(default="", max_length=200)
    worker_id: str | None = None
    task_id: str | None = Field(default=None, description="The members of this task watch and steer it.")


class SessionChange(BaseModel):
    """Only the fields that are given are changed; `worker_id` null detaches the worker."""

    model_config = ConfigDict(extra="forbid")

    title: str = Field(default="", max_length=200)
    worker_id: str | None = None
    model: str = Field(default="", min_length=1, max_length=200)


class NewMessage(BaseModel):
    """`quotes`: what programs printed in terminals of one's own workers, as data to the agent."""

    model_config = ConfigDict(extra="forbid")

    text: str = Field(min_length=1, max_length=MAX_MESSAGE_CHARACTERS)
    quotes: list[NewQuote] = Field(default=[], max_length=MOST_QUOTES)


class SessionBudget(NewBudget):
    """Limits of one conversation; a user's own, within what the month has left."""


class NewBranch(BaseModel):
    """Ask again from before `turn`: with `text`, or without it with one's own words of that turn."""

    model_config = ConfigDict(extra="forbid")

    turn: int = Field(ge=1, le=MAX_SEQ)
    text: str | None = Field(default=None, min_length=1, max_length=MAX_MESSAGE_CHARACTERS)


class NewPath(BaseModel):
    """The turn to go on after, 0 for the beginning."""

    model_config = ConfigDict(extra="forbid")

    turn: int = Field(ge=0, le=MAX_SEQ)


class PlanMode(BaseModel):
    model_config = ConfigDict(extra="forbid")

    on: bool


class EditReview(BaseModel):
    model_config = ConfigDict(extra="forbid")

    on: bool


class TurnView(BaseModel):
    """`parent`: the turn before it, 0 for none. `seq`, `by`, `text` of its message. `ended` is null while it runs.

    `on_path`: the conversation goes on after it; every other turn was left for another way and can be gone back to.
    """

    turn: int
    parent: int
    seq: int
    by: str
    text: str
    ended: EndReason | None
    on_path: bool


class Posted(BaseModel):
    seq: int


@router.get("")
async def list_sessions(principal: User, platform: Parts) -> list[Session]:
    """One's own, the one used last first."""
    return [session_view(platform, principal, view) for view in await platform.sessions.list(principal)]


@router.post("", status_code=201)
async def open_session(new: NewSession, principal: User, platform: Parts) -> Session:
    """A conversation, with a worker agent or without; in a task its members watch it."""
    if new.worker_id is not None:
        platform.launcher.owned(principal.username, new.worker_id)
    if new.task_id is not None:
        platform.tasks.desk.steered(principal.username, new.task_id)
    view = await platform.sessions.open(principal, new.title, new.worker_id, task_id=new.task_id)
    return session_view(platform, principal, view)


@router.get("/{session_id}")
async def get_session(session_id: str, principal: User, platform: Parts) -> Session:
    """One of one's own, or of a task that one is a member of."""
    return session_view(platform, principal, await platform.sessions.get(principal, session_id))


@router.patch("/{session_id}")
async def change_session(session_id: str, change: SessionChange, principal: User, platform: Parts) -> Session:
    """Its title, its worker agent or its model."""
    if change.worker_id is not None:
        platform.launcher.owned(principal.username, change.worker_id)
    changes: dict[str, JsonValue] = change.model_dump(exclude_unset=True)
    return session_view(platform, principal, await platform.sessions.change(principal, session_id, changes))


@router.post("/{session_id}/messages", status_code=202)
async def post_message(session_id: str, message: NewMessage, principal: User, platform: Parts) -> Posted:
    """Begins a turn, whose course is in the stream."""
    quoted = platform.quoting.quoted(principal, message.quotes)
    return Posted(seq=await platform.sessions.post(principal, session_id, message.text, quoted))


@router.post("/{session_id}/stop", status_code=202)
async def stop_turn(session_id: str, principal: User, platform: Parts) -> None:
    """Ends the running turn; what has been done stays done."""
    await platform.sessions.stop(principal, session_id)


@router.get("/{session_id}/turns")
async def list_turns(session_id: str, principal: User, platform: Parts) -> list[TurnView]:
    """All turns in the order in which they began, those of ways that were left too."""
    await platform.sessions.check_readable(principal, session_id)
    turns = await platform.sessions.turns(principal, session_id)
    return [TurnView.model_validate(asdict(turn)) for turn in turns]


@router.post("/{session_id}/branches", status_code=202)
async def branch_session(session_id: str, new: NewBranch, principal: User, platform: Parts) -> Posted:
    """Edits a message, or asks it again; a running turn is stopped, what waits for approval is void."""
    return Posted(seq=await branch(platform.sessions, principal, session_id, new.turn, new.text))


@router.put("/{session_id}/path")
async def change_path(session_id: str, path: NewPath, principal: User, platform: Parts) -> Session:
    """Goes on after an earlier turn, or with a way that was left; a running turn is stopped."""
    view = await go_back(platform.sessions, principal, session_id, path.turn)
    return session_view(platform, principal, view)


@router.post("/{session_id}/compact", status_code=202)
async def compact_session(session_id: str, principal: User, platform: Parts) -> None:
    """Makes one summary of all turns that have ended; what waits for approval is void."""
    await compact_now(platform.sessions, principal, session_id)


@router.put("/{session_id}/plan-mode")
async def change_plan_mode(session_id: str, mode: PlanMode, principal: User, platform: Parts) -> Session:
    """In plan mode the gate refuses every call of the agent and of its sub-agents that changes anything."""
    view = await switch_plan_mode(platform.sessions, principal, session_id, on=mode.on)
    return session_view(platform, principal, view)


@router.put("/{session_id}/edit-review")
async def change_edit_review(session_id: str, review: EditReview, principal: User, platform: Parts) -> Session:
    """While it is on, what the agent and its sub-agents would change in files waits for the word of its user."""
    view = await switch_edit_review(platform.sessions, principal, session_id, on=review.on)
    return session_view(platform, principal, view)


@router.put("/{session_id}/budget")
async def change_session_budget(session_id: str, budget: SessionBudget, principal: User, platform: Parts) -> Session:
    """Other limits for one's own conversation; a turn that waits for a budget tries again."""
    return session_view(platform, principal, await platform.limits.of_session(principal, session_id, budget.limits()))


@router.get("/{session_id}/stream", dependencies=[OneStream])
async def stream_session(
    request: Request,
    session_id: str,
    principal: User,
    platform: Parts,
    after: Annotated[int, Query(ge=0, le=MAX_SEQ)] = 0,
    last_event_id: Annotated[int | None, Header(ge=0, le=MAX_SEQ)] = None,
) -> StreamingResponse:
    """Everything that happens in it, from `after` on: events with numbers, and live pieces of text without."""
    await platform.sessions.check_readable(principal, session_id)
    pieces = platform.sessions.stream(principal, session_id, last_event_id if last_event_id is not None else after)
    return event_stream(_frames(pieces), request)


async def _frames(pieces: AsyncGenerator[Event | Live]) -> AsyncGenerator[bytes]:
    """They end where the reader was too slow: it comes back with the last number it saw."""
    async with aclosing(pieces):
        async for piece in pieces:
            yield _frame(piece)


def _frame(piece: Event | Live) -> bytes:
    if isinstance(piece, Event):
        data = {"seq": piece.seq, "kind": piece.kind, "time": piece.time.isoformat(), **piece.body}
        # The ledger's own writer of JSON: whatever was recorded can be shown, integers beyond 64 bits too.
        return b"id: %d\nevent: %s\ndata: %s\n\n" % (piece.seq, piece.kind.encode(), canonical_json(data))
    name = b"delta" if isinstance(piece, Delta) else b"output"
    return b"event: %s\ndata: %s\n\n" % (name, orjson.dumps(asdict(piece)))
