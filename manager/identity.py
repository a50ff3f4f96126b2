"""The accounts of an installation, opened alone: by the commands that manage them and by the composition root."""

from __future__ import annotations

from ink_core.clock import SystemClock
from ink_core.db import Database, database_file
from ink_core.errors import NotFound
from ink_core.identity.service import IdentityService
from ink_core.identity.sql import SqlIdentityStore
from ink_core.settings import Settings
from ink_core.settings.secrets import database_password
from manager.data_directory import prepare


class NoInstallation(NotFound):
    """There are no accounts where they were looked for."""

    code = "no_installation"


def open_identity(settings: Settings, *, create: bool = True) -> IdentityService:
    """Opens the database of accounts, and at the first time makes it, if it is to be made.

    Raises `CannotServe` for an unusable directory; `NoInstallation` for accounts that are not there and not to be made:
    an empty database in the wrong place would hide the right one.
    """
    file = database_file(settings.database.url)
    if not create and file is not None and not file.is_file():
        raise NoInstallation(
            f"there are no accounts at {file}: set INK_DATA_DIR (or --config) as for the manager, or start it once"
        )
    prepare(settings.data_dir)
    database = Database(settings.database.url, database_password(settings.database))
    database.migrate()
    return IdentityService(SqlIdentityStore(database), SystemClock())
