"""Schema migrations, shipped with the package and applied at the start. Alembic is imported only when there is work."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Connection, inspect, text

from ink_core.errors import InkError

if TYPE_CHECKING:
    from alembic.config import Config

HEAD = "0015"
"""Newest revision in `versions/`."""
VERSION_TABLE = "ink_schema"
SCRIPTS = Path(__file__).parent
_POSTGRESQL_LOCK = 0x696E6B


class SchemaTooNew(InkError):
    """The database belongs to a newer release of the harness."""

    code = "schema_too_new"


@dataclass(frozen=True)
class Step:
    """One migration: the revision that it leads to, and what it is about."""

    revision: str
    about: str


def migrate(connection: Connection, to: str = HEAD, scripts: Path = SCRIPTS) -> None:
    """Upgrade to a revision inside the caller's writing transaction, which is the lock against a second starter.

    Whatever goes wrong on the way, the caller's transaction takes back: both kinds of databases change tables in
    transactions. `scripts` is the folder of the migrations. Raises `SchemaTooNew`.
    """
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _POSTGRESQL_LOCK})
    if _checked_revision(connection, to) != to:
        _upgrade(connection, to, scripts)


def steps(connection: Connection) -> list[Step]:
    """What `migrate` would do, in this order. Raises `SchemaTooNew`."""
    if (present := _checked_revision(connection, HEAD)) == HEAD:
        return []
    from alembic.script import ScriptDirectory

    found = ScriptDirectory.from_config(_config(SCRIPTS)).iterate_revisions(HEAD, present or "base")
    return [Step(each.revision, (each.doc or "").strip()) for each in reversed(list(found))]


def revision(connection: Connection) -> str | None:
    """The schema's revision, or None for an empty database."""
    if not inspect(connection).has_table(VERSION_TABLE):
        return None
    return connection.execute(text(f"SELECT version_num FROM {VERSION_TABLE}")).scalar()  # noqa: S608 - a constant


def _checked_revision(connection: Connection, known: str) -> str | None:
    present = revision(connection)
    if present is not None and present > known:
        raise SchemaTooNew(f"the database has schema {present}, this release knows {known}: install the newer release")
    return present


def _upgrade(connection: Connection, to: str, scripts: Path) -> None:
    from alembic import command

    config = _config(scripts)
    config.attributes["connection"] = connection
    command.upgrade(config, to)


def _config(scripts: Path) -> Config:
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(scripts).replace("%", "%%"))
    return config
