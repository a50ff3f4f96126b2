"""What people have given to clients of INK's own issuer, and the seam to where it is kept.

A grant lives as long as its access token is known: whoever revokes that, or lets it lie expired until housekeeping
drops it, has ended the grant. Blocking; called in threads. Refresh tokens are known by their digests only.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from ink_core.identity.model import Value
from ink_core.identity.principal import Scope


class Grant(Value):
    """One sign-in at a client. `access_id` is the credential that its access token is, renewed in its place."""

    id: str
    username: str
    client_id: str
    scopes: frozenset[Scope]
    words: frozenset[str]
    access_id: str
    signed_in_at: datetime | None
    expires_at: datetime


class GrantStore(Protocol):
    def add(self, grant: Grant, family: str | None, refresh: str | None, *, keep: int) -> Sequence[Grant]:
        """Adds it; returns the oldest of the user at that client beyond `keep`, which are for the caller to end.

        `family` is the digest of what all its refresh tokens have in common, `refresh` that of the present one.
        """
        ...

    def of_family(self, family: str) -> tuple[Grant, str] | None:
        """With the digest of the present refresh token."""
        ...

    def of_access(self, access_id: str) -> Grant | None: ...

    def rotate(self, grant_id: str, old: str, new: str) -> bool:
        """Replaces the refresh token; False where it is another one by now: of several at once exactly one succeeds."""
        ...
