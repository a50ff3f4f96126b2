"""Incremental full-text search over the texts of the model's nodes: SQLite FTS5 in memory.

What everybody may read is one table, ranked by BM25. The rest is another one: BM25 counts all documents, so it would
tell a reader of what is hidden. There a document's score is the sum of the weights that its words have in the first
table. Words are those of `knowledge_graph.words`, stemmed (Porter).
"""

from __future__ import annotations

import heapq
import math
import re
import sqlite3
import threading
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import accumulate

from ink_core.labels import LOWEST
from knowledge_graph.facts import Attribute, Fact, Layer, NodeId, Origin, name_of
from knowledge_graph.view import View
from knowledge_graph.words import any_of, spaced, telling_words

TITLE_WEIGHT = 4.0
MAX_TERMS = 16
MANY = 3_000
"""Open documents that are ranked for one question; the words that more have say too little to be looked for."""
MANY_KEPT = 60
MOST_FREQUENCIES = 20_000
MAX_TEXT = 20_000

_NUMBER = re.compile(r"\d{1,3}")
_TEXTUAL = frozenset("title text name reason hint message description summary cause resolution alias aliases".split())
_TITLES = frozenset(("title", "name"))
_WORDY_LAYERS = frozenset((Layer.SEMANTICS, Layer.MEMORY))

Readers = tuple[str, frozenset[str]]
"""Confidentiality and readers: facts of a node with the same ones are one document."""


@dataclass(slots=True)
class _Document:
    number: int
    node: NodeId
    origin: Origin
    texts: dict[str, tuple[bool, str]] = field(default_factory=dict[str, tuple[bool, str]])

    @property
    def is_open(self) -> bool:
        return not self.origin.readers and self.origin.label.confidentiality is LOWEST.confidentiality

    def columns(self) -> tuple[str, str]:
        titles = [text for _, (is_title, text) in sorted(self.texts.items()) if is_title]
        bodies = [text for _, (is_title, text) in sorted(self.texts.items()) if not is_title]
        name = name_of(self.node) if self.origin.layer in _WORDY_LAYERS else ""
        return spaced(" ".join((name, *titles))), spaced(" ".join(bodies)[:MAX_TEXT])


