"""Making credentials and renewing them: the secret is shown once and kept as its digest."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from datetime import timedelta

from ink_core.clock import Clock
from ink_core.identity.model import NO_LIMITS, Credential, CredentialKind, Issued, Limits, User
from ink_core.identity.principal import Scope
from ink_core.identity.secret import digest, new_id, new_secret
from ink_core.identity.store import IdentityStore

KEEP = {
    CredentialKind.SESSION: 20,
    CredentialKind.TOKEN: 100,
    CredentialKind.CODE: 5,
    CredentialKind.APP: 20,
    CredentialKind.SIGN_IN: 20,
}
"""How many of a kind one user may have; the oldest gives way, but a token is refused."""


class Issuing:
    """Part of `IdentityService`; `forget` is called with the digests of what no longer counts."""

    def __init__(self, store: IdentityStore, clock: Clock, forget: Callable[[Sequence[str]], None]) -> None:
        self._store = store
        self._clock = clock
        self._forget = forget

    async def issue(
        self,
        user: User,
        kind: CredentialKind,
        name: str,
        scopes: frozenset[Scope],
        lifetime: timedelta,
        limits: Limits = NO_LIMITS,
    ) -> Issued:
        now, secret = self._clock.now(), new_secret(kind)
        credential = Credential(
            id=new_id(),
            kind=kind,
            username=user.username,
            name=name,
            scopes=scopes,
            created_at=now,
            expires_at=now + lifetime,
            **limits.model_dump(),
        )
        removed = await asyncio.to_thread(self._store.add_credential, credential, digest(secret), keep=KEEP[kind])
        if removed:
            self._forget(removed)
        return Issued(credential=credential, secret=secret, principal=credential.principal(user))

    async def renew(self, username: str, credential_id: str, kind: CredentialKind, lifetime: timedelta) -> str | None:
        """A new secret for it, from now on the only one, and a new end; None when it was revoked."""
        secret, until = new_secret(kind), self._clock.now() + lifetime
        old = await asyncio.to_thread(self._store.renew, username, credential_id, digest(secret), until)
        if old is None:
            return None
        self._forget([old])
        return secret
