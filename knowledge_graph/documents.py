"""Full-text search over Markdown, in English and Chinese: SQLite FTS5 in memory, ranked by BM25.

Words are stemmed (Porter). Runs of Chinese characters are indexed as overlapping pairs: FTS5's own trigrams cannot
find words of two characters. Limits: no synonyms and no translation between the languages; built once, at the start.
"""

from __future__ import annotations

import re
import sqlite3
import threading
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from knowledge_graph.markdown import Passage, passages_below

MAX_QUERY_TERMS = 40
TITLE_WEIGHT = 4.0

_RUN = re.compile(r"([\u3400-\u9fff\uf900-\ufaff]+)|([^\W_]+)")
_FILLERS = frozenset(
    "a an and are as at be by can do does for from how i in is it me my of on or our please should the there this to"
    " was we what when where which why will with you your".split()
) | frozenset(("什么", "怎么", "如何", "怎样", "哪里", "请问", "可以", "我的"))


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
                (number, " ".join(_words(f"{one.title} {one.path}")), " ".join(_words(one.text)))
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
        match = _match(query)
        if not match or limit < 1:
            return ()
        statement = f"SELECT rowid FROM found WHERE found MATCH ? ORDER BY bm25(found, {TITLE_WEIGHT}) LIMIT ?"  # noqa: S608
        with self._lock:
            rows: list[tuple[int]] = self._database.execute(statement, (match, limit)).fetchall()
        return tuple(self._passages[number] for (number,) in rows)

    def close(self) -> None:
        self._database.close()


def _words(text: str) -> Iterator[str]:
    """Lower-case words; Chinese runs as pairs of characters."""
    for chinese, word in _RUN.findall(text.lower()):
        if word:
            yield word
        elif len(chinese) == 1:
            yield chinese
        else:
            yield from (chinese[start : start + 2] for start in range(len(chinese) - 1))


def _match(query: str) -> str:
    """FTS5 expression: any of the words. A single Chinese character stands for the pairs that begin with it."""
    words = list(dict.fromkeys(_words(query[:2000])))
    telling = [word for word in words if word not in _FILLERS] or words
    terms = (
        f'"{word}"*' if len(word) == 1 and not word.isascii() else f'"{word}"' for word in telling[:MAX_QUERY_TERMS]
    )
    return " OR ".join(terms)
