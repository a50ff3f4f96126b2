"""The log of chain heads in the ledger's SQLite file. Blocking, and safe beside the ledger's own writer.

Must be opened after the ledger, which holds the lease and makes the tables. Only one thread at a time may use it.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from pathlib import Path

from audit.checkpoint import Checkpoint, Cosignature, read_checkpoint
from audit.ledger import LedgerUnavailable
from audit.log_store import Leaf

BUSY_S = 10.0
_UNSEALED = """
SELECT h.chain, h.seq, h.hash FROM heads h
WHERE h.seq > coalesce((SELECT max(l.seq) FROM leaves l WHERE l.chain = h.chain), 0) ORDER BY h.chain
"""


class SqliteLogStore:
    def __init__(self, path: Path) -> None:
        self._path = path
        self._connection = sqlite3.connect(path, timeout=BUSY_S, isolation_level=None, check_same_thread=False)
        self._connection.execute("PRAGMA synchronous=FULL")

    def close(self) -> None:
        self._connection.close()

    def size(self) -> int:
        with self._readable():
            return int(self._connection.execute("SELECT coalesce(max(leaf) + 1, 0) FROM leaves").fetchone()[0])

    def leaves(self, first: int, count: int) -> Sequence[Leaf]:
        with self._readable():
            rows = self._connection.execute(
                "SELECT chain, seq, hash FROM leaves WHERE leaf >= ? ORDER BY leaf LIMIT ?", (first, count)
            )
            return tuple(Leaf(*row) for row in rows)

    def unsealed(self) -> Sequence[Leaf]:
        with self._readable():
            return tuple(Leaf(*row) for row in self._connection.execute(_UNSEALED))

    def commit(self, leaves: Sequence[Leaf], checkpoint: Checkpoint) -> None:
        first = checkpoint.size - len(leaves)
        rows = ((first + place, leaf.chain, leaf.seq, leaf.hash) for place, leaf in enumerate(leaves))
        with self._transaction():
            self._connection.executemany("INSERT INTO leaves (leaf, chain, seq, hash) VALUES (?, ?, ?, ?)", rows)
            self._connection.execute(
                "INSERT INTO checkpoints (size, note) VALUES (?, ?)", (checkpoint.size, checkpoint.note)
            )

    def latest(self) -> Checkpoint | None:
        with self._readable():
            row = self._connection.execute("SELECT note FROM checkpoints ORDER BY size DESC LIMIT 1").fetchone()
        return read_checkpoint(row[0]) if row else None

    def record(self, size: int, cosignatures: Sequence[Cosignature]) -> None:
        rows = ((size, each.witness, each.key, each.line) for each in cosignatures)
        with self._transaction():
            self._connection.executemany(
                "INSERT OR IGNORE INTO cosignatures (size, witness, key, line) VALUES (?, ?, ?, ?)", rows
            )

    def cosignatures(self, size: int) -> Sequence[Cosignature]:
        with self._readable():
            rows = self._connection.execute("SELECT witness, key, line FROM cosignatures WHERE size = ?", (size,))
            return tuple(Cosignature(*row) for row in rows)

    @contextmanager
    def _transaction(self) -> Generator[None]:
        try:
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                yield
                self._connection.execute("COMMIT")
            except BaseException:
                if self._connection.in_transaction:
                    self._connection.execute("ROLLBACK")
                raise
        except sqlite3.Error as error:
            raise LedgerUnavailable(f"no checkpoint could be written to {self._path}: {error}") from error

    @contextmanager
    def _readable(self) -> Generator[None]:
        try:
            yield
        except sqlite3.Error as error:
            raise LedgerUnavailable(f"the log in {self._path} cannot be read: {error}") from error
