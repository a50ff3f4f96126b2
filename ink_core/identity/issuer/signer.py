"""The seam to what signs ID tokens, which needs the extra `oidc` and is loaded if there are clients."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol

KEYS_FOLDER = "issuer-keys"
"""Folder of the data directory that has the keys; told here, since backups want it without the extra."""


class Signer(Protocol):
    def sign(self, claims: Mapping[str, Any]) -> str:
        """A signed JWT (RFC 7519) of these claims."""
        ...

    def published(self) -> Mapping[str, Any]:
        """The public keys by which tokens of now and of lately are checked (RFC 7517, section 5)."""
        ...

    async def renew(self) -> None:
        """Housekeeping: takes a new key when the present one is old enough."""
        ...
