"""Which memory was in which context, and what came of the decision that was made with it. Pure: a fold over records.

Limits: of the `KEPT` latest recalls; older ones are on record only.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Any

from pydantic import JsonValue

from knowledge_graph.facts import NodeId

KEPT = 20_000
RECALLED = "memory.recalled"
SETTLED = "memory.settled"


class RecallOutcome(StrEnum):
    """What happened next; of several calls the worst, in this order. `ANSWERED`: the model made no call."""

    OPEN = "open"
    REJECTED = "rejected"
    FAILED = "failed"
    STOPPED = "stopped"
    APPROVED = "approved"
    DONE = "done"
    ANSWERED = "answered"
    CORRECTED = "corrected"


GOOD = frozenset({RecallOutcome.APPROVED, RecallOutcome.DONE})
"""What proves a memory right: somebody approved what was done with it, or it simply worked."""


@dataclass(frozen=True, slots=True)
class Place:
    """The request to a model that held the memory: `seq` is that of its record in the session's chain."""

    session_id: str
    turn: int
    seq: int


@dataclass(frozen=True, slots=True)
class Followed:
    """A call that the model made with that context."""

    call_id: str
    tool: str
    outcome: RecallOutcome


@dataclass(frozen=True, slots=True)
class Recall:
    place: Place
    at: datetime
    memories: Sequence[NodeId]
    outcome: RecallOutcome = RecallOutcome.OPEN
    followed: Sequence[Followed] = ()


class Recalls:
    def __init__(self, kept: int = KEPT) -> None:
        self._kept = kept
        self._recalls: OrderedDict[Place, Recall] = OrderedDict()
        self._confirmed: dict[NodeId, datetime] = {}

    def open(self) -> Sequence[Recall]:
        return [recall for recall in self._recalls.values() if recall.outcome is RecallOutcome.OPEN]

    def of(self, memory: NodeId) -> Sequence[Recall]:
        """The latest first."""
        return [recall for recall in reversed(self._recalls.values()) if memory in recall.memories]

    def by_memory(self) -> Mapping[NodeId, Sequence[Recall]]:
        found: dict[NodeId, list[Recall]] = {}
        for recall in self._recalls.values():
            for memory in recall.memories:
                found.setdefault(memory, []).append(recall)
        return found

    def confirmed(self, memory: NodeId) -> datetime | None:
        """When what was done with it last went well."""
        return self._confirmed.get(memory)

    def fold(self, kind: str, body: Mapping[str, Any], at: datetime) -> None:
        if kind == RECALLED:
            place = _place(body)
            self._recalls[place] = Recall(place, at, tuple(body["memories"]))
            while len(self._recalls) > self._kept:
                self._recalls.popitem(last=False)
        elif kind == SETTLED and (recall := self._recalls.get(_place(body))):
            settled = replace(recall, outcome=RecallOutcome(body["outcome"]), followed=tuple(_followed(body)))
            self._recalls[settled.place] = settled
            if settled.outcome in GOOD:
                self._confirmed.update(dict.fromkeys(settled.memories, at))


def recalled(place: Place, memories: Sequence[NodeId]) -> dict[str, JsonValue]:
    """Body of `memory.recalled`."""
    return {**_of_place(place), "memories": list(memories)}


def settled(place: Place, outcome: RecallOutcome, followed: Sequence[Followed]) -> dict[str, JsonValue]:
    """Body of `memory.settled`."""
    rows: list[JsonValue] = [
        {"call_id": each.call_id, "tool": each.tool, "outcome": each.outcome.value} for each in followed
    ]
    return {**_of_place(place), "outcome": outcome.value, "followed": rows}


Corrected = frozenset[tuple[str, int, str]]
"""Steps that somebody marked as wrong: session, turn, and the call, or '' for the reply."""


def corrected_again(recall: Recall, corrected: Corrected) -> Recall:
    """A recall whose decision, or one of the calls that it led to, was marked as wrong came to that, whatever else."""
    session_id, turn = recall.place.session_id, recall.place.turn
    steps = {(session_id, turn, call_id) for call_id in ("", *(each.call_id for each in recall.followed))}
    return replace(recall, outcome=RecallOutcome.CORRECTED) if steps & corrected else recall


def worst(outcomes: Sequence[RecallOutcome]) -> RecallOutcome:
    """Of the calls that followed; `ANSWERED` for none."""
    order = list(RecallOutcome)
    return min(outcomes, key=order.index, default=RecallOutcome.ANSWERED)


def _of_place(place: Place) -> dict[str, JsonValue]:
    return {"session_id": place.session_id, "turn": place.turn, "seq": place.seq}


def _place(body: Mapping[str, Any]) -> Place:
    return Place(str(body["session_id"]), int(body["turn"]), int(body["seq"]))


def _followed(body: Mapping[str, Any]) -> Iterator[Followed]:
    return (Followed(row["call_id"], row["tool"], RecallOutcome(row["outcome"])) for row in body["followed"])
