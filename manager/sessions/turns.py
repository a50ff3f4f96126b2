"""The turns of a session as people see them, and how its beginning, a message and another way are recorded. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any, cast

from pydantic import JsonValue

from audit.ledger import Event, Record
from audit.personal import ERASED
from ink_core.errors import Conflict, NotFound
from ink_core.identity.principal import Principal
from manager.agent.model import ChatModel
from manager.agent.paths import Paths
from manager.agent.quotes import Quoted
from manager.gate.call_records import authority
from manager.sessions.delegation import Delegation


class TurnNotFound(NotFound):
    code = "turn_not_found"


class NotYourWords(Conflict):
    """What another wrote, or what was erased, is not asked again in one's own name without writing it."""

    code = "not_your_words"


@dataclass(frozen=True)
class Turn:
    """`parent`: the turn before it, 0 for none. `seq`, `by`, `text`, `quoted`: its message.

    `ended`: why, None while it runs. `on_path`: it is part of what the conversation goes on with.
    """

    turn: int
    parent: int
    seq: int
    by: str
    text: str
    quoted: Quoted | None = None
    ended: str | None = None
    on_path: bool = True


def turns_of(events: Iterable[Event]) -> Sequence[Turn]:
    """In the order in which they began."""
    turns: list[Turn] = []
    paths = Paths()
    for event in events:
        body = cast("dict[str, Any]", dict(event.body))
        match event.kind:
            case "user.message" if not turns or turns[-1].ended:
                number, quoted = len(turns) + 1, Quoted.from_json(body)
                turns.append(Turn(number, paths.head, event.seq, body["by"], body["text"], quoted))
                paths = paths.grown(len(turns))
            case "turn.ended" if turns and body["turn"] == turns[-1].turn:
                turns[-1] = replace(turns[-1], ended=body["reason"])
            case "session.branched":
                paths = paths.moved(body["parent"])
            case _:
                pass
    path = paths.path
    return [replace(turn, on_path=turn.turn in path) for turn in turns]


def turn_of(turns: Sequence[Turn], number: int) -> Turn:
    """Raises `TurnNotFound`."""
    if not 0 < number <= len(turns):
        raise TurnNotFound(f"there is no turn {number} in this conversation; it has {len(turns)}")
    return turns[number - 1]


def own_words(turn: Turn, username: str) -> str:
    """The message of a turn, to be asked again. Raises `NotYourWords`: nobody's words act with another's rights."""
    if turn.by != username:
        raise NotYourWords(f"{turn.by} wrote the message of turn {turn.turn}; write yours to ask in your own name")
    if turn.text == ERASED:
        raise NotYourWords(f"the message of turn {turn.turn} was erased; write it again")
    return turn.text


def opened_record(
    principal: Principal,
    title: str,
    worker_id: str | None,
    model: ChatModel,
    task_id: str | None,
    delegation: Delegation | None,
) -> Record:
    """The first record of a session."""
    body: dict[str, JsonValue] = {
        "owner": principal.username,
        "title": title,
        "worker_id": worker_id,
        "model": model.name,
        "trust": model.trust.value,
    }
    if task_id is not None:
        body["task_id"] = task_id
    if delegation is not None:
        body["delegation"] = delegation.model_dump(mode="json")
    return Record("session.opened", body)


def message_record(principal: Principal, text: str, quoted: Quoted | None = None) -> Record:
    body: dict[str, JsonValue] = {"text": text, "by": principal.username, "authority": authority(principal)}
    body |= quoted.to_json() if quoted else {}
    return Record("user.message", body)


def branched_record(parent: int, by: str) -> Record:
    return Record("session.branched", {"parent": parent, "by": by})
