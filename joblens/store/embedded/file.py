"""The file itself: its schema, how it is opened, and what its errors mean."""

from __future__ import annotations

import sqlite3
from collections.abc import Generator
from contextlib import contextmanager, suppress
from pathlib import Path
from time import monotonic
from urllib.parse import quote

from ink_core.errors import DeadlineExceeded
from joblens.errors import StoreAway, StoreDamaged

APPLICATION_ID = 0x4A4C4253  # "JLBS"
SCHEMA_VERSION = 1
BUSY_S = 10.0
READ_S = 30.0
_STEPS_BETWEEN_LOOKS = 100_000
_PAGES_GIVEN_BACK = 1024  # 16 MiB: a moment

# Texts that name things are stored as `stored` makes them; a path is bytes, because it may be no UTF-8.
_SCHEMA = """
CREATE TABLE host (
    id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, heard REAL NOT NULL, kept TEXT NOT NULL,
    tail_batches INTEGER NOT NULL, tail_bytes INTEGER NOT NULL, tail_since REAL NOT NULL
);
CREATE TABLE tail (
    host_id INTEGER NOT NULL, sequence INTEGER NOT NULL, batch BLOB NOT NULL, PRIMARY KEY (host_id, sequence)
);
CREATE TABLE job (
    id INTEGER PRIMARY KEY, cluster TEXT NOT NULL, job TEXT NOT NULL, began REAL NOT NULL, last_seen REAL NOT NULL,
    ended INTEGER NOT NULL, UNIQUE (cluster, job)
);
CREATE INDEX job_by_begin ON job (began, cluster, job);
CREATE INDEX job_by_end ON job (last_seen);
CREATE TABLE job_host (
    job_id INTEGER NOT NULL, host_id INTEGER NOT NULL, user TEXT NOT NULL, name TEXT NOT NULL, ended INTEGER NOT NULL,
    seen REAL, fold BLOB, PRIMARY KEY (job_id, host_id)
) WITHOUT ROWID;
CREATE TABLE block (
    id INTEGER PRIMARY KEY, job_id INTEGER NOT NULL, host_id INTEGER NOT NULL, kind INTEGER NOT NULL,
    first REAL NOT NULL, last REAL NOT NULL, rows INTEGER NOT NULL, data BLOB NOT NULL
);
CREATE INDEX block_of_job ON block (job_id, host_id, kind, first, last, rows);
CREATE TABLE path (
    id INTEGER PRIMARY KEY, path BLOB NOT NULL, mount BLOB NOT NULL, fs_type TEXT NOT NULL, traffic TEXT NOT NULL,
    UNIQUE (path, mount, fs_type, traffic)
);
CREATE TABLE file (
    job_id INTEGER NOT NULL, path_id INTEGER NOT NULL, host_id INTEGER NOT NULL, time REAL NOT NULL,
    read_bytes INTEGER NOT NULL, read_ops INTEGER NOT NULL, write_bytes INTEGER NOT NULL, write_ops INTEGER NOT NULL,
    PRIMARY KEY (job_id, path_id, host_id)
) WITHOUT ROWID;
CREATE INDEX file_of_path ON file (path_id);
CREATE TABLE mark (job_id INTEGER NOT NULL, time REAL NOT NULL, kind TEXT NOT NULL, text TEXT NOT NULL);
CREATE INDEX mark_of_job ON mark (job_id);
"""


def path_bytes(path: str) -> bytes:
    return path.encode("utf-8", "surrogatepass")


def path_text(path: bytes) -> str:
    return path.decode("utf-8", "surrogatepass")


def inserted(cursor: sqlite3.Cursor) -> int:
    """The number of the row."""
    assert cursor.lastrowid is not None
    return cursor.lastrowid


