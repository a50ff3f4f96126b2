"""Keys of OpenSSH's form: of the certificate authority that signs users' short certificates."""

from __future__ import annotations

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat


def key_pair(comment: str) -> tuple[bytes, bytes]:
    """Private and public half of a new Ed25519 key; the public one is a line for `TrustedUserCAKeys`."""
    private = Ed25519PrivateKey.generate()
    public = private.public_key().public_bytes(Encoding.OpenSSH, PublicFormat.OpenSSH)
    return private.private_bytes(Encoding.PEM, PrivateFormat.OpenSSH, NoEncryption()), public + f" {comment}\n".encode()
