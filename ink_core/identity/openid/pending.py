"""Who has set out to the provider and is not back: each may come back once, in the same browser, within minutes.

Pure: it is told the time.
"""

from __future__ import annotations

import base64
import hashlib
import secrets
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from ink_core.identity.openid.errors import SignInExpired
from ink_core.identity.waiting import Waiting

LIFETIME = timedelta(minutes=10)
MAX_OF_ONE = 50
"""Of one network."""


def _random() -> str:
    return secrets.token_urlsafe(32)


@dataclass(frozen=True)
class SettingOut:
    """One way to the provider. `state` travels through the browser, `browser` stays in its cookie."""

    provider: str
    state: str = field(default_factory=_random)
    nonce: str = field(default_factory=_random)
    verifier: str = field(default_factory=_random)
    browser: str = field(default_factory=_random)

    @property
    def challenge(self) -> str:
        """RFC 7636, method S256."""
        hashed = hashlib.sha256(self.verifier.encode()).digest()
        return base64.urlsafe_b64encode(hashed).rstrip(b"=").decode()


class Pending:
    def __init__(self) -> None:
        self._waiting = Waiting[SettingOut](LIFETIME, MAX_OF_ONE)

    def begin(self, provider: str, network: str, now: datetime) -> SettingOut:
        setting_out = SettingOut(provider)
        self._waiting.add(setting_out.state, network, setting_out, now)
        return setting_out

    def take(self, provider: str, state: str, browser: str, now: datetime) -> SettingOut:
        """Once: who comes again with the same state is refused. Raises `SignInExpired`."""
        found = self._waiting.take(state, now)
        same = found is not None and secrets.compare_digest(found.browser.encode(), browser.encode())
        if found is None or not same or found.provider != provider:
            raise SignInExpired("this sign-in took too long, was used already or began elsewhere; sign in again")
        return found
