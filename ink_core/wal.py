"""SQLite's write-ahead log, also when several processes open a new file at once."""

from __future__ import annotations

import sqlite3
import time

PAUSE_S = 0.01


def use_wal(connection: sqlite3.Connection, timeout_s: float) -> None:
    """The change to WAL needs the file for a moment, and SQLite's own busy timeout does not cover it: so wait here."""
    deadline = time.monotonic() + timeout_s
    while True:
        try:
            connection.execute("PRAGMA journal_mode=WAL").close()
            return
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode != sqlite3.SQLITE_BUSY or time.monotonic() > deadline:
                raise
        time.sleep(PAUSE_S)
