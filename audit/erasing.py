"""Erases personal content by user, session or call; each erasure is itself an event.

What is still at work is left out of no erasure silently: its content is needed until it ends, so that the erasure is
refused. Limits: names of users, of tools and of what happened stay, as the record of what was done needs them; so do
copies elsewhere (archives, exports, a model's provider).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, cast

from pydantic import JsonValue

from audit.chains import session_of
from audit.ledger import Event, Ledger, Targets, erasure
from audit.personal import persons
from ink_core.errors import BadInput, Conflict, NotFound


class NothingToErase(NotFound):
    """Nothing of that kind was recorded, or it has been erased already."""

    code = "nothing_to_erase"


class StillAtWork(Conflict):
    """A turn or a call is not over; what it works on cannot be erased."""

    code = "still_at_work"


@dataclass(frozen=True)
class Selection:
    """Exactly one of these is given."""

    user: str = ""
    session: str = ""
    call_id: str = ""

    def __post_init__(self) -> None:
        if sum(map(bool, (self.user, self.session, self.call_id))) != 1:
            raise BadInput("say whose content to erase: one of user, session or call")

    def to_json(self) -> dict[str, JsonValue]:
        given = {"user": self.user, "session": self.session, "call": self.call_id}
        return {name: value for name, value in given.items() if value}


async def erase(ledger: Ledger, selection: Selection, *, by: str, reason: str) -> Targets:
    """What was erased. Raises `NothingToErase`, `StillAtWork` or `LedgerUnavailable`, and has erased nothing then."""
    targets: dict[str, list[int]] = {}
    for chain in await ledger.chains():
        if numbers := select(selection, await ledger.read(chain)):
            targets[chain] = numbers
    if not targets:
        raise NothingToErase("nothing that could be erased was found; names are written as in `ink audit search`")
    await ledger.erase(targets, erasure(targets, by=by, selection=selection.to_json(), reason=reason))
    return targets


def select(selection: Selection, events: Iterable[Event]) -> list[int]:
    """Numbers of the events of one chain that are meant and have something to erase. Raises `StillAtWork`."""
    chain = list(events)
    meant = _with_summaries(chain, [event for event in chain if _meant(selection, chain, event)])
    if meant and (busy := unfinished(chain)):
        raise StillAtWork(f"{chain[0].chain}: {busy} is not over; stop it or wait, then erase")
    return [event.seq for event in meant if event.seal and not event.erased]


def _meant(selection: Selection, chain: list[Event], event: Event) -> bool:
    if selection.session:
        return selection.session in (session_of(event.chain), event.body.get("session_id"))
    body = cast("Mapping[str, Any]", event.body)
    if selection.call_id:
        return body.get("call_id") == selection.call_id or _wrote(event, selection.call_id, chain)
    return (
        _owner(chain) == selection.user
        or selection.user in persons(body)
        or any(body.get("call_id") == call_id for call_id in _calls_of(selection.user, chain))
    )


def _with_summaries(chain: list[Event], meant: list[Event]) -> list[Event]:
    """And every summary of the conversation that came after one of them: it may tell of it."""
    first = min((event.seq for event in meant), default=None)
    later = (event for event in chain if first and event.kind == "conversation.compacted" and event.seq > first)
    return sorted({event.seq: event for event in (*meant, *later)}.values(), key=lambda event: event.seq)


def _owner(chain: list[Event]) -> str:
    """Whose chain it is as a whole: the owner of a session, the user of a worker."""
    body = chain[0].body
    return str(body.get("owner") or (body.get("user") if chain[0].kind == "worker.launched" else "") or "")


def _calls_of(user: str, chain: list[Event]) -> set[str]:
    proposed = (event.body for event in chain if event.kind == "call.proposed")
    return {str(body["call_id"]) for body in proposed if body["principal"] == user}


def _wrote(event: Event, call_id: str, chain: list[Event]) -> bool:
    """Whether this is the model's reply that asked for the call, arguments and all."""
    if event.kind != "model.replied":
        return False
    proposed = next((e for e in chain if e.kind == "call.proposed" and e.body["call_id"] == call_id), None)
    replies = [e.seq for e in chain if e.kind == "model.replied" and proposed and e.seq < proposed.seq]
    asked_by_model = proposed is not None and proposed.body.get("model_call_id") is not None
    return asked_by_model and event.seq == max(replies, default=0)


def unfinished(chain: Iterable[Event]) -> str:
    """A turn or call that has begun and not ended, in words; '' where there is none."""
    open_calls: dict[str, None] = {}
    running = False
    for event in chain:
        if event.kind == "call.proposed":
            open_calls[str(event.body["call_id"])] = None
        elif event.kind in ("call.outcome", "call.refused"):
            open_calls.pop(str(event.body["call_id"]), None)
        elif event.kind == "user.message":
            running = True
        elif event.kind == "turn.ended":
            running = False
    return "its turn" if running else f"call {next(iter(open_calls))}" if open_calls else ""
