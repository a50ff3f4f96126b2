"""Putting a conversation into plan mode or under review of edits and out of it, by whoever may steer it."""

from __future__ import annotations

from ink_core.identity.principal import Principal
from manager.gate.edit_review import EDIT_REVIEW
from manager.gate.plan_mode import PLAN_MODE
from manager.gate.session_switch import switched_record
from manager.sessions.service import SessionService
from manager.sessions.view import SessionView


async def switch_plan_mode(sessions: SessionService, principal: Principal, session_id: str, *, on: bool) -> SessionView:
    """Raises `SessionNotFound`, `WatchOnly`, `Locked`. Once back, no call of its agent that changes anything begins."""
    async with sessions.steering(principal, session_id) as view:
        if view.plan_mode is on:
            return view
        return await sessions.record(view, switched_record(PLAN_MODE, on, principal.username))


async def switch_edit_review(
    sessions: SessionService, principal: Principal, session_id: str, *, on: bool
) -> SessionView:
    """Raises as `switch_plan_mode`. Once back, no edit that its agent proposes is made without its user's word."""
    async with sessions.steering(principal, session_id) as view:
        if view.edit_review is on:
            return view
        return await sessions.record(view, switched_record(EDIT_REVIEW, on, principal.username))
