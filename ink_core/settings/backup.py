"""Settings of backups (`ink backup`)."""

from __future__ import annotations

from pathlib import Path

from pydantic import Field

from ink_core.settings.section import Section


class BackupSettings(Section):
    recipient: Path | None = Field(
        default=None,
        description="RSA certificate (PEM) that the secret keys in backups are sealed to; null leaves them out.",
    )
