"""Whose secret this is, as long as it counts: not expired or revoked, its user neither disabled nor locked."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta

from ink_core.clock import Clock
from ink_core.errors import AccountLocked, TokenExpired, TokenInvalid
from ink_core.identity.cache import CredentialCache
from ink_core.identity.changes import Changes
from ink_core.identity.model import Credential, CredentialKind
from ink_core.identity.pace import Paces
from ink_core.identity.principal import Principal
from ink_core.identity.secret import MAX_LENGTH, PREFIXES, digest
from ink_core.identity.store import IdentityStore

TOUCH_EVERY = timedelta(minutes=5)


class Authenticating:
    """`cache` and `changes` are shared with who revokes."""

    def __init__(self, store: IdentityStore, clock: Clock, cache: CredentialCache, changes: Changes) -> None:
        self._store = store
        self._clock = clock
        self._cache = cache
        self._changes = changes
        self._paces = Paces()
        self._locked: set[str] = set()

    async def authenticate(self, secret: str, kind: CredentialKind) -> Principal:
        """Who this is. Raises `TokenInvalid`, `TokenExpired`, `AccountLocked`, or `Throttled` beyond a token's pace."""
        if not secret.startswith(PREFIXES[kind]) or len(secret) > MAX_LENGTH:
            raise TokenInvalid("this is no credential of this site")
        digested, now = digest(secret), self._clock.now()
        known = self._cache.get(digested, kind, now) or await self._look_up(digested, kind, now)
        self.check_locked(known.username)
        self._paces.take(known.credential, now)
        return known

    async def session(self, username: str, session_id: str) -> Credential | None:
        """One browser session of the user."""
        sessions = await asyncio.to_thread(self._store.credentials, username, CredentialKind.SESSION)
        return next((session for session in sessions if session.id == session_id), None)

    def lock_out(self, username: str) -> None:
        """From now on no credential of this user counts; what is open with one ends. Kept by the kill switch."""
        self._locked.add(username)
        self._changes.announce()

    def let_in(self, username: str) -> None:
        self._locked.discard(username)

    def check_locked(self, username: str) -> None:
        """Raises `AccountLocked`."""
        if username in self._locked:
            raise AccountLocked(f"the account {username} is locked; ask an administrator")

    async def _look_up(self, digested: str, kind: CredentialKind, now: datetime) -> Principal:
        seen = self._cache.generation
        found = await asyncio.to_thread(self._store.find, digested)
        if found is None or found[0].kind is not kind or found[1].disabled:
            raise TokenInvalid("this credential is unknown or was revoked; sign in again")
        credential, user = found
        if credential.expires_at <= now:
            raise TokenExpired("this credential has expired; sign in again")
        if kind is CredentialKind.APP and await self.session(user.username, credential.name) is None:
            raise TokenInvalid("the browser session has ended; sign in again")
        if credential.last_used_at is None or now - credential.last_used_at >= TOUCH_EVERY:
            await asyncio.to_thread(self._store.touch, credential.id, now)
        principal = credential.principal(user)
        self._paces.learn(principal.credential, credential.requests_per_minute)
        self._cache.put(digested, kind, principal, expires_at=credential.expires_at, now=now, seen=seen)
        return principal
