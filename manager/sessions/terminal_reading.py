"""Letting the agent of a conversation read a terminal, and taking that back: by the user whose terminal it is alone."""

from __future__ import annotations

from ink_core.identity.principal import Principal
from manager.gate.terminal_readings import allowed_record
from manager.sessions.own_workers import OwnWorkers
from manager.sessions.service import SessionService
from manager.sessions.view import SessionView
from mcp_tools.context import Readable


async def let_read(
    sessions: SessionService,
    workers: OwnWorkers,
    principal: Principal,
    session_id: str,
    readable: Readable,
    *,
    on: bool,
) -> SessionView:
    """Once back, no call is told what was taken back.

    Raises `SessionNotFound`, `WatchOnly`, `Locked`, `WorkerNotFound`.
    """
    async with sessions.steering(principal, session_id) as view:
        workers.owned(principal.username, readable.worker_id)
        return await sessions.record(view, allowed_record(readable, on=on))
