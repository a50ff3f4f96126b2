"""Opens a file of the ledger for reading and yields its events as raw values. The file is not trusted."""

from __future__ import annotations

import hashlib
import json
import os
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import cast

from .report import MAX_PROBLEMS, Report

FORMAT = 2
MAX_VALUE_BYTES = 32 * 1024 * 1024
"""Larger than any record. A file that claims more is refused before the memory is asked for."""

_TABLES = (b"checkpoints", b"cosignatures", b"events", b"heads", b"leaves")
_SELECT = "SELECT position, chain, seq, kind, time, body, seal, salt, private, prev, hash FROM events ORDER BY position"
_SHAPE = (bytes, int, bytes, bytes, bytes, bytes, (bytes, type(None)), (bytes, type(None)), bytes, bytes)
Row = tuple[bytes, int, bytes, bytes, bytes, bytes, "bytes | None", "bytes | None", bytes, bytes]
"""chain, seq, kind, time, body, seal, salt, private, prev, hash"""


class NotALedger(Exception):
    """The file has not the tables of a ledger."""


def open_ledger(path: Path) -> sqlite3.Connection:
    """Read-only. On a read-only disk SQLite needs to be told that nobody writes, which no -wal file proves."""
    if not path.is_file():
        raise FileNotFoundError("there is no such file")
    sealed = not os.access(path.parent, os.W_OK) and not Path(f"{path}-wal").exists()
    mode = "immutable=1" if sealed else "mode=ro"
    connection = sqlite3.connect(f"{path.absolute().as_uri()}?{mode}", uri=True, isolation_level=None)
    connection.text_factory = bytes  # flipped bits need not be UTF-8
    connection.execute("PRAGMA trusted_schema=OFF")
    connection.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, MAX_VALUE_BYTES)
    return connection


def check_structure(connection: sqlite3.Connection, report: Report) -> None:
    """Raises `NotALedger` where a table is none: a view in its place could compute for ever."""
    found = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table' AND rootpage > 0").fetchall()
    if missing := set(_TABLES) - {name for (name,) in found}:
        raise NotALedger(f"it has no table {', '.join(sorted(map(text, missing)))}")
    for (answer,) in connection.execute(f"PRAGMA integrity_check({MAX_PROBLEMS})"):
        if answer != b"ok":
            report.problem(f"the database file is damaged: {text(answer)}")
    (format_,) = connection.execute("PRAGMA user_version").fetchone()
    if format_ != FORMAT:
        report.problem(f"this is ledger format {format_}; this verifier knows format {FORMAT}")


def rows(connection: sqlite3.Connection, report: Report) -> Iterator[Row]:
    """Events in the order they were written. A flipped bit may change even the type of a value."""
    for position, *row in connection.execute(_SELECT):
        if all(isinstance(value, kind) for value, kind in zip(row, _SHAPE, strict=True)):
            yield cast(Row, tuple(row))
        else:
            report.problem(f"the event at position {position} has values of another type")


def row_hash(row: Row) -> bytes:
    """SHA-256 over the canonical event. `body` is hashed as it is stored, so that any change of its bytes shows."""
    chain, seq, kind, time, body, seal, _, _, prev, _ = row
    sealed = b'{"body":%b,"chain":%b,"kind":%b,"prev":%b,"seal":%b,"seq":%d,"time":%b}' % (
        body, quoted(chain), quoted(kind), quoted(prev), quoted(seal), seq, quoted(time),
    )  # fmt: skip
    return hashlib.sha256(sealed).hexdigest().encode()


def quoted(value: bytes) -> bytes:
    if value.isascii() and b'"' not in value and b"\\" not in value:
        return b'"%b"' % value  # chain and kind are printable, so that nothing else needs an escape
    return json.dumps(text(value), ensure_ascii=False).encode(errors="surrogateescape")


def text(value: bytes) -> str:
    return value.decode(errors="surrogateescape")
