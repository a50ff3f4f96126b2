"""Schema migrations, shipped with the package and applied at the start. Alembic is imported only when there is work."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import Connection, inspect, text

from ink_core.errors import InkError

HEAD = "0012"
"""Newest revision in `versions/`."""
VERSION_TABLE = "ink_schema"
_POSTGRESQL_LOCK = 0x696E6B


class SchemaTooNew(InkError):
    """The database belongs to a newer release of the harness."""

    code = "schema_too_new"


def migrate(connection: Connection, to: str = HEAD) -> None:
    """Upgrade to a revision inside the caller's writing transaction, which is the lock against a second starter.

    Raises `SchemaTooNew`.
    """
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _POSTGRESQL_LOCK})
    present = revision(connection)
    if present == to:
        return
    if present is not None and present > HEAD:
        raise SchemaTooNew(f"the database has schema {present}, this release knows {HEAD}: install the newer release")
    _upgrade(connection, to)


def revision(connection: Connection) -> str | None:
    """The schema's revision, or None for an empty database."""
    if not inspect(connection).has_table(VERSION_TABLE):
        return None
    return connection.execute(text(f"SELECT version_num FROM {VERSION_TABLE}")).scalar()  # noqa: S608 - a constant


def _upgrade(connection: Connection, to: str) -> None:
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent).replace("%", "%%"))
    config.attributes["connection"] = connection
    command.upgrade(config, to)
