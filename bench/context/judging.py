"""What counts: whether all that an answer needs is in a pack, at what cost, and whether anything is that may not be."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from bench.context.questions.question import BenchQuestion, Need
from knowledge_graph.clearance import Clearance
from knowledge_graph.context.pack import ContextPack, PackedFact
from knowledge_graph.context.rendering import one_line
from knowledge_graph.facts import Attribute, Fact
from knowledge_graph.reading import ReadableModel


@dataclass(frozen=True)
class Verdict:
    """`missing` is empty for a decision that has all its evidence. `useful` are the tokens of that evidence."""

    missing: tuple[Need, ...]
    useful: int
    sent: int
    leaked: tuple[str, ...]
    expired: tuple[str, ...]

    @property
    def is_whole(self) -> bool:
        return not self.missing


@dataclass(frozen=True)
class Judge:
    model: ReadableModel
    now: datetime

    def verdict(self, question: BenchQuestion, pack: ContextPack) -> Verdict:
        packed = {one.id: one for one in pack.facts}
        facts = {fact_id: self._fact(fact_id) for fact_id in packed}
        evidence = [self._shown(need, packed, facts) for need in question.needs]
        return Verdict(
            missing=tuple(need for need, found in zip(question.needs, evidence, strict=True) if found is None),
            useful=sum(one.tokens for one in evidence if one is not None),
            sent=pack.tokens,
            leaked=tuple(name for name, fact in facts.items() if not may_read(fact, question.clearance)),
            expired=tuple(name for name, fact in facts.items() if self._has_expired(fact)),
        )

    def _fact(self, fact_id: str) -> Fact:
        fact = self.model.fact(fact_id)
        assert fact is not None, f"{fact_id} is in a pack and not in the model"
        return fact

    def _shown(self, need: Need, packed: Mapping[str, PackedFact], facts: Mapping[str, Fact]) -> PackedFact | None:
        """The cheapest of the facts that will do; a text counts only if it is whole."""
        whole = [packed[name] for name in need if name in packed and _is_whole(facts[name], packed[name])]
        return min(whole, key=lambda one: (one.tokens, one.id), default=None)

    def _has_expired(self, fact: Fact) -> bool:
        return fact.origin.expires_at is not None and fact.origin.expires_at <= self.now


def may_read(fact: Fact, clearance: Clearance) -> bool:
    """As the benchmark understands it, apart from the code that is measured."""
    origin = fact.origin
    is_named = not origin.readers or any(reader in clearance.names for reader in origin.readers)
    return is_named and origin.label.confidentiality.rank <= clearance.most.rank


def _is_whole(fact: Fact, packed: PackedFact) -> bool:
    if isinstance(fact, Attribute) and isinstance(fact.value, str):
        return one_line(fact.value) in packed.text
    return True
