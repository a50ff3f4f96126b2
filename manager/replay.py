"""Plays a session again from its records: same loop machine, same assembler, recorded replies and results.

Every request that was sent to a model is made anew and compared with the recorded digest, byte for byte; every call,
refusal and end of a turn must be what the loop asks for at that point. Pure: nothing is run and nothing is sent.

Limits: a request is the same only under the tools and prompt of the version that sent it, with the foreign tools that
were accepted last, and not where personal content has been erased since.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, cast

from audit.canonical import sha256_hex
from audit.chains import SESSIONS
from audit.ledger import Event
from audit.redaction import redact
from ink_core.identity.principal import Principal
from manager.agent import loop
from manager.agent.assembler import Assembler
from manager.agent.context_budget import ContextBudget
from manager.agent.model import ModelRequest
from manager.agent.planner import planning_request
from manager.agent.request_record import Asks, ModelSent, request_bytes
from manager.agent.state import LoopLimits, LoopState
from manager.agent.summary import summary_request
from manager.sessions.view import SessionView, fold
from mcp_tools.spec import ToolSpec

Tools = Callable[[Principal], Iterable[ToolSpec]]

_UNASKED = ("stopped", "failed")
"""A person may end a turn, and so may the harness where it breaks; neither is the loop's own doing."""


@dataclass
class Replay:
    """`steps` tells the session; `requests` were made again, `identical` of them byte for byte."""

    session_id: str
    steps: list[str] = field(default_factory=list[str])
    problems: list[str] = field(default_factory=list[str])
    requests: int = 0
    identical: int = 0

    @property
    def ok(self) -> bool:
        return not self.problems


def replay(events: Iterable[Event], tools: Tools, limits: LoopLimits | None = None) -> Replay:
    player: _Player | None = None
    for event in events:
        player = player or _Player(event.chain.removeprefix(SESSIONS), tools, limits)
        player.play(event)
    return player.result if player else Replay("", problems=["there are no records of this session"])


class _Player:
    def __init__(self, session_id: str, tools: Tools, limits: LoopLimits | None) -> None:
        self.result = Replay(session_id)
        self._tools = tools
        self._state = loop.begin(session_id, limits)
        self._view: SessionView | None = None
        self._asked_at: datetime | None = None
        self._past: dict[int, tuple[LoopState, SessionView]] = {}

    def play(self, event: Event) -> None:
        body = cast("Mapping[str, Any]", event.body)
        if event.erased:
            self.result.problems.append(f"#{event.seq} {event.kind}: its content was erased; it cannot be replayed")
        self._check(event, body)
        self._tell(event, body)
        self._view = fold(self._view, event)
        self._state, _ = loop.handle(self._state, event.kind, event.body, event.time)
        self._past[event.seq] = (self._state, self._view)

    def _check(self, event: Event, body: Mapping[str, Any]) -> None:
        due = loop.outstanding(self._state)
        match event.kind:
            case "model.asked":
                self._asked_at = event.time
                self._expect(event, any(isinstance(each, loop.AskModel) and each.turn == body["turn"] for each in due))
            case "model.sent":
                self._compare(event, ModelSent.model_validate(body))
            case "call.proposed" if str(body["call_id"]).startswith(f"{self.result.session_id}."):
                # one call of a reply can be waiting for a budget while the others go on
                due = loop.outstanding(replace(self._state, over_budget=False))
                self._expect(event, any(_proposes(each, body) for each in due))
            case "turn.ended" if body["reason"] not in _UNASKED:
                ends = (each for each in due if isinstance(each, loop.EndTurn))
                self._expect(event, any((each.turn, each.reason) == (body["turn"], body["reason"]) for each in ends))
            case _:
                pass

    def _expect(self, event: Event, due: bool) -> None:
        if not due:
            self.result.problems.append(f"#{event.seq} {event.kind}: the loop does not ask for this here")

    def _compare(self, event: Event, sent: ModelSent) -> None:
        self.result.requests += 1
        made = request_bytes(self._request(sent))
        if sha256_hex(made) == sent.request_sha256:
            self.result.identical += 1
            return
        sizes = f"{len(made)} bytes are made now, {sent.bytes} were sent"
        self.result.problems.append(f"#{event.seq} {event.kind}: another request than was sent ({sizes})")

    def _request(self, sent: ModelSent) -> ModelRequest:
        state, view = self._past[sent.last_seq]
        assert view.authority is not None and self._asked_at is not None, "a model is asked after a message"
        total, result = sent.budget
        worker_id = view.worker_of(view.authority.username)
        assembler = Assembler(self._tools, lambda: sent.clusters, ContextBudget(total, result))
        request = assembler.request(state, view.authority, worker_id, self._asked_at, sent.text or "", view.brief)
        return _asked(state, view.authority.username, request, sent.asks)

    def _tell(self, event: Event, body: Mapping[str, Any]) -> None:
        said = _TOLD.get(event.kind)
        if said is not None:
            self.result.steps.append(f"{event.time:%Y-%m-%d %H:%M:%S}  {said(body)}")


def _asked(state: LoopState, username: str, request: ModelRequest, asks: Asks) -> ModelRequest:
    match asks:
        case "reply":
            return request
        case "plan":
            return planning_request(state, username, request)
        case "summary":
            return summary_request(state, request, request.compaction) if request.compaction else request


def _proposes(instruction: loop.Instruction, body: Mapping[str, Any]) -> bool:
    """Whether the loop asked for this very call; of one that it refused itself no arguments are on record."""
    if isinstance(instruction, loop.RefuseCall):
        return instruction.call_id == body["call_id"]
    if not isinstance(instruction, loop.ProposeCall) or instruction.call_id != body["call_id"]:
        return False
    return instruction.tool == body["tool"] and redact(dict(instruction.arguments)) == body["arguments"]


_TOLD: Mapping[str, Callable[[Mapping[str, Any]], str]] = {
    "user.message": lambda body: f"{body['by']}: {body['text']}",
    "model.sent": lambda body: f"request of {body['bytes']} bytes, sha256 {body['request_sha256']}",
    "model.replied": lambda body: f"model: {body['text']} {[call['tool'] for call in body['calls']] or ''}".rstrip(),
    "model.failed": lambda body: f"model failed: {body['message']}",
    "conversation.compacted": lambda body: f"turns up to {body['through']} read as: {body['text']}",
    "session.branched": lambda body: f"{body['by']} went on after turn {body['parent']}",
    "call.proposed": lambda body: f"call {body['call_id']}: {body['tool']} {body['arguments']}",
    "approval.decided": lambda body: f"call {body['call_id']}: {body['verdict']} by {body['by']}",
    "call.refused": lambda body: f"call {body['call_id']}: refused, {body['message']}",
    "call.outcome": lambda body: f"call {body['call_id']}: {body['status']} {body.get('result') or body.get('error')}",
    "turn.ended": lambda body: f"turn {body['turn']} ended: {body['reason']}",
}
