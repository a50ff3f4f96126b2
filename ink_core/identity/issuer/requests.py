"""Clients that have sent a browser here and wait for its person to decide: each request once, within minutes.

Pure: it is told the time.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from ink_core.errors import NotFound
from ink_core.identity.issuer.asked import Asked
from ink_core.identity.issuer.clients import Client
from ink_core.identity.waiting import Waiting

LIFETIME = timedelta(minutes=10)
MAX_OF_ONE = 50
"""Of one network."""


@dataclass(frozen=True)
class AuthorizationRequest:
    """`challenge` is that of PKCE; `since` tells how new the person's sign-in has to be."""

    client: Client
    redirect_uri: str
    asked: Asked
    challenge: str
    state: str | None
    nonce: str | None
    since: datetime | None
    expires_at: datetime


class AuthorizationRequests:
    def __init__(self) -> None:
        self._waiting = Waiting[AuthorizationRequest](LIFETIME, MAX_OF_ONE)

    def begin(self, request: AuthorizationRequest, network: str, now: datetime) -> str:
        """Its identifier, which nobody can guess."""
        identifier = secrets.token_urlsafe(32)
        self._waiting.add(identifier, network, request, now)
        return identifier

    def get(self, identifier: str, now: datetime) -> AuthorizationRequest:
        """Raises `NotFound` for one that is over, was decided on or never was."""
        request = self._waiting.get(identifier, now)
        if request is None:
            raise NotFound("this request is over or was decided on already; begin again in the program")
        return request

    def take(self, identifier: str, now: datetime) -> AuthorizationRequest:
        """Once. Raises what `get` raises."""
        request = self.get(identifier, now)
        self._waiting.take(identifier, now)
        return request
