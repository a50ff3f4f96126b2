"""The accounts of an installation, opened alone: by the commands that manage them and by the composition root."""

from __future__ import annotations

from ink_core.clock import SystemClock
from ink_core.db import Database
from ink_core.identity.service import IdentityService
from ink_core.identity.sql import SqlIdentityStore
from ink_core.settings import Settings
from ink_core.settings.secrets import database_password
from manager.data_directory import prepare


def open_identity(settings: Settings) -> IdentityService:
    """Opens, and at the first time makes, the database of accounts. Raises `CannotServe` for an unusable directory."""
    prepare(settings.data_dir)
    database = Database(settings.database.url, database_password(settings.database))
    database.migrate()
    return IdentityService(SqlIdentityStore(database), SystemClock())
