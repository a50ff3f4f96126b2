"""Shares: one file of its owner that a named user, the members of a group, or whoever has the link may read.

The link holds the share's id, signed with HMAC-SHA256, and nothing else: what it allows is looked up, so that it can be
revoked.
Limits: a share is of a path, and serves whatever file is there when it is read.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Collection, Sequence
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from pydantic import BaseModel, ConfigDict

from ink_core.errors import NotFound
from ink_core.storage.links import LinkInvalid

MAX_SHARES = 1000
"""Of one owner, that are neither revoked nor expired."""
_ID_CHARS = 32


class ReaderKind(StrEnum):
    PUBLIC = "public"
    USER = "user"
    GROUP = "group"


class Share(BaseModel):
    """`reader` is the name of the user or the group; None of a public share."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    share_id: str
    owner: str
    path: str
    reader_kind: ReaderKind
    reader: str | None
    created_at: datetime
    expires_at: datetime

    def names(self, username: str, groups: Collection[str]) -> bool:
        """Whether this user is named, by name or as a member of one of these groups."""
        if self.reader_kind is ReaderKind.USER:
            return self.reader == username
        return self.reader_kind is ReaderKind.GROUP and self.reader in groups


class ShareNotFound(NotFound):
    """Never made, revoked, or expired: the three look alike from outside."""

    code = "share_not_found"


class Shares(Protocol):
    """Where shares are kept; what is kept survives a restart."""

    async def add(self, share: Share) -> Share:
        """Raises `TooManyShares`. A share that is there already is returned as it is."""
        ...

    async def revoke(self, owner: str, share_id: str) -> Share:
        """Raises `ShareNotFound`, for another's share too."""
        ...

    def get(self, share_id: str) -> Share:
        """Raises `ShareNotFound`."""
        ...

    def all(self) -> Sequence[Share]:
        """Those that still count, newest first."""
        ...


class NoShares:
    """Where nothing can be shared."""

    async def add(self, share: Share) -> Share:
        raise NotFound("nothing can be shared here")

    async def revoke(self, owner: str, share_id: str) -> Share:
        return self.get(share_id)

    def get(self, share_id: str) -> Share:
        raise ShareNotFound("nothing is shared here")

    def all(self) -> Sequence[Share]:
        return ()


class ShareLinks:
    """Makes and reads the links below `public_url`."""

    def __init__(self, key: bytes, public_url: str) -> None:
        self._key = key
        self._public_url = public_url

    def url(self, share_id: str) -> str:
        return f"{self._public_url}/shares/{share_id}.{self._signature(share_id)}"

    def share_id(self, token: str) -> str:
        """Raises `LinkInvalid` for what was not made here."""
        share_id, _, signature = token[:200].partition(".")
        good = hmac.compare_digest(self._signature(share_id).encode(), signature.encode())
        if len(token) > 200 or len(share_id) != _ID_CHARS or not good:
            raise LinkInvalid("this link is not valid; ask its maker for a new one")
        return share_id

    def _signature(self, share_id: str) -> str:
        digest = hmac.digest(self._key, b"ink share 1\n" + share_id.encode(), hashlib.sha256)
        return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
