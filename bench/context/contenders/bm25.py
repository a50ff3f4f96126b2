"""BM25 over all facts as they are written in packs: SQLite FTS5 in a file."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from pathlib import Path

from bench.context.questions.question import BenchQuestion
from knowledge_graph.facts import Attribute, Fact
from knowledge_graph.reading import ReadableModel
from knowledge_graph.view import View
from knowledge_graph.words import any_of, spaced, telling_words

TOO_MANY = 100_000
"""Words of more facts than this are left out where there are others: they say little and take seconds."""
MOST_HITS = 3_000


class Bm25:
    def __init__(self, model: ReadableModel, facts: Iterable[Fact], file: Path) -> None:
        self._model = model
        self._frequencies: dict[str, int] = {}
        self._database = sqlite3.connect(file)
        self._database.execute("CREATE VIRTUAL TABLE facts USING fts5(id UNINDEXED, text, tokenize='porter unicode61')")
        rows = ((fact.id, spaced(written(fact))) for fact in facts)
        self._database.executemany("INSERT INTO facts (id, text) VALUES (?, ?)", rows)

    def __call__(self, question: BenchQuestion, view: View) -> Iterator[Fact]:
        words = telling_words(question.question.text)
        match = any_of([word for word in words if self._frequency(word) <= TOO_MANY] or words[:1])
        if not match:
            return
        ranked = "SELECT id FROM facts WHERE facts MATCH ? ORDER BY rank LIMIT ?"
        for (fact_id,) in self._database.execute(ranked, (match, MOST_HITS)).fetchall():
            fact = self._model.fact(fact_id)
            if fact is not None and fact in view.facts(fact.subject):
                yield fact

    def _frequency(self, word: str) -> int:
        if word not in self._frequencies:
            counted = self._database.execute("SELECT count(*) FROM facts WHERE facts MATCH ?", (any_of([word]),))
            self._frequencies[word] = counted.fetchone()[0]
        return self._frequencies[word]


def written(fact: Fact) -> str:
    if isinstance(fact, Attribute):
        return f"{fact.subject} {fact.name.replace('_', ' ')}: {fact.value}"
    return f"{fact.subject} {fact.relation.value.replace('_', ' ')} {fact.target}"
