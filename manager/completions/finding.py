"""Finds the session that a request goes on with: the one it names, or the one that began as the client believes.

Limit: of a user's own sessions the `LOOKED_AT` used last are looked at; what was said in others is not found again.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass

from audit.ledger import Ledger
from ink_core.identity.principal import Principal
from manager.completions.exchanges import Exchange, Told, begins_with, exchanges, untold
from manager.sessions.reading import ConversationTooWide
from manager.sessions.service import SessionService
from manager.sessions.view import SessionView

LOOKED_AT = 50
KEPT = 500


@dataclass(frozen=True)
class Found:
    """`branch_at` is the turn that the client wants to be another one. `untold` was said since the client listened."""

    view: SessionView
    branch_at: int | None = None
    untold: Sequence[str] = ()


class Finding:
    def __init__(self, sessions: SessionService, ledger: Ledger) -> None:
        self._sessions = sessions
        self._ledger = ledger
        self._said: OrderedDict[tuple[str, int], Sequence[Exchange]] = OrderedDict()

    async def named(self, principal: Principal, session_id: str) -> Found:
        """Raises as `SessionService.own` does, and `ConversationTooWide`."""
        view = await self._sessions.own(principal, session_id)
        await self._sessions.check_readable(principal, session_id)
        return Found(view)

    async def like(self, principal: Principal, believed: Sequence[Told]) -> Found | None:
        """The session used last of one's own that began so; None without a beginning."""
        if not believed:
            return None
        for view in (await self._sessions.list(principal))[:LOOKED_AT]:
            said = await self._exchanges(view)
            if begins_with(said, believed) and await self._is_readable(principal, view):
                return _found(view, said, believed)
        return None

    async def _is_readable(self, principal: Principal, view: SessionView) -> bool:
        try:
            await self._sessions.check_readable(principal, view.session_id)
        except ConversationTooWide:
            return False
        return True

    async def _exchanges(self, view: SessionView) -> Sequence[Exchange]:
        key = (view.session_id, view.last_seq)
        if key not in self._said:
            self._said[key] = exchanges(await self._ledger.read(view.chain))
            while len(self._said) > KEPT:
                self._said.popitem(last=False)
        return self._said[key]


def _found(view: SessionView, said: Sequence[Exchange], believed: Sequence[Told]) -> Found:
    if len(believed) < len(said):
        return Found(view, branch_at=said[len(believed)].turn)
    return Found(view, untold=untold(said[-1], believed[-1]))
