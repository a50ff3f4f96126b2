"""The step of a session that somebody means: a call or a reply, with what a like step would have in common. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Any, cast

from audit.ledger import Event
from knowledge_graph.contributions.contribution import Step
from knowledge_graph.contributions.faults import StepNotFound
from knowledge_graph.facts import NodeId, NodeKind, node_id, nodes_in, prefixes
from manager.agent.request_record import asks_reply

MAX_ENTITIES = 30
MAX_QUESTION = 1_000
_AROUND = prefixes(
    NodeKind.JOB,
    NodeKind.USER,
    NodeKind.GROUP,
    NodeKind.EXPERIMENT,
    NodeKind.CLUSTER,
    NodeKind.PARTITION,
    NodeKind.NODE,
    NodeKind.FILE_SYSTEM,
    NodeKind.ERROR,
)

_JOB_ARGUMENTS = frozenset({"job_id", "job_ids"})
_NAMED = {
    "node": NodeKind.NODE,
    "user": NodeKind.USER,
    "owner": NodeKind.USER,
    "group": NodeKind.GROUP,
    "experiment": NodeKind.EXPERIMENT,
    "cluster": NodeKind.CLUSTER,
    "partition": NodeKind.PARTITION,
    "schedd": NodeKind.SCHEDD,
    "storage": NodeKind.FILE_SYSTEM,
}


def step_of(events: Sequence[Event], session_id: str, *, call_id: str = "", turn: int = 0) -> Step:
    """The call with this id, or the reply of this turn, or neither: the session as a whole. Raises `StepNotFound`."""
    if call_id:
        return _call(events, session_id, call_id)
    return _reply(events, session_id, turn) if turn else Step(session_id, 0)


def _call(events: Sequence[Event], session_id: str, call_id: str) -> Step:
    of_call = [event for event in events if event.body.get("call_id") == call_id]
    proposed = next((event for event in of_call if event.kind == "call.proposed"), None)
    if proposed is None:
        raise StepNotFound(f"session {session_id} has no call {call_id[:100]}")
    arguments = _mapping(proposed.body.get("arguments"))
    turn, question = _turn_at(events, proposed.seq)
    return Step(
        session_id=session_id,
        turn=turn,
        call_id=call_id,
        tool=str(proposed.body["tool"]),
        argument_names=tuple(sorted(name for name, value in arguments.items() if value is not None)),
        entities=_first((*entities_of(arguments), *_told_of(events, proposed.seq))),
        error=_error(of_call),
        question=question,
    )


def _reply(events: Sequence[Event], session_id: str, turn: int) -> Step:
    replied = next((event for event in events if event.kind == "model.replied" and event.body["turn"] == turn), None)
    if replied is None:
        raise StepNotFound(f"session {session_id} has no reply in turn {turn}")
    question, entities = _turn_at(events, replied.seq)[1], _first(_told_of(events, replied.seq))
    return Step(session_id=session_id, turn=turn, entities=entities, question=question)


def _first(entities: Iterable[NodeId]) -> Sequence[NodeId]:
    return tuple(islice(dict.fromkeys(entities), MAX_ENTITIES))


def _told_of(events: Sequence[Event], seq: int) -> Iterator[NodeId]:
    """What the model had to decide on, which its context tells first, and what that is tied to."""
    sent = [event for event in events if event.kind == "model.sent" and event.seq < seq and asks_reply(event.body)]
    context: Mapping[str, Any] = _mapping(sent[-1].body.get("context")) if sent else {}
    told = [nodes_in(str(fact_id)) for fact_id in cast("Sequence[object]", context.get("facts", ()))]
    first = told[0][:1] if told else ()
    nodes = (node for each in told if each[:1] == first for node in each)
    return (node for node in nodes if node.startswith(_AROUND))


def entities_of(arguments: Mapping[str, Any]) -> Iterator[NodeId]:
    """What the arguments of a call name, by the names that all tools have in common."""
    cluster = str(arguments.get("cluster") or "")
    for name, value in arguments.items():
        for each in cast("list[object]", value) if isinstance(value, list) else [value]:
            if not isinstance(each, str) or not each:
                continue
            if name in _JOB_ARGUMENTS:
                yield node_id(NodeKind.JOB, f"{cluster}/{each}" if cluster else each)
            elif name in _NAMED:
                yield node_id(_NAMED[name], each)


def _turn_at(events: Sequence[Event], seq: int) -> tuple[int, str]:
    """The turn that an event is in, and the message that it answers."""
    turn, question, running = 0, "", False
    for event in events:
        if event.seq >= seq:
            break
        if event.kind == "user.message":
            turn, running = turn + (not running), True
            question = str(event.body["text"])[:MAX_QUESTION]
        elif event.kind == "turn.ended":
            running = False
    return turn, question


def _error(of_call: Sequence[Event]) -> str:
    """The code that the call was refused with, or that it ended with."""
    for event in reversed(of_call):
        if event.kind == "call.refused":
            return str(event.body["code"])
        if event.kind == "call.outcome":
            return str(_mapping(event.body.get("error")).get("code") or "")
    return ""


def _mapping(value: object) -> Mapping[str, Any]:
    return cast("Mapping[str, Any]", value) if isinstance(value, Mapping) else {}
