"""Letting the agent of a conversation read a terminal, and taking that back."""

from __future__ import annotations

from typing import Annotated

from fastapi import Path
from pydantic import BaseModel, ConfigDict

from ink_core.api.area import Area
from manager.api.platform import Parts
from manager.api.session_view import Session, session_view
from manager.api.streams import User
from manager.sessions.terminal_reading import let_read
from mcp_tools.context import Readable

router = Area(prefix="/api/v1/sessions", tags=["terminals"])
Name = Annotated[str, Path(min_length=1, max_length=100)]


class Reading(BaseModel):
    model_config = ConfigDict(extra="forbid")

    on: bool


@router.put("/{session_id}/terminals/{worker_id}/{terminal_id}")
async def let_agent_read_terminal(
    session_id: str, worker_id: Name, terminal_id: Name, reading: Reading, principal: User, platform: Parts
) -> Session:
    """Of one's own worker alone: the agent of this conversation may read the terminal (`read_terminal`), or no more."""
    readable = Readable(worker_id, terminal_id, principal.username)
    view = await let_read(platform.sessions, platform.launcher, principal, session_id, readable, on=reading.on)
    return session_view(platform, principal, view)
