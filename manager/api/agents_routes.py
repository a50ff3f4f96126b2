"""Worker agents: the list for their user. They dial in at `manager/api/worker_door.py`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import BaseModel

from ink_core.api.security import requires
from ink_core.errors import BadInput
from ink_core.identity.principal import Principal, Scope
from manager.api.platform import Parts
from mcp_tools.context import AgentStatus

router = APIRouter(tags=["agents"])
User = Annotated[Principal, requires(Scope.AGENT_USE)]


class Agent(BaseModel):
    worker_id: str
    user: str
    place: str
    state: str
    cluster: str | None
    job_id: str | None
    node: str | None
    workspace: str
    detail: str | None


class AgentPage(BaseModel):
    agents: list[Agent]
    next_cursor: str | None


@router.get("/api/v1/agents")
async def list_agents(
    principal: User,
    platform: Parts,
    cursor: Annotated[str | None, Query(max_length=100)] = None,
    limit: Annotated[int, Query(ge=1, le=1_000)] = 200,
) -> AgentPage:
    """One's own worker agents, the newest first."""
    return page_of(platform.launcher.list(principal.username), cursor, limit)


def page_of(own: Sequence[AgentStatus], cursor: str | None, limit: int) -> AgentPage:
    """The first so many of them that come after the worker `cursor`. Raises `BadInput` where that is not among them."""
    start = _place_behind(cursor, own) if cursor else 0
    page = [Agent.model_validate(asdict(status)) for status in own[start : start + limit]]
    goes_on = start + len(page) < len(own)
    return AgentPage(agents=page, next_cursor=page[-1].worker_id if goes_on else None)


def _place_behind(worker_id: str, own: Sequence[AgentStatus]) -> int:
    for place, status in enumerate(own, 1):
        if status.worker_id == worker_id:
            return place
    raise BadInput("this cursor is none of ours any more; start again without one")
