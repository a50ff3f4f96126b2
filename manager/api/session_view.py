"""A chat session as clients see it."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime

from pydantic import BaseModel

from ink_core.identity.principal import Principal
from ink_core.labels import Confidentiality
from manager.agent.model import TrustClass
from manager.api.platform import Platform
from manager.sessions.access import Share
from manager.sessions.view import SessionView
from mcp_tools.todos import Todo


class ContextUse(BaseModel):
    """Tokens of the latest request and its reply, and how many the model can take in; null for the built-in guide."""

    used: int
    total: int | None


class ReadableTerminal(BaseModel):
    worker_id: str
    terminal_id: str
    by: str


class Session(BaseModel):
    """`parent` and `profile` are those of a sub-agent's session.

    `plan_mode`: its agent may look and change nothing; `edit_review`: its edits wait for its user's word; `todos` is
    its list of what is to be done.
    `readable_terminals`: those that its agent may read, by whose leave.
    `share` is what the caller may do with it, `shared_with` all others who may watch it.
    """

    session_id: str
    title: str
    owner: str
    created_at: datetime
    worker_id: str | None
    model: str
    trust: TrustClass
    confidentiality: Confidentiality
    last_seq: int
    running: bool
    over_budget: bool
    context: ContextUse
    task_id: str | None = None
    parent: str | None = None
    profile: str | None = None
    share: Share = Share.STEER
    shared_with: list[str] = []
    plan_mode: bool = False
    edit_review: bool = False
    todos: list[Todo] = []
    readable_terminals: list[ReadableTerminal] = []


def session_view(platform: Platform, principal: Principal, view: SessionView) -> Session:
    """As the caller sees it, who may."""
    access = platform.sessions.access
    share = access.share(principal, view)
    assert share is not None, "a session is told to those who may watch it"
    return Session(
        session_id=view.session_id,
        title=view.title,
        owner=view.owner,
        created_at=view.created_at,
        worker_id=view.worker_id,
        model=view.model,
        trust=view.trust,
        confidentiality=view.confidentiality,
        last_seq=view.last_seq,
        running=view.running,
        over_budget=view.over_budget,
        context=ContextUse(used=view.context_tokens, total=platform.models.facts(view.model).context_tokens),
        task_id=view.task_id,
        parent=view.delegation.parent if view.delegation else None,
        profile=view.delegation.profile if view.delegation else None,
        share=share,
        shared_with=sorted(access.readers(view) - {principal.username}),
        plan_mode=view.plan_mode,
        edit_review=view.edit_review,
        todos=list(view.todos),
        readable_terminals=[ReadableTerminal(**asdict(each)) for each in view.readable],
    )
