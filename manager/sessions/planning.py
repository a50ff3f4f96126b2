"""Putting a conversation into plan mode and out of it, by whoever may steer it."""

from __future__ import annotations

from ink_core.identity.principal import Principal
from manager.gate.plan_mode import switched_record
from manager.sessions.service import SessionService
from manager.sessions.view import SessionView


async def switch_plan_mode(sessions: SessionService, principal: Principal, session_id: str, *, on: bool) -> SessionView:
    """Raises `SessionNotFound`, `WatchOnly`, `Locked`. Once back, no call of its agent that changes anything begins."""
    async with sessions.steering(principal, session_id) as view:
        if view.plan_mode is on:
            return view
        return await sessions.record(view, switched_record(on, principal.username))
