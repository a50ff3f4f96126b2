"""Sub-agents: the tree below a session as it grows, and the profiles that there are."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Annotated, Literal

from fastapi import Query
from pydantic import BaseModel

from ink_core.api.area import Area
from ink_core.identity.principal import Principal
from ink_core.labels import Confidentiality
from manager.agent.model import TrustClass
from manager.api.platform import Parts, Platform
from manager.api.streams import User
from manager.sessions.view import SessionView
from manager.subagents.standing import State, standing

router = Area(prefix="/api/v1/subagents", tags=["sub-agents"])


class SubAgent(BaseModel):
    """One child. `root` is the session that a person opened, `depth` how far below it; `detail` why it has no result.

    Its conversation, its calls and its approvals are those of the session `session_id`.
    """

    session_id: str
    parent: str
    root: str
    depth: int
    profile: str
    goal: str
    owner: str
    task_id: str | None
    state: State
    detail: str
    model: str
    trust: TrustClass
    confidentiality: Confidentiality
    worker_id: str | None
    opened_at: datetime
    ended_at: datetime | None


class SubAgentProfile(BaseModel):
    """`tokens` and `minutes` are the most that a child of it may use up; its parent's budget may leave less."""

    name: str
    description: str
    tools: Sequence[str]
    scopes: Sequence[str]
    skills: Sequence[str]
    worker: Literal["parent", "own"]
    tokens: int
    minutes: int


@router.get("")
async def list_sub_agents(
    principal: User,
    platform: Parts,
    session_id: Annotated[str | None, Query(max_length=100)] = None,
    task_id: Annotated[str | None, Query(max_length=100)] = None,
    limit: Annotated[int, Query(ge=1, le=1000)] = 200,
) -> list[SubAgent]:
    """All below one session, or below those of a task, the first opened first; without both one's own, newest first.

    Those are left out whose conversations the credential may not read.
    """
    sessions = platform.sessions
    if session_id is None and task_id is None:
        own = (await platform.subagents.sessions.of_user(principal))[:limit]
        readable = await _readable(platform, principal, {view.agents[0] for view in own})
        return [_shown(view, platform) for view in own if view.agents[0] in readable]
    roots = [session_id] if session_id is not None else []
    if task_id is not None:
        task = platform.tasks.desk.seen(principal.username, task_id)
        roots += [view.session_id for view in await platform.tasks.sharing.sessions(principal, task)]
    for root in roots:
        await sessions.get(principal, root)
    readable = await _readable(platform, principal, roots)
    below = [child for root in roots if root in readable for child in sessions.below(root)][:limit]
    return [_shown(await sessions.view(child), platform) for child in below]


@router.get("/profiles")
async def list_profiles(principal: User, platform: Parts) -> list[SubAgentProfile]:
    """What a goal can be given to."""
    shelf = await asyncio.to_thread(platform.subagents.library.shelf)
    return [
        SubAgentProfile(
            name=profile.name,
            description=profile.description,
            tools=sorted(profile.tools),
            scopes=sorted(profile.scopes),
            skills=profile.skills,
            worker=profile.worker,
            tokens=profile.tokens,
            minutes=profile.minutes,
        )
        for profile in shelf.profiles.values()
    ]


async def _readable(platform: Platform, principal: Principal, session_ids: Iterable[str]) -> frozenset[str]:
    """A goal is written of what the conversation above it has seen."""
    views = [await platform.sessions.view(session_id) for session_id in session_ids]
    return frozenset([view.session_id for view in views if await platform.sessions.readable(principal, view)])


def _shown(view: SessionView, platform: Platform) -> SubAgent:
    assert view.delegation is not None, "a sub-agent's session"
    state, detail = standing(view, platform.gate)
    return SubAgent(
        session_id=view.session_id,
        parent=view.delegation.parent,
        root=view.delegation.ancestors[0],
        depth=view.delegation.depth,
        profile=view.delegation.profile,
        goal=view.title,
        owner=view.owner,
        task_id=view.task_id,
        state=state,
        detail=detail,
        model=view.model,
        trust=view.trust,
        confidentiality=view.confidentiality,
        worker_id=view.worker_id,
        opened_at=view.created_at,
        ended_at=view.ended_at,
    )
