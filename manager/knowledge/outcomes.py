"""What came of a request to a model, as its session's chain tells it. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, cast

from audit.ledger import Event
from knowledge_graph.memory.recalls import Followed, RecallOutcome, worst

_DECIDED = {"approved": RecallOutcome.APPROVED, "rejected": RecallOutcome.REJECTED}


def outcome_of(after: Sequence[Event], turn: int) -> tuple[RecallOutcome, Sequence[Followed]]:
    """`after`: the events of the chain behind the request's record. `OPEN` until its turn has ended."""
    ended = next((event for event in after if event.kind == "turn.ended" and event.body["turn"] == turn), None)
    if ended is None:
        return RecallOutcome.OPEN, ()
    own = _until_the_next_request(after)
    proposed = [event for event in own if event.kind == "call.proposed" and event.body.get("model_call_id") is not None]
    followed = [_followed(event, after) for event in proposed]
    if not followed and ended.body["reason"] != "answered":
        return RecallOutcome.STOPPED, ()
    return worst([each.outcome for each in followed]), followed


def _until_the_next_request(after: Sequence[Event]) -> Sequence[Event]:
    ends = (place for place, event in enumerate(after) if event.kind == "model.asked")
    return after[: next(ends, len(after))]


def _followed(proposed: Event, after: Sequence[Event]) -> Followed:
    call_id = str(proposed.body["call_id"])
    of_call = [event for event in after if event.body.get("call_id") == call_id]
    return Followed(call_id, str(proposed.body["tool"]), _of_call(of_call))


def _of_call(events: Sequence[Event]) -> RecallOutcome:
    decided = RecallOutcome.DONE
    for event in events:
        body = cast("Mapping[str, Any]", event.body)
        if event.kind == "approval.decided":
            decided = _DECIDED.get(str(body["verdict"]), decided)
        elif event.kind == "call.refused":
            return RecallOutcome.REJECTED if decided is RecallOutcome.REJECTED else RecallOutcome.FAILED
        elif event.kind == "call.outcome":
            return decided if body["status"] == "done" else RecallOutcome.FAILED
    return RecallOutcome.STOPPED
