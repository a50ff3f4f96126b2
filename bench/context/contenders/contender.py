"""What is measured: something that makes a pack for a question."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Protocol

from bench.context.questions.question import BenchQuestion
from ink_core.labels import LOWEST
from knowledge_graph.context.assembly import assemble
from knowledge_graph.context.pack import ContextPack
from knowledge_graph.context.packing import Packing
from knowledge_graph.context.scoring import Scored
from knowledge_graph.context.token_estimate import tokens
from knowledge_graph.facts import Fact, NodeId
from knowledge_graph.retrieval.asking import asked
from knowledge_graph.retrieval.finding import Found, Retrieval
from knowledge_graph.retrieval.linking import linked
from knowledge_graph.retrieval.names import Names
from knowledge_graph.retrieval.walk import Nearness
from knowledge_graph.view import View

MOST_FACTS = 600
"""More do not fit into the largest budget."""


class Contender(Protocol):
    def packs(self, question: BenchQuestion, budgets: tuple[int, ...], now: datetime) -> Iterator[ContextPack]:
        """One for each budget."""
        ...


@dataclass(frozen=True)
class Ours:
    retrieval: Retrieval

    def packs(self, question: BenchQuestion, budgets: tuple[int, ...], now: datetime) -> Iterator[ContextPack]:
        for budget in budgets:
            yield assemble(self.retrieval, question.question, question.clearance, budget, now)


class Ranking(Protocol):
    def __call__(self, question: BenchQuestion, view: View) -> Iterator[Fact]:
        """Facts that the view shows, best first."""
        ...


@dataclass(frozen=True)
class Ranked:
    """A pack of as many of the best facts as fit."""

    retrieval: Retrieval
    ranking: Ranking

    def packs(self, question: BenchQuestion, budgets: tuple[int, ...], now: datetime) -> Iterator[ContextPack]:
        view = View(self.retrieval.model, question.clearance, now)
        best = [Scored(fact, 1.0) for fact in islice(self.ranking(question, view), MOST_FACTS)]
        ranked = {one.fact.subject: "ranked" for one in best}
        found = Found(asked=asked(question.question.text), named=frozenset(), seeds=ranked, near=Nearness())
        for budget in budgets:
            packing = Packing(budget, found, view)
            packing.fill(best)
            text = packing.text()
            size = tokens(text) if text else 0
            yield ContextPack(text, packing.packed, packing.cut, size, budget, LOWEST, view.version)


def seeds(question: BenchQuestion, names: Names, view: View) -> list[NodeId]:
    """What the question names, and its asker where it says "my" or names nothing."""
    named = list(linked(question.question.text, names, view))
    asker = question.question.asker
    return [*named, asker] if asker and (asked(question.question.text).mine or not named) else named
