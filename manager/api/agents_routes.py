"""Worker agents: the list for their user. They dial in at `manager/api/worker_door.py`."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated

from fastapi import APIRouter
from pydantic import BaseModel

from ink_core.api.security import requires
from ink_core.identity.principal import Principal, Scope
from manager.api.platform import Parts

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


@router.get("/api/v1/agents")
async def list_agents(principal: User, platform: Parts) -> list[Agent]:
    """One's own worker agents."""
    return [Agent.model_validate(asdict(status)) for status in platform.launcher.list(principal.username)]
