"""The ledger's SQLite file: schema, the writer's lock, the statements. Blocking; `audit/sqlite.py` has the threads.

The lock is an flock on `FILE.lock`: the kernel drops it when its process dies. Like SQLite's own locks it needs a
local file system. The heads table is written in the same transaction as the events, so that a cut tail can be noticed.
"""

from __future__ import annotations

import fcntl
import os
import sqlite3
from collections.abc import Iterable, Sequence
from contextlib import suppress
from datetime import datetime
from pathlib import Path

from audit.canonical import time_text
from audit.leases import TAKEN_OVER, Lease
from audit.ledger import Event, LedgerHeld, LedgerUnavailable, Placed, Where
from audit.sealing import Head, Prepared, prepare, restore, seal
from audit.sql_search import Dialect, newest
from audit.verify import lost_transactions

FORMAT = 2
DIALECT = Dialect("events", "?", "instr")
CHECKPOINT_PAGES = 256
_EVENTS_STAY = """CREATE TRIGGER IF NOT EXISTS events_stay BEFORE DELETE ON events
BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END"""
_SCHEMA = """
CREATE TABLE IF NOT EXISTS events (
    position INTEGER PRIMARY KEY,
    chain TEXT NOT NULL, seq INTEGER NOT NULL, kind TEXT NOT NULL, time TEXT NOT NULL,
    body TEXT NOT NULL, seal TEXT NOT NULL, salt BLOB, private TEXT, prev TEXT NOT NULL, hash TEXT NOT NULL,
    UNIQUE (chain, seq)
) STRICT;
CREATE TABLE IF NOT EXISTS heads (
    chain TEXT PRIMARY KEY, seq INTEGER NOT NULL, hash TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS leaves (
    leaf INTEGER PRIMARY KEY, chain TEXT NOT NULL, seq INTEGER NOT NULL, hash TEXT NOT NULL
) STRICT;
CREATE INDEX IF NOT EXISTS leaves_of_chain ON leaves (chain, seq);
CREATE TABLE IF NOT EXISTS checkpoints (size INTEGER PRIMARY KEY, note TEXT NOT NULL) STRICT;
CREATE TABLE IF NOT EXISTS cosignatures (
    size INTEGER NOT NULL, witness TEXT NOT NULL, key TEXT NOT NULL, line TEXT NOT NULL, PRIMARY KEY (size, key)
) STRICT, WITHOUT ROWID;
CREATE TRIGGER IF NOT EXISTS leaves_stay BEFORE DELETE ON leaves
BEGIN SELECT RAISE(ABORT, 'the log is append-only'); END;
CREATE TRIGGER IF NOT EXISTS leaves_never_change BEFORE UPDATE ON leaves
BEGIN SELECT RAISE(ABORT, 'the log is append-only'); END;
{events_stay};
CREATE TRIGGER IF NOT EXISTS events_never_change BEFORE UPDATE ON events
WHEN NEW.salt IS NOT NULL OR NEW.private IS NOT NULL OR
    (NEW.position, NEW.chain, NEW.seq, NEW.kind, NEW.time, NEW.body, NEW.seal, NEW.prev, NEW.hash) IS NOT
    (OLD.position, OLD.chain, OLD.seq, OLD.kind, OLD.time, OLD.body, OLD.seal, OLD.prev, OLD.hash)
BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END;
"""


def take_lock(path: Path) -> int:
    """File descriptor that holds the exclusive right to write. Raises `LedgerHeld`, `LedgerUnavailable`."""
    try:
        descriptor = os.open(f"{path}.lock", os.O_RDWR | os.O_CREAT, 0o600)
    except OSError as error:
        raise LedgerUnavailable(f"the ledger {path} cannot be written: {error.strerror}") from error
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        os.close(descriptor)
        raise LedgerHeld(f"another process writes the ledger {path}; stop it first") from error
    return descriptor


def open_for_writing(path: Path) -> sqlite3.Connection:
    """Every commit on this connection is fsynced (WAL with synchronous=FULL)."""
    if (lost := lost_transactions(path)) > 1:  # one may be what a power failure interrupted
        raise LedgerUnavailable(
            f"{path}-wal is damaged and {lost} recorded transactions would be lost; copy both files, then restore them"
        )
    connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
    try:
        os.chmod(path, 0o600)
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA synchronous=FULL")
        connection.execute("PRAGMA secure_delete=ON")  # what is erased is overwritten, not only unlinked
        found = int(connection.execute("PRAGMA user_version").fetchone()[0])
        if found not in (0, FORMAT):
            raise LedgerUnavailable(_other_format(path, found))
        connection.executescript(_SCHEMA.replace("{events_stay}", _EVENTS_STAY))
        connection.execute(f"PRAGMA user_version={FORMAT}")
        connection.execute(f"PRAGMA wal_autocheckpoint={CHECKPOINT_PAGES}")
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    except BaseException:
        connection.close()
        raise
    return connection


