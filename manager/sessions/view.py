"""What the outside sees of a session: a fold over its chain. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, cast

from audit.ledger import Event
from ink_core.identity.principal import Principal

CHAIN_PREFIX = "session:"


@dataclass(frozen=True)
class SessionView:
    """`authority` is what the author of the latest message was allowed to do; the agent may do no more than that.

    `stopped`: a person has ended the latest turn.
    """

    session_id: str
    owner: str
    title: str
    worker_id: str | None
    model: str
    created_at: datetime
    last_seq: int
    authority: Principal | None = None
    turn: int = 0
    running: bool = False
    stopped: bool = False


def chain_of(session_id: str) -> str:
    return CHAIN_PREFIX + session_id


def fold(view: SessionView | None, event: Event) -> SessionView:
    """View after `event`; a session chain begins with `session.opened`."""
    body = cast("Mapping[str, Any]", event.body)
    if event.kind == "session.opened":
        return SessionView(
            session_id=event.chain.removeprefix(CHAIN_PREFIX),
            owner=body["owner"],
            title=body["title"],
            worker_id=body["worker_id"],
            model=body["model"],
            created_at=event.time,
            last_seq=event.seq,
        )
    if view is None:
        raise ValueError(f"{event.chain} does not begin with session.opened")
    view = replace(view, last_seq=event.seq)
    match event.kind:
        case "session.changed":
            title, worker_id = body.get("title", view.title), body.get("worker_id", view.worker_id)
            return replace(view, title=title, worker_id=worker_id)
        case "user.message":
            authority = Principal.model_validate({"username": body["by"], **body["authority"]})
            return replace(view, authority=authority, turn=view.turn + (not view.running), running=True, stopped=False)
        case "turn.ended" if body["turn"] == view.turn:
            return replace(view, running=False, stopped=body["reason"] == "stopped")
        case _:
            return view
