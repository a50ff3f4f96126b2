"""All sessions of apps in memory: those that are open, and of each user the newest that are over.

The journal has them all. Implements `connections.AppConnections`.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Sequence
from contextlib import suppress
from statistics import median

from ink_core.apps.app_login import AppLogin
from ink_core.apps.connections import Upstream
from ink_core.apps.journal import SessionJournal
from ink_core.apps.session import AppSession, Change, Connected, fold
from ink_core.apps.session_secrets import SessionSecrets
from ink_core.errors import NotFound

KEPT_OVER = 50
"""How many sessions of one user that are over stay in memory, and in the user's list."""
KEPT_WAITS = 20
"""By how many former sessions of a cluster the next one's wait is told."""


class SessionNotFound(NotFound):
    """Never was, is another user's, or is over for long: the three look alike."""

    code = "app_session_not_found"


class SessionRegistry:
    def __init__(self, journal: SessionJournal, secrets: SessionSecrets) -> None:
        self._journal = journal
        self._secrets = secrets
        self._sessions: dict[str, AppSession] = {}
        self._of_user: dict[str, set[str]] = {}
        self._ready: dict[tuple[str, str, int, str], str] = {}
        self._waits: dict[str, deque[float]] = {}
        self._news = asyncio.Event()
        self.logins: dict[str, AppLogin] = {}
        """What `app_login.info` says, by session: never recorded, read again after a restart."""

    async def recover(self) -> None:
        for change in await self._journal.changes():
            self._take(change)

    async def record(self, change: Change) -> AppSession:
        await self._journal.append(change)
        session = self._take(change)
        self._news.set()
        self._news = asyncio.Event()
        return session

    async def news(self, timeout_s: float) -> None:
        """Until something is recorded of any session, or the time is over."""
        with suppress(TimeoutError):
            async with asyncio.timeout(timeout_s):
                await self._news.wait()

    def get(self, session_id: str) -> AppSession:
        """Raises `SessionNotFound`."""
        if session_id not in self._sessions:
            raise SessionNotFound("you have no such session of an app; launch one")
        return self._sessions[session_id]

    def owned(self, user: str, session_id: str) -> AppSession:
        """Raises `SessionNotFound`, for another's as well."""
        session = self.get(session_id)
        if session.user != user:
            raise SessionNotFound("you have no such session of an app; launch one")
        return session

    def of(self, user: str) -> Sequence[AppSession]:
        """Newest first."""
        mine = [self._sessions[session_id] for session_id in self._of_user.get(user, ())]
        return sorted(mine, key=lambda session: session.launched.at, reverse=True)

    def by_operation(self, operation_id: str) -> AppSession | None:
        return next((each for each in self._sessions.values() if each.launched.operation_id == operation_id), None)

    def unfinished(self) -> Sequence[AppSession]:
        """Those that are open or not cleaned up after."""
        return [session for session in self._sessions.values() if not session.cleaned_up]

    def usual_wait_s(self, cluster: str) -> float | None:
        """From launch to ready, the median of the last sessions there; None before there was any."""
        waits = self._waits.get(cluster)
        return median(waits) if waits else None

    def upstream(self, app: str, node: str, port: int, user: str) -> Upstream | None:
        session = self._sessions.get(self._ready.get((app, node, port, user), ""))
        if session is None or session.connected is None or session.over is not None:
            return None
        host = session.connected.host
        if session.launched.connects == "door":
            return Upstream(host, port, secret=self._secrets.door(session.session_id))
        login = self.logins.get(session.session_id)
        return Upstream(host, port, authorization=login.authorization) if login else None

    def _take(self, change: Change) -> AppSession:
        session = self._sessions[change.session_id] = fold(self._sessions.get(change.session_id), change)
        self._of_user.setdefault(session.user, set()).add(session.session_id)
        if isinstance(change, Connected) and change is session.connected:
            self._ready[session.launched.app, change.node, change.port, session.user] = session.session_id
            waits = self._waits.setdefault(session.launched.cluster, deque(maxlen=KEPT_WAITS))
            waits.append((change.at - session.launched.at).total_seconds())
        if session.over is not None:
            self._forget(session)
        return session

    def _forget(self, session: AppSession) -> None:
        """What leads to a session that is over, and what is too old to be shown."""
        self.logins.pop(session.session_id, None)
        if (gone := session.connected) is not None:
            key = session.launched.app, gone.node, gone.port, session.user
            if self._ready.get(key) == session.session_id:
                del self._ready[key]
        for old in [each for each in self.of(session.user) if each.cleaned_up][KEPT_OVER:]:
            del self._sessions[old.session_id]
            self._of_user[session.user].discard(old.session_id)
