"""What was said in a session, turn by turn, and whether it is what a client believes was said. Pure.

A client of completions sends the whole conversation each time. None of that is taken over: an assistant's words that a
client sends back could hold what a tool brought in, and would come back as words of the user. They only tell which
session is meant, and the session's own record is what the agent goes on with.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from audit.ledger import Event
from manager.completions.wire import ChatMessage
from manager.sessions.turns import Turn, turns_of


@dataclass(frozen=True)
class Exchange:
    """One turn of the present path. `replies` and the ids of `approvals` stand in what a client was told of it."""

    turn: int
    asked: str
    replies: tuple[str, ...] = ()
    approvals: tuple[str, ...] = ()


@dataclass(frozen=True)
class Told:
    """The client's side of a turn."""

    asked: str
    answer: str


def exchanges(events: Sequence[Event]) -> Sequence[Exchange]:
    """Of the present path, in order."""
    turns = turns_of(events)
    replies = _by_turn(events, turns, ("model.replied",), "text")
    approvals = _by_turn(events, turns, ("approval.requested", "subagent.waits"), "approval_id")
    path = [turn for turn in turns if turn.on_path]
    return [Exchange(one.turn, one.text, replies.get(one.turn, ()), approvals.get(one.turn, ())) for one in path]


def _by_turn(
    events: Iterable[Event], turns: Iterable[Turn], kinds: Collection[str], name: str
) -> Mapping[int, tuple[str, ...]]:
    found, turn, begun = dict[int, tuple[str, ...]](), 0, {one.seq: one.turn for one in turns}
    for event in events:
        turn = begun.get(event.seq, turn)
        if event.kind in kinds and (text := str(event.body[name])).strip():
            found[turn] = (*found.get(turn, ()), text)
    return found


def history(messages: Sequence[ChatMessage]) -> Sequence[Told]:
    """What a client believes was said before its last message. Instructions of the client's are not among it."""
    pairs: list[Told] = []
    for message in messages[:-1]:
        if message.role == "user":
            pairs.append(Told(message.text, ""))
        elif message.role == "assistant" and pairs:
            last = pairs.pop()
            pairs.append(Told(last.asked, f"{last.answer}\n{message.text}"))
    return pairs


def begins_with(said: Sequence[Exchange], believed: Sequence[Told]) -> bool:
    """Whether the session began as the client believes."""
    return len(believed) <= len(said) and all(map(_is_same, said, believed))


def untold(exchange: Exchange, told: Told) -> Sequence[str]:
    """Replies that came when the client did not listen any more: after an approval."""
    answer = _normal(told.answer)
    return [text for text in exchange.replies if _normal(text) not in answer]


def _is_same(exchange: Exchange, told: Told) -> bool:
    if _normal(exchange.asked) != _normal(told.asked):
        return False
    answer, marks = _normal(told.answer), (*exchange.replies, *exchange.approvals)
    return not marks or any(_normal(mark) in answer for mark in marks)


def _normal(text: str) -> str:
    """Clients change white space."""
    return " ".join(text.split())
