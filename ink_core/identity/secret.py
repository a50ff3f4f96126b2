"""Random secrets and their digests. 256 random bits need no slow hash: SHA-256 is enough at rest."""

from __future__ import annotations

import hashlib
import secrets

from ink_core.identity.model import CredentialKind

PREFIXES = {
    CredentialKind.TOKEN: "ink_",
    CredentialKind.SESSION: "inks_",
    CredentialKind.CODE: "inkc_",
    CredentialKind.APP: "inka_",
    CredentialKind.SIGN_IN: "inku_",
}
REFRESH = "inkr_"
"""What a refresh token begins with."""
MAX_LENGTH = 128


def new_secret(kind: CredentialKind) -> str:
    """A new secret; its prefix tells people and secret scanners what they see."""
    return PREFIXES[kind] + secrets.token_urlsafe(32)


def new_id() -> str:
    return secrets.token_hex(8)


def digest(secret: str) -> str:
    """What is kept of a secret."""
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()