class TextIndex:
    """May be used from any thread. What was said is indexed when it is next searched for, or by `settle`."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._documents: dict[tuple[NodeId, Readers], _Document] = {}
        self._numbered: dict[int, _Document] = {}
        self._of_fact: dict[str, tuple[NodeId, Readers]] = {}
        self._stale: set[tuple[NodeId, Readers]] = set()
        self._next = 0
        self._open_documents = 0
        self._frequencies: dict[str, int] = {}
        self._database = sqlite3.connect(":memory:", check_same_thread=False)
        for table in ("open", "kept"):
            self._database.execute(f"CREATE VIRTUAL TABLE {table} USING fts5(title, text, tokenize='porter unicode61')")
        self._database.execute("INSERT INTO open(open, rank) VALUES ('rank', ?)", (f"bm25({TITLE_WEIGHT})",))

    def said(self, fact: Fact) -> None:
        if not isinstance(fact, Attribute) or not _is_text(fact):
            return
        key = (fact.subject, (fact.origin.label.confidentiality.value, fact.origin.readers))
        with self._lock:
            if self._of_fact.get(fact.id, key) != key:
                self._remove(fact.id)
            document = self._documents.get(key)
            if document is None:
                document = self._documents[key] = _Document(self._next, fact.subject, fact.origin)
                self._numbered[self._next] = document
                self._next += 1
            content = (fact.name in _TITLES, str(fact.value))
            if document.texts.get(fact.id) != content:
                document.texts[fact.id] = content
                self._of_fact[fact.id] = key
                self._stale.add(key)

    def unsaid(self, fact: Fact) -> None:
        with self._lock:
            self._remove(fact.id)

    def settle(self) -> None:
        """Index what was said since the last time."""
        with self._lock:
            self._settle()

    def search(self, query: str, view: View, limit: int) -> tuple[Sequence[NodeId], Sequence[NodeId]]:
        """Nodes with any of these words, best first: by their open texts, and by those that not everybody may read."""
        terms = [term for term in telling_words(query) if not _NUMBER.fullmatch(term)]
        with self._lock:
            self._settle()
            rarest = sorted(terms, key=lambda term: (self._frequency(term), term))
            return self._search_open(rarest, limit), self._search_kept(rarest[:MAX_TERMS], view, limit)

    def close(self) -> None:
        self._database.close()

    def _remove(self, fact_id: str) -> None:
        key = self._of_fact.pop(fact_id, None)
        if key is not None:
            self._documents[key].texts.pop(fact_id, None)
            self._stale.add(key)

    def _settle(self) -> None:
        if any(self._documents[key].is_open for key in self._stale):
            self._frequencies.clear()
        for key in self._stale:
            document = self._documents[key]
            table = "open" if document.is_open else "kept"
            self._database.execute(f"DELETE FROM {table} WHERE rowid = ?", (document.number,))  # noqa: S608
            if document.texts:
                row = (document.number, *document.columns())
                self._database.execute(f"INSERT INTO {table}(rowid, title, text) VALUES (?, ?, ?)", row)  # noqa: S608
            else:
                del self._documents[key], self._numbered[document.number]
        if self._stale:
            self._stale.clear()
            ((self._open_documents, _),) = self._database.execute("SELECT count(*), 0 FROM open").fetchall()

    def _search_open(self, rarest: Sequence[str], limit: int) -> Sequence[NodeId]:
        """Documents that rank alike stand in the order of their nodes, not in that of their arrival."""
        there = [term for term in rarest if self._frequency(term)][:MAX_TERMS]
        so_far = accumulate(map(self._frequency, there))
        asked = [term for term, documents in zip(there, so_far, strict=True) if documents <= MANY] or there[:1]
        if not asked:
            return ()
        rows = self._rows("SELECT rowid, rank FROM open WHERE open MATCH ?", any_of(asked))
        ranked = heapq.nsmallest(limit, ((rank, self._numbered[number].node) for number, rank in rows))
        return tuple(node for _, node in ranked)

    def _search_kept(self, rarest: Sequence[str], view: View, limit: int) -> Sequence[NodeId]:
        scores: dict[NodeId, float] = {}
        for term in rarest:
            rows = self._rows("SELECT rowid, 0 FROM kept WHERE kept MATCH ?", any_of((term,)))
            documents = (self._numbered[number] for number, _ in rows)
            having = [document.node for document in documents if view.sees(document.origin)]
            if len(having) <= MANY_KEPT:
                weight = self._weight(term)
                scores |= {node: scores.get(node, 0.0) + weight for node in having}
        return heapq.nsmallest(limit, scores, key=lambda node: (-scores[node], node))

    def _frequency(self, term: str) -> int:
        """How many open documents have it."""
        if term not in self._frequencies:
            if len(self._frequencies) >= MOST_FREQUENCIES:
                self._frequencies.clear()
            ((count, _),) = self._rows("SELECT count(*), 0 FROM open WHERE open MATCH ?", any_of((term,)))
            self._frequencies[term] = int(count)
        return self._frequencies[term]

    def _weight(self, term: str) -> float:
        """Inverse document frequency among the open documents, as in BM25."""
        having = self._frequency(term)
        return math.log(1 + (self._open_documents - having + 0.5) / (having + 0.5))

    def _rows(self, statement: str, match: str) -> Sequence[tuple[int, float]]:
        return self._database.execute(statement, (match,)).fetchall()


def _is_text(fact: Attribute) -> bool:
    return isinstance(fact.value, str) and (fact.name in _TEXTUAL or fact.origin.layer in _WORDY_LAYERS)
