"""What the records of one session say so far: the loop's state and the view, folded side by side."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime

from pydantic import JsonValue

from audit.ledger import Event
from ink_core.identity.principal import Principal
from manager.agent import loop
from manager.agent.state import LoopLimits, LoopState
from manager.sessions.view import SessionView, fold

MakeRecord = Callable[[str, dict[str, JsonValue]], Awaitable[Event]]
"""Writes a record of this kind and body on the session's chain."""


class SessionCourse:
    def __init__(self, session_id: str, limits: LoopLimits) -> None:
        self.session_id = session_id
        self.state: LoopState = loop.begin(session_id, limits)
        self._view: SessionView | None = None
        self._at: datetime | None = None
        self._taken = asyncio.Event()

    def take(self, event: Event) -> tuple[loop.Instruction, ...]:
        """What is due because of the next record."""
        self._view, self._at = fold(self._view, event), event.time
        self.state, due = loop.handle(self.state, event.kind, event.body, event.time)
        self._taken.set()
        self._taken = asyncio.Event()
        return due

    async def until(self, seq: int) -> None:
        """Wait for whoever follows the chain to take this record."""
        while self.seen.last_seq < seq:
            await self._taken.wait()

    @property
    def seen(self) -> SessionView:
        assert self._view is not None, "a session begins with session.opened"
        return self._view

    @property
    def at(self) -> datetime:
        """When the latest record was written."""
        assert self._at is not None, "a session begins with session.opened"
        return self._at

    @property
    def authority(self) -> Principal:
        authority = self.seen.authority
        assert authority is not None, "a turn begins with a user's message"
        return authority

    @property
    def worker_id(self) -> str | None:
        """The worker agent of whoever wrote the latest message, for what is done in their name."""
        return self.seen.worker_of(self.authority.username)
