"""Full-text search over Markdown, in English and Chinese: SQLite FTS5 in memory, ranked by BM25.

Words are stemmed (Porter). Limits: no synonyms and no translation between the languages; built once.
"""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterable, Sequence
from pathlib import Path

from knowledge_graph.markdown import Passage, passages_below
from knowledge_graph.words import any_of, spaced, telling_words

TITLE_WEIGHT = 4.0


class DocumentIndex:
    """Implements `Documents`. May be used from any thread."""

    def __init__(self, passages: Iterable[Passage]) -> None:
        self._lock = threading.Lock()
        self._passages = tuple(passages)
        self._database = sqlite3.connect(":memory:", check_same_thread=False)
        self._database.execute(
            "CREATE VIRTUAL TABLE found USING fts5(title, text, content='', tokenize='porter unicode61')"
        )
        self._database.executemany(
            "INSERT INTO found (rowid, title, text) VALUES (?, ?, ?)",
            (
                (number, spaced(f"{one.title} {one.path}"), spaced(one.text))
                for number, one in enumerate(self._passages)
            ),
        )

    @classmethod
    def build(cls, roots: Iterable[Path]) -> DocumentIndex:
        """Index of all Markdown below these folders; one that does not exist is empty."""
        return cls(passage for root in roots for passage in passages_below(root))

    def __len__(self) -> int:
        return len(self._passages)

    def search(self, query: str, limit: int) -> Sequence[Passage]:
        """Best first. A query without a word finds nothing."""
        match = any_of(telling_words(query))
        if not match or limit < 1:
            return ()
        statement = f"SELECT rowid FROM found WHERE found MATCH ? ORDER BY bm25(found, {TITLE_WEIGHT}) LIMIT ?"  # noqa: S608
        with self._lock:
            rows: list[tuple[int]] = self._database.execute(statement, (match, limit)).fetchall()
        return tuple(self._passages[number] for (number,) in rows)

    def close(self) -> None:
        self._database.close()
