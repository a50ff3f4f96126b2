"""Reads a ledger file without being its writer: for searches and exports beside a running manager, and of archives."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing
from pathlib import Path

from audit import sqlite_file
from audit.ledger import Event, LedgerUnavailable

PAGE = 500


class LedgerFile:
    """Blocking. Limits: SQLite; sees what is durable when it looks."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def chains(self, prefix: str = "") -> Sequence[str]:
        """Chains that have events in this file."""
        with self._opened() as connection:
            rows = connection.execute("SELECT DISTINCT chain FROM events ORDER BY chain").fetchall()
        return tuple(chain for (chain,) in rows if chain.startswith(prefix))

    def events(self, chain: str) -> Iterator[Event]:
        """All of one chain, a page in memory at a time."""
        with self._opened() as connection:
            after = 0
            while page := sqlite_file.select(connection, chain, after, PAGE):
                yield from page
                after = page[-1].seq

    def all(self) -> Iterator[Event]:
        """Everything, chain by chain."""
        for chain in self.chains():
            yield from self.events(chain)

    def _opened(self) -> closing[sqlite3.Connection]:
        try:
            connection = sqlite_file.open_for_reading(self._path)
            connection.execute("SELECT 1 FROM events LIMIT 1")
        except sqlite3.Error as error:
            raise LedgerUnavailable(f"{self._path} cannot be read as a ledger: {error}") from error
        return closing(connection)
