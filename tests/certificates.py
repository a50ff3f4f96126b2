"""A certificate authority of the tests, made afresh in their folder, and the certificates that it gives."""

from __future__ import annotations

import ssl
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import NameOID


@dataclass(frozen=True)
class Certificate:
    """PEM files: the certificate with its chain, and its key (mode 0600)."""

    chain: Path
    key: Path


class Authority:
    """`file` is its own certificate (PEM)."""

    def __init__(self, folder: Path, name: str = "authority of the tests") -> None:
        self._folder, self._key = folder, ec.generate_private_key(ec.SECP256R1())
        self._name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
        own = x509.BasicConstraints(ca=True, path_length=0)
        self._own = self._signed(self._name, self._key.public_key(), own, critical=True)
        folder.mkdir(parents=True, exist_ok=True)
        self.file = folder / "ca.pem"
        self.file.write_bytes(_pem(self._own))

    def issue(self, *hosts: str) -> Certificate:
        """For these names, for a day."""
        key = ec.generate_private_key(ec.SECP256R1())
        names = x509.SubjectAlternativeName([x509.DNSName(host) for host in hosts])
        subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, hosts[0])])
        made = Certificate(self._folder / f"{hosts[0]}.pem", self._folder / f"{hosts[0]}.key")
        made.chain.write_bytes(_pem(self._signed(subject, key.public_key(), names)) + _pem(self._own))
        made.key.touch(mode=0o600)
        pkcs8, clear = serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        made.key.write_bytes(key.private_bytes(serialization.Encoding.PEM, pkcs8, clear))
        return made

    def trusting(self) -> ssl.SSLContext:
        """A client's context that believes this authority and no other."""
        return ssl.create_default_context(cafile=str(self.file))

    def _signed(
        self,
        subject: x509.Name,
        key: ec.EllipticCurvePublicKey,
        extension: x509.ExtensionType,
        *,
        critical: bool = False,
    ) -> x509.Certificate:
        now = datetime.now(UTC)
        return (
            x509.CertificateBuilder()
            .subject_name(subject)
            .issuer_name(self._name)
            .public_key(key)
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - timedelta(hours=1))
            .not_valid_after(now + timedelta(days=1))
            .add_extension(extension, critical=critical)
            .sign(self._key, hashes.SHA256())
        )


def recipient(folder: Path) -> tuple[Path, Path]:
    """A self-signed RSA certificate, for what is sealed to somebody: alone, and with its private key behind it."""
    key = rsa.generate_private_key(65537, 2048)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "recipient of the tests")])
    now = datetime.now(UTC)
    builder = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
    builder = builder.serial_number(x509.random_serial_number())
    made = builder.not_valid_before(now).not_valid_after(now + timedelta(days=1)).sign(key, hashes.SHA256())
    public, both = folder / "recipient.pem", folder / "recipient.key"
    pkcs8, clear = serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    public.write_bytes(_pem(made))
    both.write_bytes(_pem(made) + key.private_bytes(serialization.Encoding.PEM, pkcs8, clear))
    return public, both


def _pem(certificate: x509.Certificate) -> bytes:
    return certificate.public_bytes(serialization.Encoding.PEM)
