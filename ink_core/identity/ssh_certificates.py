"""Short certificates by which a user's program logs in over SSH, signed by the site's certificate authority.

The form is OpenSSH's (PROTOCOL.certkeys). Each has a new Ed25519 key of its own, which is kept nowhere, names one user
and ends after minutes; it is on record before it is given out. Hosts trust the authority by `TrustedUserCAKeys`.
"""

from __future__ import annotations

import asyncio
import pwd
import secrets
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.dsa import DSAPrivateKey
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    SSHCertificateBuilder,
    SSHCertificateType,
    load_ssh_private_key,
)
from pydantic import JsonValue

from ink_core.clock import Clock
from ink_core.errors import Forbidden
from ink_core.identity.principal import Principal
from ink_core.key_file import KeyUnusable

LIFETIME = timedelta(minutes=5)
CLOCKS_MAY_DIFFER = timedelta(minutes=1)
EXTENSIONS = (b"permit-port-forwarding", b"permit-pty")
"""No forwarding of agents or of X11: those hand out more than this certificate is for."""
FIRST_UID = 1000
"""Of people; those below it are the system's own (`UID_MIN` of login.defs)."""

Record = Callable[[str, Mapping[str, JsonValue]], Awaitable[None]]


@dataclass(frozen=True)
class SshCertificate:
    """Both as OpenSSH's files have them."""

    certificate: str
    private_key: str = field(repr=False)
    expires_at: datetime


class SshCertificates:
    """`authority` is a private key in OpenSSH's form. Raises `KeyUnusable` for one that it cannot sign with."""

    def __init__(self, authority: str, record: Record, clock: Clock) -> None:
        try:
            key = load_ssh_private_key(authority.encode() + b"\n", password=None)
        except (ValueError, TypeError, UnsupportedAlgorithm):
            raise KeyUnusable("the key of the SSH certificate authority is no unencrypted key of OpenSSH") from None
        if isinstance(key, DSAPrivateKey):
            raise KeyUnusable("the key of the SSH certificate authority is a DSA key, which no host accepts")
        self._authority = key
        self._record = record
        self._clock = clock

    async def issue(self, to: Principal) -> SshCertificate:
        """Raises `Forbidden` for an account of the system, as this machine knows it: nobody logs in as that."""
        if await asyncio.to_thread(_is_of_the_system, to.username):
            raise Forbidden(f"nobody logs in as {to.username} with a certificate: it is an account of the system")
        now, serial = self._clock.now(), secrets.randbits(63)
        await self._record("certificate.issue", {"by": to.credential, "user": to.username, "serial": str(serial)})
        key, until = Ed25519PrivateKey.generate(), now + LIFETIME
        certificate = (
            SSHCertificateBuilder()
            .public_key(key.public_key())
            .type(SSHCertificateType.USER)
            .serial(serial)
            .key_id(f"ink:{to.username}:{to.credential}".encode())
            .valid_principals([to.username.encode()])
            .valid_after(int((now - CLOCKS_MAY_DIFFER).timestamp()))
            .valid_before(int(until.timestamp()))
        )
        for extension in EXTENSIONS:
            certificate = certificate.add_extension(extension, b"")
        signed = certificate.sign(self._authority).public_bytes().decode()
        private = key.private_bytes(Encoding.PEM, PrivateFormat.OpenSSH, NoEncryption()).decode()
        return SshCertificate(f"{signed}\n", private, until)


def _is_of_the_system(username: str) -> bool:
    try:
        account = pwd.getpwnam(username)
    except KeyError:
        return username == "root"
    return account.pw_uid < FIRST_UID or account.pw_gid == 0
