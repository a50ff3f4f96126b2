"""The manager's signing key: Ed25519 (RFC 8032), its secret half in one file of the data directory.

Approvals, workers' permits and the audit's checkpoints are signed with it. What is signed must begin with a line that
says what it is, so that no signature can be taken for one over something else. Limits: one key, no rotation; a site
that replaces it invalidates what waits and launches its workers anew.
"""

from __future__ import annotations

import hashlib
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from ink_core.key_file import secret_key

KEY_FILE = "signing.key"
"""Its name in the data directory."""

PUBLIC_BYTES = 32
SIGNATURE_BYTES = 64


class SigningKey:
    """Signs; `public` is the raw public half (32 bytes), `key_id` the first 16 hex digits of its SHA-256."""

    def __init__(self, secret: bytes) -> None:
        self._key = Ed25519PrivateKey.from_private_bytes(secret)
        self.public = self._key.public_key().public_bytes_raw()
        self.key_id = key_id(self.public)

    @classmethod
    def open(cls, file: Path) -> SigningKey:
        """The key of a file (mode 0600), made at the first use. Raises `KeyUnusable`."""
        return cls(secret_key(file))

    def sign(self, message: bytes) -> bytes:
        """64 bytes; the same message always gets the same signature."""
        return self._key.sign(message)


def key_id(public: bytes) -> str:
    return hashlib.sha256(public).hexdigest()[:16]


def signed_by(public: bytes, message: bytes, signature: bytes) -> bool:
    """Whether the holder of this public key's other half signed the message. False for anything malformed, too."""
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature, message)
    except (InvalidSignature, ValueError):
        return False
    return True
