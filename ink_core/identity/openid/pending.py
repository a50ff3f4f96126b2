"""Who has set out to the provider and is not back: each may come back once, in the same browser, within minutes.

Pure: it is told the time. In memory, bounded, per process: after a restart one begins again.
"""

from __future__ import annotations

import base64
import hashlib
import secrets
from collections import OrderedDict
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from ink_core.identity.openid.errors import SignInExpired

LIFETIME = timedelta(minutes=10)
MAX_PENDING = 10_000
MAX_OF_ONE = 50
"""Of one network: whoever begins more loses the oldest of them, and nobody else does."""


def _random() -> str:
    return secrets.token_urlsafe(32)


@dataclass(frozen=True)
class SettingOut:
    """One way to the provider. `state` travels through the browser, `browser` stays in its cookie."""

    provider: str
    network: str
    expires_at: datetime
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
        self._of: OrderedDict[str, SettingOut] = OrderedDict()

    def begin(self, provider: str, network: str, now: datetime) -> SettingOut:
        setting_out = SettingOut(provider, network, now + LIFETIME)
        self._drop_expired(now)
        mine = [one.state for one in self._of.values() if one.network == network]
        for state in mine[: max(0, len(mine) + 1 - MAX_OF_ONE)]:
            del self._of[state]
        self._of[setting_out.state] = setting_out
        if len(self._of) > MAX_PENDING:
            self._of.popitem(last=False)
        return setting_out

    def take(self, provider: str, state: str, browser: str, now: datetime) -> SettingOut:
        """Once: who comes again with the same state is refused. Raises `SignInExpired`."""
        found = self._of.pop(state, None)
        same = found is not None and secrets.compare_digest(found.browser.encode(), browser.encode())
        if found is None or not same or found.provider != provider or found.expires_at <= now:
            raise SignInExpired("this sign-in took too long, was used already or began elsewhere; sign in again")
        return found

    def _drop_expired(self, now: datetime) -> None:
        while self._of and next(iter(self._of.values())).expires_at <= now:
            self._of.popitem(last=False)
