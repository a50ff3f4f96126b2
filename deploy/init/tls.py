"""An authority of the deployment's own and the server certificate that it signs (ECDSA P-256, X.509).

The authority may sign these host names and no other. Browsers of a site trust it once they have its certificate; a
site with certificates of its own gives those instead (`tls.kind: files`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, load_pem_private_key
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

AUTHORITY_LIFETIME = timedelta(days=3650)
CLOCKS_MAY_DIFFER = timedelta(hours=1)
RENEW_WITHIN = timedelta(days=30)


@dataclass(frozen=True)
class Pair:
    """Both PEM."""

    certificate: bytes
    key: bytes


def authority(site: str, hosts: Sequence[str], now: datetime) -> Pair:
    key, name = ec.generate_private_key(ec.SECP256R1()), _name(f"INK authority of {site}")
    allowed = x509.NameConstraints([x509.DNSName(host) for host in hosts], None)
    built = (
        _begun(name, key.public_key(), now, AUTHORITY_LIFETIME)
        .issuer_name(name)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(_usage(signs=True), critical=True)
        .add_extension(allowed, critical=True)
        .sign(key, hashes.SHA256())
    )
    return Pair(built.public_bytes(Encoding.PEM), _pem(key))


def server(issuer: Pair, hosts: Sequence[str], lifetime: timedelta, now: datetime) -> Pair:
    """A certificate for these host names, followed by its issuer's, and its key."""
    authority = x509.load_pem_x509_certificate(issuer.certificate)
    signer = load_pem_private_key(issuer.key, password=None)
    assert isinstance(signer, ec.EllipticCurvePrivateKey)  # as `authority` makes it
    key = ec.generate_private_key(ec.SECP256R1())
    built = (
        _begun(_name(hosts[0][:64]), key.public_key(), now, lifetime)
        .issuer_name(authority.subject)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_usage(signs=False), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(host) for host in hosts]), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(signer.public_key()), critical=False)
        .sign(signer, hashes.SHA256())
    )
    return Pair(built.public_bytes(Encoding.PEM) + issuer.certificate, _pem(key))


def serves(certificate: bytes, hosts: Sequence[str], now: datetime) -> bool:
    """Whether it names these hosts and holds for a month yet."""
    read = x509.load_pem_x509_certificate(certificate)
    names = read.extensions.get_extension_for_class(x509.SubjectAlternativeName).value.get_values_for_type(x509.DNSName)
    return set(hosts) <= set(names) and read.not_valid_after_utc - now > RENEW_WITHIN


def may_sign(certificate: bytes, hosts: Sequence[str], now: datetime) -> bool:
    """Whether an authority may sign for these hosts and holds for a month yet."""
    read = x509.load_pem_x509_certificate(certificate)
    allowed = read.extensions.get_extension_for_class(x509.NameConstraints).value.permitted_subtrees or []
    return {x509.DNSName(host) for host in hosts} <= set(allowed) and read.not_valid_after_utc - now > RENEW_WITHIN


def _begun(
    subject: x509.Name, key: ec.EllipticCurvePublicKey, now: datetime, lifetime: timedelta
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .public_key(key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - CLOCKS_MAY_DIFFER)
        .not_valid_after(now + lifetime)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key), critical=False)
    )


def _usage(*, signs: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not signs, key_cert_sign=signs, crl_sign=signs, content_commitment=False,
        key_encipherment=False, data_encipherment=False, key_agreement=False, encipher_only=False, decipher_only=False,
    )  # fmt: skip


def _name(text: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text)])


def _pem(key: ec.EllipticCurvePrivateKey) -> bytes:
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
