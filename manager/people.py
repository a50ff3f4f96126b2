"""Who people are now, for approvals: the accounts of the platform and the kill switch."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from ink_core.errors import NotFound
from ink_core.identity.model import User
from ink_core.identity.principal import Principal, Scope
from ink_core.identity.service import IdentityService
from manager.gate.lockout import LockKind, Lockout
from manager.makers import Makers


class AccountPeople:
    """Implements `manager.gate.approvals.People`."""

    def __init__(self, identity: IdentityService, lockout: Lockout, makers: Makers) -> None:
        self._identity = identity
        self._lockout = lockout
        self._makers = makers

    async def active(self, username: str) -> bool:
        return await self._active(username) is not None

    async def may_approve(self, username: str) -> bool:
        return Scope.APPROVE in await self.scopes(username)

    async def scopes(self, username: str) -> frozenset[Scope]:
        user = await self._active(username)
        return user.scopes if user else frozenset()

    async def makers(self, *usernames: str) -> Mapping[str, frozenset[str]]:
        return await self._makers.of(*usernames)

    async def signed_in_at(self, principal: Principal) -> datetime | None:
        return await self._identity.signed_in_at(principal)

    async def spend_jobs(self, principal: Principal, count: int) -> None:
        await self._identity.spend_jobs(principal, count)

    async def _active(self, username: str) -> User | None:
        if self._lockout.get(LockKind.USER, username) is not None:
            return None
        try:
            user = await self._identity.user(username)
        except NotFound:
            return None
        return None if user.disabled else user
