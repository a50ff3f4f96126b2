"""The seam to who people are now: an approval counts only while those who asked and approved may still do so."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Protocol

from ink_core.identity.principal import Principal, Scope


class People(Protocol):
    async def active(self, username: str) -> bool:
        """Whether this account may act: known, not disabled, not locked."""
        ...

    async def may_approve(self, username: str) -> bool:
        """The same, for an administrator."""
        ...

    async def scopes(self, username: str) -> frozenset[Scope]:
        """All that this account may do with any credential; nothing where it may not act."""
        ...

    async def makers(self, *usernames: str) -> Mapping[str, frozenset[str]]:
        """By whom each of these accounts was lately made what it is, so that they count as one person."""
        ...

    async def signed_in_at(self, principal: Principal) -> datetime | None:
        """When the browser session behind this principal was opened; None for a token, which is no sign-in."""
        ...

    async def spend_jobs(self, principal: Principal, count: int) -> None:
        """Counts jobs that a token is about to submit. Raises `JobsUsedUp`."""
        ...


class KnownPeople:
    """The shipped double: everybody may act except those who are named, and has signed in at `signed_in`.

    `users` may not approve; `made_by` says whose each account is.
    """

    def __init__(self, signed_in: datetime | None = None) -> None:
        self.disabled: set[str] = set()
        self.users: set[str] = set()
        self.made_by: dict[str, frozenset[str]] = {}
        self.signed_in: datetime | None = signed_in or datetime(2026, 1, 1, tzinfo=UTC)

    async def active(self, username: str) -> bool:
        return username not in self.disabled

    async def scopes(self, username: str) -> frozenset[Scope]:
        return frozenset() if username in self.disabled else frozenset(Scope)

    async def may_approve(self, username: str) -> bool:
        return username not in self.disabled | self.users

    async def makers(self, *usernames: str) -> Mapping[str, frozenset[str]]:
        return {name: self.made_by.get(name, frozenset()) for name in usernames}

    async def signed_in_at(self, principal: Principal) -> datetime | None:
        return self.signed_in

    async def spend_jobs(self, principal: Principal, count: int) -> None:
        """Nobody's jobs are counted."""
