"""Signed, expiring links to one file of one owner. Whoever has the link may read that file until it expires.

The token holds owner, path and expiry in the clear, signed with HMAC-SHA256 by a key that is made at the first use.
Limits: a link cannot be revoked before it expires, except by taking the key away, which ends all of them.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from pydantic import BaseModel, ConfigDict, ValidationError

from ink_core.clock import Clock
from ink_core.errors import BadInput, NotFound

MAX_TOKEN_CHARS = 8192
MAX_PATH_CHARS = 4096
MAX_LIFETIME_S = 30 * 86400


class LinkInvalid(NotFound):
    """No link of this site: cut, changed, or signed with another key."""

    code = "link_invalid"


class LinkExpired(NotFound):
    code = "link_expired"
    http_status = 410


class LinkClaims(BaseModel):
    """What a link allows: reading `path` as `owner` until `expires_at`."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    owner: str
    path: str
    expires_at: datetime


@dataclass(frozen=True)
class SignedLink:
    """Whoever has `url` may read the file until `expires_at`."""

    url: str
    expires_at: datetime


class SignedLinks:
    """Makes and checks links below `public_url`."""

    def __init__(self, key: bytes, public_url: str, clock: Clock) -> None:
        self._key = key
        self._public_url = public_url
        self._clock = clock

    def create(self, *, owner: str, path: str, lifetime_s: int) -> SignedLink:
        """Raises `BadInput` for a lifetime or path out of bounds."""
        if not 1 <= lifetime_s <= MAX_LIFETIME_S:
            raise BadInput(f"a link lives 1 to {MAX_LIFETIME_S} s")
        if not 1 <= len(path) <= MAX_PATH_CHARS or "\0" in path:
            raise BadInput(f"a path has 1 to {MAX_PATH_CHARS} characters and no NUL")
        expires = int((self._clock.now() + timedelta(seconds=lifetime_s)).timestamp())
        body = json.dumps([owner, path, expires], separators=(",", ":")).encode()
        url = f"{self._public_url}/links/{_encode(body)}.{_encode(self._sign(body))}"
        return SignedLink(url, datetime.fromtimestamp(expires, UTC))

    def verify(self, token: str) -> LinkClaims:
        """What the link allows. Raises `LinkInvalid` or `LinkExpired`."""
        body, _, signature = token[: MAX_TOKEN_CHARS + 1].partition(".")
        if len(token) > MAX_TOKEN_CHARS or not hmac.compare_digest(self._sign(_decode(body)), _decode(signature)):
            raise LinkInvalid("this link is not valid; ask its maker for a new one")
        claims = _claims(_decode(body))
        if claims.expires_at <= self._clock.now():
            raise LinkExpired("this link has expired; ask its maker for a new one")
        return claims

    def _sign(self, body: bytes) -> bytes:
        return hmac.digest(self._key, b"ink link 1\n" + body, hashlib.sha256)


def _claims(body: bytes) -> LinkClaims:
    try:
        owner, path, expires = json.loads(body)
        return LinkClaims(owner=owner, path=path, expires_at=datetime.fromtimestamp(expires, UTC))
    except (ValueError, TypeError, OverflowError, ValidationError):
        raise LinkInvalid("this link is not valid; ask its maker for a new one") from None


def _encode(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def _decode(text: str) -> bytes:
    """The bytes, or none for what is no base64: no signature fits that."""
    try:
        return base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except ValueError:
        return b""
