"""The log of chain heads in the ledger's PostgreSQL database. Blocking; the ledger, opened first, makes the tables.

Of two managers that seal at once one commits and the other is refused: an entry's number is taken once.
"""

from __future__ import annotations

from collections.abc import Generator, Sequence
from contextlib import contextmanager

import psycopg

from audit.checkpoint import Checkpoint, Cosignature, read_checkpoint
from audit.log_store import Leaf
from audit.postgres_connection import Server, unavailable

_UNSEALED = b"""
SELECT h.chain, h.seq, h.hash FROM ink_ledger.heads h
WHERE h.seq > coalesce((SELECT max(l.seq) FROM ink_ledger.leaves l WHERE l.chain = h.chain), 0) ORDER BY h.chain
"""
_COSIGN = (
    "INSERT INTO ink_ledger.cosignatures (size, witness, key, line) VALUES (%s, %s, %s, %s) ON CONFLICT DO NOTHING"
)


class PostgresLogStore:
    def __init__(self, server: Server) -> None:
        self._server = server
        self._opened: psycopg.Connection[tuple[object, ...]] | None = None

    def close(self) -> None:
        if self._opened is not None:
            self._opened.close()

    def size(self) -> int:
        ((size,),) = self._rows(b"SELECT coalesce(max(leaf) + 1, 0) FROM ink_ledger.leaves")
        return int(str(size))

    def leaves(self, first: int, count: int) -> Sequence[Leaf]:
        statement = b"SELECT chain, seq, hash FROM ink_ledger.leaves WHERE leaf >= %s ORDER BY leaf LIMIT %s"
        return tuple(map(_leaf, self._rows(statement, first, count)))

    def unsealed(self) -> Sequence[Leaf]:
        return tuple(map(_leaf, self._rows(_UNSEALED)))

    def commit(self, leaves: Sequence[Leaf], checkpoint: Checkpoint) -> None:
        first = checkpoint.size - len(leaves)
        rows = [(first + place, leaf.chain, leaf.seq, leaf.hash) for place, leaf in enumerate(leaves)]
        with self._connection() as connection, connection.transaction(), connection.cursor() as cursor:
            cursor.executemany("INSERT INTO ink_ledger.leaves (leaf, chain, seq, hash) VALUES (%s, %s, %s, %s)", rows)
            note = (checkpoint.size, checkpoint.note)
            cursor.execute("INSERT INTO ink_ledger.checkpoints (size, note) VALUES (%s, %s)", note)

    def latest(self) -> Checkpoint | None:
        rows = self._rows(b"SELECT note FROM ink_ledger.checkpoints ORDER BY size DESC LIMIT 1")
        return read_checkpoint(str(rows[0][0])) if rows else None

    def record(self, size: int, cosignatures: Sequence[Cosignature]) -> None:
        rows = [(size, each.witness, each.key, each.line) for each in cosignatures]
        with self._connection() as connection, connection.transaction(), connection.cursor() as cursor:
            cursor.executemany(_COSIGN, rows)

    def cosignatures(self, size: int) -> Sequence[Cosignature]:
        statement = b"SELECT witness, key, line FROM ink_ledger.cosignatures WHERE size = %s"
        return tuple(Cosignature(*map(str, row)) for row in self._rows(statement, size))

    def _rows(self, statement: bytes, *values: object) -> list[tuple[object, ...]]:
        with self._connection() as connection:
            return connection.execute(statement, values).fetchall()

    @contextmanager
    def _connection(self) -> Generator[psycopg.Connection[tuple[object, ...]]]:
        """One that broke is not used again."""
        try:
            if self._opened is None or self._opened.closed:
                self._opened = psycopg.connect(self._server.conninfo(), autocommit=True)
            yield self._opened
        except (psycopg.Error, OSError) as error:
            raise unavailable(error) from error


def _leaf(row: tuple[object, ...]) -> Leaf:
    chain, seq, digest = row
    return Leaf(str(chain), int(str(seq)), str(digest))
