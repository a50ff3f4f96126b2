"""SQLite databases with the schema of this release and no rows: migrated once in a process, and copied from then on."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from ink_core.db import Database, database_file


def put_empty_database(url: str) -> None:
    """Where this URL says, unless there is one or it is a server's."""
    file = database_file(url)
    if file is None or file.exists():
        return
    file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    file.touch(mode=0o600)
    file.write_bytes(_migrated())


def empty_database(url: str) -> Database:
    """Open; of a server it is migrated where it stands."""
    put_empty_database(url)
    database = Database(url)
    database.migrate()
    return database


@cache
def _migrated() -> bytes:
    with TemporaryDirectory() as folder:
        file = Path(folder) / "ink.db"
        database = Database(f"sqlite:///{file}")
        database.migrate()
        database.close()  # which brings the write-ahead log into the file
        return file.read_bytes()
