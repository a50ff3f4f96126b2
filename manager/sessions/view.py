"""What the outside sees of a session: a fold over its chain. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, cast

from audit.chains import SESSIONS, session_chain
from audit.ledger import Event
from ink_core.identity.principal import Principal
from ink_core.labels import Confidentiality, Label, most_confidential
from manager.agent.brief import Brief
from manager.agent.model import TrustClass
from manager.agent.request_record import asks_reply, tokens_of_bytes
from manager.gate import terminal_readings
from manager.gate.edit_review import EDIT_REVIEW
from manager.sessions.delegation import Delegation
from manager.sessions.todo_lists import TodoLists
from mcp_tools.context import Readable
from mcp_tools.todos import WRITES, Todo, todos_of


@dataclass(frozen=True)
class SessionView:
    """`authority` is what the author of the latest message was allowed to do; the agent may do no more than that.

    `stopped`: a person has ended the latest turn. `asked` is the model that was asked last, whatever the session was
    changed to since.
    `tools` are those, of the tools there are, that somebody wanted to use in it.
    `over_budget`: the turn waits until somebody raises a budget. `ended_at`: when the latest turn did. `used_at`: when
    somebody last wrote to it, or opened it.
    `confidentiality` is the highest that the conversation has seen; it never falls, whatever is left out of a request.
    `context_tokens` were in the latest request to its model and the reply, by the provider's count where it gives one.
    `plan_mode`: its agent may look and change nothing; `edit_review`: its edits wait for its user's word.
    `lists` are its agent's, of the present path and of those left.
    `readable`: terminals that its agent may read.
    `task_id` is the task that it is part of, `in_task_since` when its owner put it there; `delegation` is that of a
    sub-agent. `worker_id` is an agent of `worker_owner`; in the turns of anybody else there is none.
    """

    session_id: str
    owner: str
    title: str
    worker_id: str | None
    model: str
    trust: TrustClass
    created_at: datetime
    last_seq: int
    in_task_since: datetime
    used_at: datetime
    task_id: str | None = None
    delegation: Delegation | None = None
    worker_owner: str = ""
    authority: Principal | None = None
    turn: int = 0
    running: bool = False
    stopped: bool = False
    over_budget: bool = False
    ended_at: datetime | None = None
    asked: str | None = None
    tools: frozenset[str] = frozenset()
    confidentiality: Confidentiality = Confidentiality.SCRATCH
    context_tokens: int = 0
    plan_mode: bool = False
    edit_review: bool = False
    lists: TodoLists = field(default_factory=TodoLists)
    readable: tuple[Readable, ...] = ()

    @property
    def todos(self) -> tuple[Todo, ...]:
        """What its agent has to do, on the path that the conversation goes on with."""
        return self.lists.now

    @property
    def chain(self) -> str:
        return session_chain(self.session_id)

    def worker_of(self, username: str) -> str | None:
        """The worker agent that this user's calls go to."""
        return self.worker_id if username == self.worker_owner else None

    def is_new_author(self, username: str) -> bool:
        """Whether their message would be the first one after another's."""
        return self.authority is not None and self.authority.username != username

    @property
    def agents(self) -> tuple[str, ...]:
        """Itself, after the sessions above it."""
        return (*(self.delegation.ancestors if self.delegation else ()), self.session_id)

    @property
    def model_asked(self) -> str:
        """Whose the latest reply and its calls are; that the session goes on with another one changes nothing there."""
        return self.asked or self.model

    @property
    def waits_to_begin(self) -> bool:
        """A sub-agent's that has not got its goal yet."""
        return self.delegation is not None and not self.turn and not self.stopped

    @property
    def tools_granted(self) -> frozenset[str] | None:
        """Those that its agent may use at most; None for all that the author of a message may use."""
        return self.delegation.tools if self.delegation else None

    @property
    def brief(self) -> Brief | None:
        return self.delegation.brief if self.delegation else None


