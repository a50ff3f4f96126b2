"""What an event of a session is in words for a terminal. Pure.

Whatever others wrote (a job's name, a command's output, a model's text) is made readable first: a terminal obeys what
it is sent.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from mcp_tools.readable import lines, one_line

SHOWN_ARGUMENTS = 300
DECIDED_ARGUMENTS = 4_000
"""Characters that are shown of a call, and of one that is decided on."""
SHOWN_DIFF_LINES = 60

Tone = Literal["plain", "dim", "good", "bad", "ask", "answer", "user"]
Event = Mapping[str, Any]


@dataclass(frozen=True)
class Said:
    """`answer` is Markdown; every other tone is text as it is."""

    tone: Tone
    text: str


def told(event: Event) -> Said | None:
    """One durable event; None for what a reader need not see."""
    say = _SAYERS.get(event["kind"])
    return say(event) if say else None


def request_told(event: Event) -> Said:
    """A whole request for approval, as whoever decides on it has to see it."""
    preview = event["preview"]
    parts = [
        f"approval needed: {_call(event, DECIDED_ARGUMENTS)}",
        f"  {lines(str(preview.get('summary', '')))}",
        *(f"  · {lines(str(detail))}" for detail in preview.get("details", ())),
        f"  undo: {lines(str(preview['undo']))}" if preview.get("undo") else "  this cannot be undone by a tool",
        f"  risk {event['risk']}, asked by {one_line(event['requester'])}",
        f"  rule {event['rule']}: {lines(event['reason'])}",
        f"  decided by: {_deciders(event)}; expires {_minute(event['expires_at'])}",
    ]
    if event.get("unbound"):
        parts.append(f"  not looked at: {', '.join(map(one_line, event['unbound']))}")
    if event.get("diff"):
        parts += _diff(lines(event["diff"]).split("\n"))
    return Said("ask", "\n".join(parts))


def _diff(changed: Sequence[str]) -> list[str]:
    more = len(changed) - SHOWN_DIFF_LINES
    rest = [f"  … {more} more lines: read them on the page before you decide"] if more > 0 else []
    return [*(f"  {line}" for line in changed[:SHOWN_DIFF_LINES]), *rest]


def _deciders(event: Event) -> str:
    if event["approver"] == "requester":
        return "the requester on the page, or an administrator"
    return "an administrator" if event["persons"] == 1 else f"{event['persons']} different administrators"


def _minute(when: str) -> str:
    """Of a time in ISO 8601, which the manager gives in UTC."""
    return f"{when[:16].replace('T', ' ')} UTC"


def _message(event: Event) -> Said:
    return Said("user", f"{one_line(event['by'])}: {lines(event['text'])}")


def _reply(event: Event) -> Said | None:
    return Said("answer", lines(event["text"])) if event["text"].strip() else None


def _proposed(event: Event) -> Said | None:
    """A call that could not even be looked at has no risk; why follows."""
    return Said("dim", f"→ {_call(event)}  ({event['risk']})") if event["risk"] else None


def _refused(event: Event) -> Said:
    return Said("bad", f"✗ not done: {lines(event['message'])} ({event['code']})")


def _decided(event: Event) -> Said:
    why = f": {lines(event['reason'])}" if event["reason"] else ""
    said = f"{event['verdict']} by {one_line(event['by'])}{why}"
    return Said("good" if event["verdict"] == "approved" else "bad", said)


def _outcome(event: Event) -> Said:
    if event["status"] == "done":
        return Said("good", "✓ done")
    error: Event = event.get("error") or {"message": "", "code": ""}
    return Said("bad", f"✗ {event['status']}: {lines(error['message'])} ({error['code']})")


def _failed(event: Event) -> Said:
    return Said("bad", f"the model failed: {lines(event['message'])} ({event['code']})")


def _trust(event: Event) -> Said:
    offer = event["offer"]
    other = f" Say /model {one_line(offer['name'])} to go on with that one." if offer else ""
    return Said("ask", f"{lines(event['message'])}{other}")


def _budget(event: Event) -> Said:
    return Said("ask", f"{lines(event['message'])}. The answer waits until somebody raises the budget, or for Ctrl-C.")


def _ended(event: Event) -> Said | None:
    if event["reason"] == "answered":
        return None
    detail = lines(event.get("detail", ""))
    return Said("bad", detail if detail.startswith(event["reason"]) else f"{event['reason']}: {detail}")


def _call(event: Event, shown: int = SHOWN_ARGUMENTS) -> str:
    arguments = json.dumps(event["arguments"], ensure_ascii=False)
    more = len(arguments) - shown
    rest = f"… {more} more characters: the page has them" if more > 0 else ""
    return f"{one_line(event['tool'])} {one_line(arguments[:shown])}{rest}"


def _plan_mode(event: Event) -> Said:
    how = "plan mode: the agent reads and changes nothing" if event["on"] else "plan mode is over"
    return Said("ask" if event["on"] else "dim", f"{how} (by {one_line(event['by'])})")


def _edit_review(event: Event) -> Said:
    how = "edits of the agent wait for your word" if event["on"] else "edits of the agent are made at once"
    return Said("dim", f"{how} (by {one_line(event['by'])})")


def _readable(event: Event) -> Said:
    """The terminals are on the page."""
    how = "lets the agent read" if event["on"] else "lets the agent read no more of"
    return Said("dim", f"{one_line(event['by'])} {how} terminal {one_line(event['terminal_id'])}")


def _compacted(event: Event) -> Said:
    return Said("dim", "the model is told of earlier turns by a summary from here on; the page keeps all of them")


def _sub_agent_waits(event: Event) -> Said:
    where = f"{one_line(event['tool'])} in session {one_line(event['session_id'])}"
    return Said("ask", f"the sub-agent {one_line(event['profile'])} waits for approval of {where}")


_SAYERS: Mapping[str, Callable[[Event], Said | None]] = {
    "user.message": _message,
    "model.replied": _reply,
    "call.proposed": _proposed,
    "call.refused": _refused,
    "call.outcome": _outcome,
    "approval.decided": _decided,
    "model.failed": _failed,
    "session.trust_change_needed": _trust,
    "budget.asked": _budget,
    "session.plan_mode": _plan_mode,
    "session.edit_review": _edit_review,
    "terminal.readable": _readable,
    "conversation.compacted": _compacted,
    "subagent.waits": _sub_agent_waits,
    "turn.ended": _ended,
}
