"""The site's SSH certificate authority, opened only where its key is configured."""

from __future__ import annotations

from ink_core.clock import Clock
from ink_core.identity.ssh_certificates import Record, SshCertificates
from ink_core.settings import Settings
from ink_core.settings.secrets import read_secret_file


def open_ssh_certificates(settings: Settings, record: Record, clock: Clock) -> SshCertificates | None:
    """None where there is none. Raises `SettingsError` for a file that others could read, `KeyUnusable` for no key."""
    file = settings.sign_in.ssh_ca_key_file
    return SshCertificates(read_secret_file(file), record, clock) if file else None