def fold(view: SessionView | None, event: Event) -> SessionView:
    """View after `event`; a session chain begins with `session.opened`."""
    body = cast("Mapping[str, Any]", event.body)
    if event.kind == "session.opened":
        return _opened(event, body)
    if view is None:
        raise ValueError(f"{event.chain} does not begin with session.opened")
    seen = most_confidential((view.confidentiality, _level(view, event.kind, body)))
    context = _context_tokens(view, event.kind, body)
    view = replace(view, last_seq=event.seq, confidentiality=seen, context_tokens=context)
    match event.kind:
        case "session.changed":
            return _changed(view, event, body)
        case "model.asked":
            return replace(view, asked=body["model"])
        case "budget.asked" | "budget.raised":
            return replace(view, over_budget=event.kind == "budget.asked")
        case "call.proposed" | "call.outcome":
            return _with_call(view, event.kind, body)
        case "session.plan_mode" | "session.edit_review" | "session.branched" | terminal_readings.ALLOWED:
            return _steered(view, event, body)
        case "user.message":
            return replace(_with_message(view, body), used_at=event.time)
        case "turn.ended" if body["turn"] == view.turn:
            stopped = body["reason"] == "stopped"
            return replace(view, running=False, over_budget=False, stopped=stopped, ended_at=event.time)
        case _:
            return view


def _changed(view: SessionView, event: Event, body: Mapping[str, Any]) -> SessionView:
    worker_id, attached = body.get("worker_id", view.worker_id), "worker_id" in body
    return replace(
        view,
        title=body.get("title", view.title),
        worker_id=worker_id,
        worker_owner=body.get("by", view.owner) if attached else view.worker_owner,
        model=body.get("model", view.model),
        trust=TrustClass(body.get("trust", view.trust)),
        task_id=body.get("task_id", view.task_id),
        in_task_since=event.time if "task_id" in body else view.in_task_since,
    )


def _context_tokens(view: SessionView, kind: str, body: Mapping[str, Any]) -> int:
    if kind == "model.sent" and asks_reply(body):
        return tokens_of_bytes(body["bytes"])
    if kind == "model.replied" and body.get("prompt_tokens"):
        return body["prompt_tokens"] + body["completion_tokens"]
    return view.context_tokens


def _opened(event: Event, body: Mapping[str, Any]) -> SessionView:
    delegation = Delegation.model_validate(body["delegation"]) if body.get("delegation") else None
    goal = delegation.label.confidentiality if delegation else Confidentiality.SCRATCH
    return SessionView(
        session_id=event.chain.removeprefix(SESSIONS),
        owner=body["owner"],
        title=body["title"],
        worker_id=body["worker_id"],
        model=body["model"],
        trust=TrustClass(body["trust"]),
        created_at=event.time,
        last_seq=event.seq,
        task_id=body.get("task_id"),
        in_task_since=event.time,
        used_at=event.time,
        worker_owner=body["owner"],
        delegation=delegation,
        confidentiality=most_confidential((Confidentiality.SCRATCH, goal)),
    )


def _steered(view: SessionView, event: Event, body: Mapping[str, Any]) -> SessionView:
    if event.kind == "session.branched":
        return replace(view, lists=view.lists.moved(body["parent"]))
    if event.kind == terminal_readings.ALLOWED:
        return replace(view, readable=terminal_readings.fold(view.readable, event))
    if event.kind == EDIT_REVIEW:
        return replace(view, edit_review=body["on"])
    return replace(view, plan_mode=body["on"])


def _with_message(view: SessionView, body: Mapping[str, Any]) -> SessionView:
    authority = Principal.model_validate({"username": body["by"], **body["authority"]})
    view = replace(view, authority=authority, stopped=False, ended_at=None)
    if view.running:
        return view
    turn = view.turn + 1
    return replace(view, turn=turn, running=True, lists=view.lists.begun(turn))


def _with_call(view: SessionView, kind: str, body: Mapping[str, Any]) -> SessionView:
    if kind == "call.outcome":
        return replace(view, lists=view.lists.written(body["call_id"])) if body["status"] == "done" else view
    tools = view.tools | {body["tool"]} if body["risk"] else view.tools
    wants = body["tool"] == WRITES and body["origin"] == "model"
    lists = view.lists.wanted_by(body["call_id"], todos_of(body["arguments"])) if wants else view.lists
    return replace(view, tools=tools, lists=lists)


def _level(view: SessionView, kind: str, body: Mapping[str, Any]) -> Confidentiality:
    """Of what the conversation gains by a record: a context, a quote, or the end of a call that was looked at."""
    if kind == "model.sent" and body.get("context"):
        return Confidentiality(body["context"]["confidentiality"])
    ends = kind in ("call.refused", "call.outcome") and body["call_id"].startswith(f"{view.session_id}.")
    gained = ends or kind == "user.message"
    return Label.from_json(body["label"]).confidentiality if gained and body.get("label") else Confidentiality.PUBLIC
