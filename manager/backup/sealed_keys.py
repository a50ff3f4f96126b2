"""The secret keys of an installation, sealed to a recipient's certificate: CMS EnvelopedData (RFC 5652), AES-256.

`openssl cms -decrypt -inform DER -in keys.p7m -inkey KEY.pem` opens it as well. Limits: RSA certificates; it hides, the
manifest's sum and signature are what finds a change.
"""

from __future__ import annotations

import io
import tarfile
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.ciphers.algorithms import AES256
from cryptography.hazmat.primitives.serialization import Encoding, load_pem_private_key, pkcs7

from ink_core.apps.entry import KEY_FILE as PROXY_KEY
from ink_core.identity.issuer.signer import KEYS_FOLDER as ISSUER_KEYS
from ink_core.settings import SettingsError
from ink_core.signing import KEY_FILE as SIGNING_KEY
from manager.app_sessions import KEY_FILE as APPS_KEY
from manager.backup.manifest import BackupUnusable

KEY_FILES = (SIGNING_KEY, "link.key", APPS_KEY, PROXY_KEY)
"""Files of the data directory, beside the folder of the issuer's keys."""


def sealed(data_dir: Path, recipient: Path) -> bytes:
    """Raises `SettingsError` for a recipient that is no RSA certificate."""
    content = io.BytesIO()
    with tarfile.open(fileobj=content, mode="w") as tar:
        for name in (*KEY_FILES, ISSUER_KEYS):
            if (data_dir / name).exists():
                tar.add(data_dir / name, name)
    try:
        certificate = x509.load_pem_x509_certificate(recipient.read_bytes())
        builder = pkcs7.PKCS7EnvelopeBuilder().set_data(content.getvalue()).add_recipient(certificate)
        return builder.set_content_encryption_algorithm(AES256).encrypt(Encoding.DER, [pkcs7.PKCS7Options.Binary])
    except (OSError, ValueError, TypeError) as error:
        raise SettingsError(f"backup.recipient {recipient} is no RSA certificate (PEM): {error}") from None


def unseal(envelope: bytes, recipient: Path, folder: Path) -> None:
    """Writes the files; `recipient` holds the certificate and its private key (PEM). Raises `BackupUnusable`."""
    try:
        pem = recipient.read_bytes()
        certificate, key = x509.load_pem_x509_certificate(pem), load_pem_private_key(pem, None)
        if not isinstance(key, RSAPrivateKey):
            raise ValueError("an RSA key is wanted")
        content = pkcs7.pkcs7_decrypt_der(envelope, certificate, key, [])
        with tarfile.open(fileobj=io.BytesIO(content), mode="r:") as tar:
            tar.extractall(folder, filter="data")
    except (OSError, ValueError, TypeError, tarfile.TarError) as error:
        raise BackupUnusable(f"the keys of the backup cannot be opened with {recipient}: {error}") from None
    for file in folder.rglob("*"):
        file.chmod(0o700 if file.is_dir() else 0o600)
