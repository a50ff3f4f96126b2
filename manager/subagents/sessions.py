"""The sessions of children: opened once, told what to do, ended; nobody writes to them but the harness."""

from __future__ import annotations

from collections.abc import Sequence

from audit.chains import session_chain
from audit.ledger import Ledger, Record
from ink_core.identity.principal import Principal
from manager.gate.lockout import Lockout
from manager.sessions.service import SessionService
from manager.sessions.turns import message_record
from manager.sessions.view import SessionView


class ChildSessions:
    def __init__(self, ledger: Ledger, sessions: SessionService, lockout: Lockout) -> None:
        self._ledger = ledger
        self._sessions = sessions
        self._lockout = lockout

    async def open(self, session_id: str, *first: Record) -> None:
        """With its first records, once; with a message among them it begins its turn."""
        async with self._sessions.alone(session_id):
            if not await self.exists(session_id):
                await self._ledger.append(session_chain(session_id), *first)
            await self._sessions.go_on(session_id)

    async def tell(self, session_id: str, principal: Principal, text: str, worker_id: str | None) -> None:
        """It works in that worker from now on. Does nothing for one that works or was stopped. Raises `Locked`."""
        async with self._sessions.alone(session_id):
            view = await self._sessions.view(session_id)
            if view.running or view.stopped:
                return
            self._lockout.check(user=principal.username, session=session_id)
            moved = Record("session.changed", {"worker_id": worker_id, "by": principal.username})
            place = () if worker_id == view.worker_id else (moved,)
            await self._sessions.begin_turn(principal, view, *place, message_record(principal, text))

    async def end(self, session_id: str, why: str) -> None:
        """Its turn, or its chance of ever having one."""
        await self._sessions.end_turn(session_id, why)

    async def exists(self, session_id: str) -> bool:
        return bool(await self._ledger.read(session_chain(session_id), limit=1))

    async def view(self, session_id: str) -> SessionView:
        """Of a child or of its parent."""
        return await self._sessions.view(session_id)

    def task(self, view: SessionView) -> str | None:
        """The task whose members may see it now."""
        return self._sessions.access.task(view)

    def below(self, session_id: str) -> Sequence[str]:
        """All children below a session, the one opened first first."""
        return self._sessions.below(session_id)

    async def going_on(self) -> Sequence[SessionView]:
        """Those that have not ended."""
        views = [await self._sessions.view(session_id) for session_id in self._sessions.ids()]
        return [view for view in views if view.delegation and (view.running or view.waits_to_begin)]

    async def of_user(self, principal: Principal) -> Sequence[SessionView]:
        """Newest first."""
        views = [await self._sessions.view(one) for one in self._sessions.ids(owner=principal.username)]
        return sorted((view for view in views if view.delegation), key=lambda view: view.created_at, reverse=True)
