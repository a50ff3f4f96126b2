"""The seam to where users and credentials are kept. Blocking; `IdentityService` calls it in threads.

A secret is known to a store by its digest only.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from ink_core.identity.grant_store import GrantStore
from ink_core.identity.group_store import GroupStore
from ink_core.identity.model import Credential, CredentialKind, User


class IdentityStore(Protocol):
    @property
    def groups(self) -> GroupStore: ...

    @property
    def grants(self) -> GrantStore: ...

    def add_user(self, user: User, password_hash: str | None) -> None:
        """Raises `Conflict` when there is a user of that name."""
        ...

    def put_user(self, user: User) -> None:
        """Replaces the roles of a user. Raises `NotFound`."""
        ...

    def remove_user(self, username: str) -> Sequence[str]:
        """Removes the user with all memberships and credentials; returns the digests of these. Raises `NotFound`."""
        ...

    def user(self, username: str) -> User | None: ...

    def users(self) -> Sequence[User]:
        """All users by name."""
        ...

    def some_users(self, text: str, after: str, most: int) -> Sequence[User]:
        """By name, those whose name holds `text` and comes after `after`."""
        ...

    def bind(self, issuer: str, subject: str, username: str) -> None:
        """Who the issuer calls `subject` is this user from now on.

        Raises `NotFound`, and `Conflict` when either of them is bound at this issuer already.
        """
        ...

    def bound(self, issuer: str, subject: str) -> User | None: ...

    def password_hash(self, username: str) -> str | None: ...

    def set_password_hash(self, username: str, password_hash: str) -> None:
        """Raises `NotFound`."""
        ...

    def add_credential(self, credential: Credential, digest: str, *, keep: int) -> Sequence[str]:
        """Adds it and removes the user's oldest of that kind beyond `keep`; returns the digests it removed.

        Raises `NotFound` when there is no such user.
        """
        ...

    def find(self, digest: str) -> tuple[Credential, User] | None: ...

    def take(self, digest: str, kind: CredentialKind) -> tuple[Credential, User] | None:
        """Finds and removes it in one step: of several takers at once exactly one gets it."""
        ...

    def credentials(self, username: str, kind: CredentialKind) -> Sequence[Credential]:
        """Newest first."""
        ...

    def some_tokens(self, text: str, after: tuple[str, str], at: datetime, most: int) -> Sequence[Credential]:
        """API tokens that count at `at`, of users whose name holds `text`, by user and id, those after `after`."""
        ...

    def remove(self, username: str, credential_id: str) -> str | None:
        """Removes one of the user's credentials and returns its digest; None when there is none."""
        ...

    def remove_all(self, username: str, kind: CredentialKind) -> Sequence[str]:
        """Removes all of that kind and returns their digests."""
        ...

    def renew(self, username: str, credential_id: str, digest: str, expires_at: datetime) -> str | None:
        """Gives it another secret and another end; returns the digest of the former one, or None when it is gone."""
        ...

    def touch(self, credential_id: str, at: datetime) -> None:
        """Notes its use; does nothing when it is gone."""
        ...

    def spend_jobs(self, credential_id: str, count: int) -> bool:
        """Counts so many jobs as used, or none where fewer are left. False, too, for a credential that is gone."""
        ...

    def remove_expired(self, before: datetime) -> int:
        """Removes what expired before that time and returns how many."""
        ...

    def close(self) -> None: ...
