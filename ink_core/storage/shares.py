"""Shares: one file of its owner that a named user, the members of a group, or whoever has the link may read.

The link holds the share's id, signed with HMAC-SHA256, and nothing else: what it allows is looked up, so that it can be
revoked.
Limits: a share is of a path, and serves whatever file is there when it is read.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from pydantic import BaseModel, ConfigDict

from ink_core.clock import Clock, SystemClock
from ink_core.errors import NotFound, Throttled

READER_NAME = r"^[A-Za-z0-9_][A-Za-z0-9_.@-]{0,63}$"
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

    def names(self, since: Mapping[tuple[ReaderKind, str], datetime]) -> bool:
        """Whether somebody is named who is called by these names, each since then."""
        named_since = since.get((self.reader_kind, self.reader)) if self.reader else None
        return named_since is not None and named_since <= self.created_at


class ShareNotFound(NotFound):
    """Never made, revoked, or expired: the three look alike from outside."""

    code = "share_not_found"


class TooManyShares(Throttled):
    code = "too_many_shares"
    retryable = False


class LinkInvalid(NotFound):
    """No link of this site: cut, changed, or signed with another key."""

    code = "link_invalid"


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


class MemoryShares:
    """The shipped double: all is lost at its end. Expired shares are not kept."""

    def __init__(self, clock: Clock | None = None) -> None:
        self._clock = clock or SystemClock()
        self._shares: dict[str, Share] = {}

    async def add(self, share: Share) -> Share:
        if share.share_id in self._shares:
            return self._shares[share.share_id]
        if Counter(each.owner for each in self.all())[share.owner] >= MAX_SHARES:
            raise TooManyShares(f"you share {MAX_SHARES} files already; revoke some of them first")
        await self._add(share)
        return share

    async def revoke(self, owner: str, share_id: str) -> Share:
        share = self.get(share_id)
        if share.owner != owner:
            raise _unknown()
        await self._revoke(share)
        return share

    def get(self, share_id: str) -> Share:
        share = self._shares.get(share_id)
        if share is None or share.expires_at <= self._clock.now():
            raise _unknown()
        return share

    def all(self) -> Sequence[Share]:
        now = self._clock.now()
        self._shares = {share_id: share for share_id, share in self._shares.items() if share.expires_at > now}
        return sorted(self._shares.values(), key=lambda share: share.created_at, reverse=True)

    async def _add(self, share: Share) -> None:
        self._shares[share.share_id] = share

    async def _revoke(self, share: Share) -> None:
        self._shares.pop(share.share_id, None)


def _unknown() -> ShareNotFound:
    return ShareNotFound("there is no such share; it was revoked, has expired, or never was")


class ShareLinks:
    """Makes and reads the links below `public_url`."""

    def __init__(self, key: bytes, public_url: str) -> None:
        self._key = key
        self._public_url = public_url

    def url(self, share_id: str) -> str:
        """What reads a public share, whoever has it."""
        return f"{self.address(share_id)}.{self._signature(share_id)}"

    def address(self, share_id: str) -> str:
        """Where the owner reads it, signed in; nobody else does."""
        return f"{self._public_url}/shares/{share_id}"

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
