"""The device flow (RFC 8628): a program without a browser asks, a person confirms its code, it gets a token.

Pure: it is told the time. `client_id` is of a client of INK's own issuer; other programs only name themselves, and
neither can collect what the other has asked for.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from ink_core.errors import BadInput, Conflict, InkError, NotFound
from ink_core.identity.principal import Principal, Scope
from ink_core.identity.secret import digest
from ink_core.identity.waiting import Waiting

LIFETIME = timedelta(minutes=10)
INTERVAL = timedelta(seconds=5)
ALPHABET = "BCDFGHJKLMNPQRSTVWXZ"
"""Of the codes that people type: no vowels, so no words, and nothing that looks like something else (RFC 8628, 6.1)."""
CODE_LENGTH = 8
MAX_OF_ONE = 50
"""Of one network."""


class AuthorizationPending(InkError):
    """Nobody has confirmed the code yet; ask again after the interval."""

    code = "authorization_pending"
    http_status = 400
    retryable = True


class SlowDown(AuthorizationPending):
    """Asked again too soon; the interval is five seconds longer from now on."""

    code = "slow_down"


class AccessDenied(InkError):
    code = "access_denied"
    http_status = 400


class DeviceCodeExpired(InkError):
    """The code is over, was used, or never was."""

    code = "expired_token"
    http_status = 400


@dataclass
class DeviceRequest:
    """What a program asks for; `words` are those of OpenID. `approved_by` is who said yes; `denied` that not."""

    client: str
    scopes: frozenset[Scope]
    network: str
    expires_at: datetime
    client_id: str | None = None
    words: frozenset[str] = frozenset()
    user_code: str = field(default_factory=lambda: "".join(secrets.choice(ALPHABET) for _ in range(CODE_LENGTH)))
    interval: timedelta = INTERVAL
    asked_at: datetime | None = None
    approved_by: Principal | None = None
    denied: bool = False


class DeviceRequests:
    """Known by the digest of the device code, and while nobody has decided by the user code."""

    def __init__(self) -> None:
        self._waiting = Waiting[DeviceRequest](LIFETIME, MAX_OF_ONE)

    def begin(
        self,
        client: str,
        scopes: frozenset[Scope],
        network: str,
        now: datetime,
        *,
        client_id: str | None = None,
        words: frozenset[str] = frozenset(),
    ) -> tuple[str, DeviceRequest]:
        """The device code, which only the program knows, and the request with the code for the person."""
        device_code = secrets.token_urlsafe(32)
        request = DeviceRequest(client, scopes, network, now + LIFETIME, client_id, words)
        self._waiting.add(digest(device_code), network, request, now)
        return device_code, request

    def asked(self, user_code: str, now: datetime) -> DeviceRequest:
        """What waits for a decision under this code, however it is typed. Raises `NotFound` or `Conflict`."""
        plain = "".join(letter for letter in user_code.upper() if letter in ALPHABET)
        found = next((request for request in self._waiting.all(now) if request.user_code == plain), None)
        if found is None:
            raise NotFound("no program waits with this code; look at the code again, or let the program ask again")
        if found.approved_by or found.denied:
            raise Conflict("this code was decided on already")
        return found

    def approve(self, user_code: str, by: Principal, now: datetime) -> None:
        """Raises `NotFound`, `Conflict`, or `BadInput` for scopes that the person does not have."""
        request = self.asked(user_code, now)
        if excess := sorted(request.scopes - by.scopes):
            raise BadInput(f"the program asks for {', '.join(excess)}, which you do not have yourself")
        request.approved_by = by

    def deny(self, user_code: str, now: datetime) -> None:
        self.asked(user_code, now).denied = True

    def collect(self, device_code: str, now: datetime, client_id: str | None = None) -> tuple[DeviceRequest, Principal]:
        """Once, what was approved and by whom.

        Raises `AuthorizationPending`, `SlowDown`, `AccessDenied` or `DeviceCodeExpired`.
        """
        key = digest(device_code)
        request = self._waiting.get(key, now)
        if request is None or request.client_id != client_id:
            raise DeviceCodeExpired("this code is over; begin again")
        if request.denied:
            self._waiting.take(key, now)
            raise AccessDenied("the sign-in was refused on the page")
        too_soon = request.asked_at is not None and now - request.asked_at < request.interval
        request.asked_at = now
        if too_soon:
            request.interval += INTERVAL
            raise SlowDown(f"ask every {request.interval.total_seconds():.0f} s at most")
        if request.approved_by is None:
            raise AuthorizationPending("nobody has confirmed the code yet")
        self._waiting.take(key, now)
        return request, request.approved_by