def open_for_writing(path: Path) -> sqlite3.Connection:
    """Makes the file where there is none. Every commit is flushed to the disk. Raises as `meaning` does."""
    with meaning(path):
        connection = _connected(f"file:{quote(str(path))}?mode=rwc")
        connection.execute("PRAGMA page_size = 16384")  # blocks of one to three thousand bytes fill it well
        connection.execute("PRAGMA auto_vacuum = INCREMENTAL")
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = FULL")
        with transaction(connection):
            if _version(connection) == (0, 0) and not connection.execute("SELECT 1 FROM sqlite_master").fetchone():
                for statement in _SCHEMA.split(";"):
                    connection.execute(statement)
                connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
                connection.execute(f"PRAGMA user_version = {SCHEMA_VERSION}")
        return _checked(connection, path)


def open_for_reading(path: Path) -> sqlite3.Connection:
    """Another process may write meanwhile. Raises as `meaning` does."""
    with meaning(path):
        return _checked(_connected(f"file:{quote(str(path))}?mode=ro"), path)


def close_for_writing(connection: sqlite3.Connection) -> None:
    """Pages that hold nothing are given back first."""
    with suppress(sqlite3.Error):  # a full disk, say: nothing is lost
        give_back(connection)
    connection.close()


def give_back(connection: sqlite3.Connection) -> None:
    """Some of the pages that hold nothing; what is written next fills the others. Outside a transaction."""
    connection.executescript(f"PRAGMA incremental_vacuum({_PAGES_GIVEN_BACK})")  # `execute` ends after one page


def _connected(address: str) -> sqlite3.Connection:
    connection = sqlite3.connect(address, uri=True, timeout=BUSY_S, isolation_level=None, check_same_thread=False)
    connection.execute("PRAGMA cache_size = -4096")  # KiB: the collector has 40 MB in all
    connection.create_function("folded", 1, _folded, deterministic=True)
    return connection


def _folded(text: str) -> str:
    return text.lower()


def _version(connection: sqlite3.Connection) -> tuple[int, int]:
    return tuple(connection.execute(f"PRAGMA {name}").fetchone()[0] for name in ("application_id", "user_version"))  # pyright: ignore[reportReturnType]


def _checked(connection: sqlite3.Connection, path: Path) -> sqlite3.Connection:
    application, version = _version(connection)
    if application == APPLICATION_ID and version == SCHEMA_VERSION:
        return connection
    connection.close()
    if application != APPLICATION_ID:
        raise StoreDamaged(f"{path} is no trace store of JobLens; name another file, or move this one away.")
    raise StoreDamaged(f"{path} has schema {version}, and this release reads {SCHEMA_VERSION}: use the newer release.")


@contextmanager
def transaction(connection: sqlite3.Connection) -> Generator[None]:
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise


@contextmanager
def snapshot(connection: sqlite3.Connection) -> Generator[None]:
    """What is read inside is of one moment, and takes `READ_S` at most."""
    ends = monotonic() + READ_S
    connection.set_progress_handler(lambda: monotonic() > ends, _STEPS_BETWEEN_LOOKS)
    connection.execute("BEGIN")
    try:
        yield
    finally:
        connection.set_progress_handler(None, 0)
        connection.execute("ROLLBACK")


_AWAY = {
    sqlite3.SQLITE_BUSY,
    sqlite3.SQLITE_FULL,
    sqlite3.SQLITE_IOERR,
    sqlite3.SQLITE_CANTOPEN,
    sqlite3.SQLITE_READONLY,
}


@contextmanager
def meaning(path: Path) -> Generator[None]:
    """SQLite's errors as ours: `StoreAway` (busy, full, no such file), `StoreDamaged`, `DeadlineExceeded`."""
    try:
        yield
    except sqlite3.Error as error:
        code = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_ERROR) & 0xFF
        if code == sqlite3.SQLITE_INTERRUPT:
            raise DeadlineExceeded(f"Reading took over {READ_S:.0f} s; ask for less.") from error
        if code in _AWAY:
            raise StoreAway(f"The trace store {path} takes nothing at present: {error}.") from error
        raise StoreDamaged(f"The trace store {path} cannot be read: {error}. Move it away, or restore it.") from error