def _other_format(path: Path, found: int) -> str:
    if found > FORMAT:
        return f"{path} has ledger format {found}, this version knows {FORMAT}; use the newer version"
    return (
        f"{path} has ledger format {found}, whose hashes cover what can be erased now, so that format {FORMAT} cannot "
        f"continue it. Move it away to begin a new ledger, and keep the version that wrote it to verify it"
    )


def open_for_reading(path: Path) -> sqlite3.Connection:
    return sqlite3.connect(
        f"{path.absolute().as_uri()}?mode=ro", uri=True, isolation_level=None, check_same_thread=False
    )


def load_heads(connection: sqlite3.Connection) -> dict[str, Head]:
    return {chain: Head(seq, digest) for chain, seq, digest in connection.execute("SELECT chain, seq, hash FROM heads")}


def take(connection: sqlite3.Connection, lease: Lease, now: datetime) -> None:
    """From here on whoever had it writes nothing. Raises `LedgerHeld` where another takes it at the same moment."""
    rows = connection.execute("SELECT seq, hash FROM heads WHERE chain = ?", (lease.chain,)).fetchall()
    before = Head(*rows[0]) if rows else Head()
    prepared = prepare(lease.chain, [lease.taken])
    events = seal(lease.chain, prepared, before, now)
    taken = Head(events[-1].seq, events[-1].hash)
    write(connection, zip(events, prepared, strict=True), [(lease.chain, taken)], relied=(lease.chain, before))


def empty_chains(connection: sqlite3.Connection) -> dict[str, int]:
    """Chains all of whose events are in archives, and how many that were."""
    rows = "SELECT chain, seq FROM heads h WHERE NOT EXISTS (SELECT 1 FROM events e WHERE e.chain = h.chain)"
    return dict(connection.execute(rows).fetchall())


def write(
    connection: sqlite3.Connection,
    rows: Iterable[tuple[Event, Prepared]],
    heads: Iterable[tuple[str, Head]],
    erased: Iterable[tuple[str, int]] = (),
    archived: Sequence[str] = (),
    relied: tuple[str, Head] | None = None,
) -> None:
    """One transaction, one fsync: events, heads, and what goes: personal parts, and chains that are in an archive now.

    On any error nothing of it stays. Raises `LedgerHeld` where the chain of `relied` has another head.
    """
    connection.execute("BEGIN IMMEDIATE")
    try:
        if relied:
            _check_head(connection, *relied)
        connection.executemany(
            "INSERT INTO events (chain, seq, kind, time, body, seal, salt, private, prev, hash) "
            "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (_row(event, prepared) for event, prepared in rows),
        )
        connection.executemany(
            "UPDATE events SET salt = NULL, private = NULL WHERE chain = ? AND seq = ? AND private IS NOT NULL", erased
        )
        connection.executemany(
            "INSERT INTO heads (chain, seq, hash) VALUES (?, ?, ?) "
            "ON CONFLICT (chain) DO UPDATE SET seq = excluded.seq, hash = excluded.hash",
            ((chain, head.seq, head.hash) for chain, head in heads),
        )
        if archived:
            _take_out(connection, archived)
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise


def _check_head(connection: sqlite3.Connection, chain: str, head: Head) -> None:
    found = connection.execute("SELECT hash FROM heads WHERE chain = ?", (chain,)).fetchone()
    if (found[0] if found else "") != head.hash:
        raise LedgerHeld(TAKEN_OVER)


def _take_out(connection: sqlite3.Connection, chains: Sequence[str]) -> None:
    connection.execute("DROP TRIGGER events_stay")
    connection.executemany("DELETE FROM events WHERE chain = ?", ((chain,) for chain in chains))
    connection.execute(_EVENTS_STAY)


def _row(event: Event, prepared: Prepared) -> tuple[object, ...]:
    time, salt, private = time_text(event.time), prepared.salt or None, prepared.private or None
    what = (event.chain, event.seq, event.kind, time, prepared.text, event.seal)
    return (*what, salt, private, event.prev, event.hash)


def settle(connection: sqlite3.Connection) -> None:
    """Leave nothing of what was erased in the write-ahead log, as far as readers allow now."""
    with suppress(sqlite3.Error):  # what was written is durable; a later checkpoint does the rest
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def select(connection: sqlite3.Connection, chain: str, after: int, limit: int | None) -> tuple[Event, ...]:
    rows = connection.execute(
        "SELECT chain, seq, kind, time, body, seal, private, prev, hash FROM events "
        "WHERE chain = ? AND seq > ? ORDER BY seq LIMIT ?",
        (chain, after, -1 if limit is None else limit),
    )
    return tuple(restore(*row) for row in rows)


def search(connection: sqlite3.Connection, where: Where, before: int | None, limit: int) -> tuple[Placed, ...]:
    rows = connection.execute(*newest(DIALECT, where, before, limit))
    return tuple(Placed(position, restore(*row)) for position, *row in rows)
