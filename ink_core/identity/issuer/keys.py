"""The keys that ID tokens are signed with: RSA (RS256, which every client knows), each in a file of its own.

The newest signs; the one before it is still published, so that what it has signed can be checked. Limits: local file
system; several managers of one directory take up each other's keys within the hour.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet, RSAKey

from ink_core.clock import Clock
from ink_core.key_file import KeyUnusable, kept_secret

ALGORITHM = "RS256"
BITS = 2048
LASTS = timedelta(days=90)
PUBLISHED = 2
MOST_BYTES = 16 * 1024
_NAME = "%Y%m%dT%H%M%SZ.pem"


class IssuerKeys:
    """Implements `Signer`. Raises `KeyUnusable` for a key that others could read or that is none."""

    def __init__(self, folder: Path, clock: Clock) -> None:
        self._folder = folder
        self._clock = clock
        self._keys = self._current()

    def sign(self, claims: Mapping[str, Any]) -> str:
        key = self._keys[0]
        return jwt.encode({"alg": ALGORITHM, "kid": key.kid}, dict(claims), key)

    def published(self) -> Mapping[str, Any]:
        return KeySet(list(self._keys)).as_dict(private=False)

    async def renew(self) -> None:
        self._keys = await asyncio.to_thread(self._current)

    def _current(self) -> tuple[RSAKey, ...]:
        """The newest first; makes one when there is none that is young enough, and deletes those that are over."""
        now = self._clock.now()
        files = sorted(self._folder.glob("*.pem"), reverse=True)
        if not files or now - _made_at(files[0]) >= LASTS:
            files = [self._folder / now.strftime(_NAME), *files]
        keys = tuple(_key(file) for file in files[:PUBLISHED])
        for file in files[PUBLISHED:]:
            file.unlink(missing_ok=True)
        return keys


def _made_at(file: Path) -> datetime:
    try:
        return datetime.strptime(file.name, _NAME).replace(tzinfo=UTC)
    except ValueError:
        raise KeyUnusable(f"{file} is not named by the time that it was made at; take it away") from None


def _key(file: Path) -> RSAKey:
    text = kept_secret(file, lambda: RSAKey.generate_key(BITS).as_pem(private=True), MOST_BYTES)
    try:
        key = RSAKey.import_key(text, {"use": "sig", "alg": ALGORITHM})
    except (JoseError, ValueError):
        raise KeyUnusable(f"{file} holds no key; delete it, and a new one is made") from None
    key.ensure_kid()
    return key
