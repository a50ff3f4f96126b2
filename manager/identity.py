"""The accounts of an installation, opened alone: by the commands that manage them and by the composition root."""

from __future__ import annotations

from ink_core.clock import SystemClock
from ink_core.db import Database
from ink_core.identity.service import IdentityService
from ink_core.identity.sql import SqlIdentityStore
from ink_core.settings import Settings


def open_identity(settings: Settings) -> IdentityService:
    """Opens, and at the first time makes, the database of accounts."""
    settings.data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    database = Database(settings.database.url)
    database.migrate()
    return IdentityService(SqlIdentityStore(database), SystemClock())
