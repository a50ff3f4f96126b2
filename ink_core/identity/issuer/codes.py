"""Authorization codes: each is good once, within a minute, for its client, its address and who began (RFC 7636).

Pure: it is told the time. A code that failed is used up; one that comes a second
time tells that somebody else has it, which ends what it was given out for (RFC 6749, section 4.1.2).
"""

from __future__ import annotations

import base64
import hashlib
import re
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from ink_core.identity.grant_store import Grant
from ink_core.identity.issuer.asked import Asked
from ink_core.identity.issuer.errors import InvalidGrant
from ink_core.identity.issuer.requests import AuthorizationRequest
from ink_core.identity.secret import digest
from ink_core.identity.waiting import Waiting

LIFETIME = timedelta(minutes=1)
REMEMBERED = timedelta(minutes=10)
"""So long a used code is known again."""
MAX_OF_ONE = 20
"""Of one user."""
CHALLENGE = re.compile(r"[A-Za-z0-9_-]{43}")
VERIFIER = re.compile(r"[A-Za-z0-9._~-]{43,128}")


@dataclass
class Code:
    """What a person has agreed to. `grant` is what was given out for it, `reused` tells that it came again."""

    request: AuthorizationRequest
    username: str
    asked: Asked
    signed_in_at: datetime | None
    made_at: datetime
    used: bool = False
    reused: bool = False
    grant: Grant | None = None


class Codes:
    """Known by their digests."""

    def __init__(self) -> None:
        self._waiting = Waiting[Code](REMEMBERED, MAX_OF_ONE)

    def make(self, code: Code, now: datetime) -> str:
        """The secret of it."""
        secret = secrets.token_urlsafe(32)
        self._waiting.add(digest(secret), code.username, code, now)
        return secret

    def known(self, secret: str, client_id: str, now: datetime) -> Code:
        """The code of this client, used or not. Raises `InvalidGrant`."""
        code = self._waiting.get(digest(secret), now)
        if code is None or code.request.client.client_id != client_id:
            raise InvalidGrant("this code is over, was used or is another client's; begin again")
        return code


def use(code: Code, redirect_uri: str, verifier: str, now: datetime) -> None:
    """Marks it as used, whatever comes of it. Raises `InvalidGrant`."""
    code.reused = code.reused or code.used
    code.used = True
    request = code.request
    fits = VERIFIER.fullmatch(verifier) and secrets.compare_digest(challenge_of(verifier), request.challenge)
    over = code.reused or now >= code.made_at + LIFETIME
    if over or not fits or redirect_uri != request.redirect_uri:
        raise InvalidGrant("this code is over or was used, or it was asked for with another verifier or address")


def challenge_of(verifier: str) -> str:
    """RFC 7636, section 4.2, method S256."""
    return base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()
