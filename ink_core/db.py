"""The relational database: SQLite in WAL mode, or PostgreSQL by its URL. Blocking: call it from a thread.

SQLAlchemy Core only: tables and statements, no object mapping. Every writing transaction takes SQLite's write lock at
its begin, so a read that turns into a write never fails half-way; readers never wait.
"""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import (
    Connection,
    DateTime,
    Dialect,
    Engine,
    MetaData,
    TypeDecorator,
    create_engine,
    event,
    func,
    select,
)
from sqlalchemy.engine import URL, make_url
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import ArgumentError, DBAPIError, OperationalError
from sqlalchemy.pool import ConnectionPoolEntry

from ink_core.errors import InkError, Unavailable
from ink_core.migrations import migrate
from ink_core.wal import use_wal

BUSY_TIMEOUT_S = 10
WRITING = {"ink_writing": True}
_FORMS = "write sqlite:///PATH or postgresql://USER@HOST/NAME"

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)
"""All tables of the platform; each store module defines its own."""


class BadDatabaseUrl(InkError):
    """`database.url` names no database that can be used."""

    code = "bad_database_url"


class Utc(TypeDecorator[datetime]):
    """Aware UTC times, also where the database keeps no time zone."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is not None and value.tzinfo is None:
            raise ValueError("a time without a zone was about to be stored")
        return value.astimezone(UTC) if value is not None else None

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Database:
    """One pool of connections. Its errors of the connection come out as `Unavailable`."""

    def __init__(self, url: str, password: str | None = None) -> None:
        self._engine = _engine(url, password)
        self._writing = self._engine.execution_options(**WRITING)

    @contextmanager
    def read(self) -> Generator[Connection]:
        """One consistent view."""
        with _typed_errors(), self._engine.begin() as connection:
            yield connection

    @contextmanager
    def snapshot(self) -> Generator[Connection]:
        """One view that stays the same over any number of statements."""
        engine = self._engine
        if engine.dialect.name == "postgresql":
            engine = engine.execution_options(isolation_level="REPEATABLE READ")
        with _typed_errors(), engine.begin() as connection:
            yield connection

    @contextmanager
    def write(self) -> Generator[Connection]:
        """One transaction: all of it, or nothing when the block raises."""
        with _typed_errors(), self._writing.begin() as connection:
            yield connection

    @contextmanager
    def write_alone(self, lock: int) -> Generator[Connection]:
        """A transaction beside which no other with this lock runs, in whatever process; it waits for `BUSY_TIMEOUT_S`.

        In SQLite every writing transaction is one.
        """
        with self.write() as connection:
            if connection.dialect.name == "postgresql":
                waits = func.set_config("lock_timeout", f"{BUSY_TIMEOUT_S}s", True)
                try:
                    connection.execute(select(waits, func.pg_advisory_xact_lock(lock)))
                except OperationalError as error:
                    raise Unavailable(f"the database is busy: {error.orig}") from error
            yield connection

    def migrate(self) -> None:
        """Bring the schema up to this release. Does nothing when it is; safe with several starters at once."""
        with self.write() as connection:
            migrate(connection)

    def answers(self) -> None:
        """Raises `Unavailable` when it does not."""
        with self.read() as connection:
            connection.execute(select(1))

    def close(self) -> None:
        self._engine.dispose()


def database_file(url: str) -> Path | None:
    """The file of an SQLite database; None for a database that is a server's."""
    try:
        parsed = make_url(url)
    except ArgumentError:
        return None  # whoever opens it says what is wrong
    return Path(parsed.database) if parsed.get_backend_name() == "sqlite" and parsed.database else None


@contextmanager
def _typed_errors() -> Generator[None]:
    try:
        yield
    except DBAPIError as error:
        if error.connection_invalidated or type(error.orig).__name__ == "OperationalError":
            raise Unavailable(f"the database does not answer: {error.orig}") from error
        raise


def _engine(url: str, password: str | None) -> Engine:
    try:
        parsed = make_url(url)
    except ArgumentError:
        raise BadDatabaseUrl(f"database.url is no database URL; {_FORMS}") from None
    if parsed.get_backend_name() == "postgresql":
        return _postgresql(parsed.set(password=password) if password else parsed)
    if parsed.get_backend_name() == "sqlite" and parsed.database not in (None, "", ":memory:"):
        return _sqlite(parsed, Path(parsed.database))
    raise BadDatabaseUrl(f"database.url names no database that is supported; {_FORMS}")


def _postgresql(url: URL) -> Engine:
    try:
        return create_engine(url.set(drivername="postgresql+psycopg"), pool_pre_ping=True)
    except ImportError:
        raise BadDatabaseUrl("PostgreSQL needs its driver: install ink-harness with the extra `postgres`") from None


def _sqlite(url: URL, file: Path) -> Engine:
    file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    file.touch(mode=0o600)
    engine = create_engine(url, connect_args={"timeout": BUSY_TIMEOUT_S, "check_same_thread": False})
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _prepare_sqlite(connection: DBAPIConnection, record: ConnectionPoolEntry) -> None:
    connection_: Any = connection
    connection_.isolation_level = None  # we say BEGIN ourselves, see _begin_sqlite
    use_wal(connection_, BUSY_TIMEOUT_S)
    for pragma in ("synchronous=FULL", "foreign_keys=ON"):
        connection_.execute(f"PRAGMA {pragma}").close()


def _begin_sqlite(connection: Connection) -> None:
    writing = connection.get_execution_options().get("ink_writing", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writing else "BEGIN")
