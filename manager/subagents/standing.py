"""How the children of a session stand, for those who watch it."""

from __future__ import annotations

from typing import Literal

from manager.gate.call import CallState, CallStatus
from manager.gate.gate import Gate
from manager.sessions.view import SessionView

State = Literal["starting", "working", "waiting_approval", "over_budget", "done", "failed", "stopped"]
STOPPED = frozenset({"cancelled", "stopped"})
"""Codes of children that somebody ended."""


def standing(view: SessionView, gate: Gate) -> tuple[State, str]:
    """Its state, and why where it did not end well: by the call that it works for, as long as that is in memory."""
    assert view.delegation is not None, "a sub-agent's session"
    call_id = view.delegation.call_id
    if gate.book.knows(call_id) and (ended := _ended(gate.book.get(call_id))) is not None:
        return ended
    if gate.chains.waits(view.chain):
        return "waiting_approval", ""
    if not view.running:
        return _at_rest(view), ""
    return ("over_budget" if view.over_budget else "working"), ""


def _ended(call: CallState) -> tuple[State, str] | None:
    if call.status is CallStatus.DONE:
        return "done", ""
    if call.error is None:
        return None
    return ("stopped" if call.error.code in STOPPED else "failed"), call.error.message


def _at_rest(view: SessionView) -> State:
    if view.waits_to_begin:
        return "starting"
    return "stopped" if view.stopped else "done"
