"""By whose word the gate lets things happen: the signing key, the people, the permits, and what is locked."""

from __future__ import annotations

import secrets
from dataclasses import dataclass

from ink_core.clock import Clock
from ink_core.identity.principal import Principal, Scope
from ink_core.key_file import KEY_BYTES
from ink_core.signing import SigningKey
from manager.gate.approvals import KnownPeople, People
from manager.gate.lockout import Lockout
from manager.permits import Permits


@dataclass(frozen=True)
class Authority:
    key: SigningKey
    people: People
    permits: Permits
    lockout: Lockout

    async def present(self, principal: Principal) -> Principal:
        """Without what the user has lost since: an agent works on for hours, or waits for days, by an old message."""
        now = await self.people.scopes(principal.username)
        kept = {"scopes": principal.scopes & now, "is_admin": principal.is_admin and Scope.ADMIN in now}
        return principal.model_copy(update=kept)

    @classmethod
    def alone(cls, clock: Clock) -> Authority:
        """The shipped double: a key of its own, and everybody may act."""
        key = SigningKey(secrets.token_bytes(KEY_BYTES))
        return cls(key, KnownPeople(), Permits(key, clock), Lockout())
