"""Greedy packing: the best facts first, as long as they fit and are worth it. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from knowledge_graph.context.pack import PackedFact
from knowledge_graph.context.rendering import heading, line
from knowledge_graph.context.scoring import Scored, reason
from knowledge_graph.context.token_estimate import quarters
from knowledge_graph.facts import NodeId
from knowledge_graph.retrieval.finding import Found
from knowledge_graph.view import View

MAX_CUT = 12
WORTH = 0.01
"""Of the best fact's score; what is worth less is left out even where there is room."""

Group = tuple[NodeId, int]


@dataclass
class Packing:
    """What was found goes into a budget. A long text may take a quarter of it."""

    budget: int
    found: Found
    view: View
    packed: list[PackedFact] = field(default_factory=list[PackedFact])
    cut: list[PackedFact] = field(default_factory=list[PackedFact])
    groups: dict[str, list[str]] = field(default_factory=dict[str, list[str]])
    _left: int = 0

    def __post_init__(self) -> None:
        self._left = 4 * (self.budget - 1)

    def fill(self, facts: Sequence[Scored]) -> None:
        """Facts best first."""
        least = facts[0].score * WORTH if facts else 0.0
        for one in facts:
            if one.score < least or (len(self.cut) >= MAX_CUT and self._left < 40):
                break
            self._put(one)

    def text(self) -> str:
        return "".join(f"{head}{''.join(lines)}" for head, lines in self.groups.items())

    def _put(self, one: Scored) -> None:
        head = heading(one.fact.subject, one.fact.origin, self.view.age_s(one.fact))
        said = line(one.fact, self.found.asked.words, max(self.budget // 4, 24))
        cost = quarters(said) + (0 if head in self.groups else quarters(head))
        packed = _packed(one, said, cost, self.view, reason(one.fact, self.found))
        if cost <= self._left:
            self._left -= cost
            self.groups.setdefault(head, []).append(said)
            self.packed.append(packed)
        elif len(self.cut) < MAX_CUT:
            self.cut.append(packed)


def _packed(one: Scored, said: str, cost: int, view: View, why: str) -> PackedFact:
    fact, origin = one.fact, one.fact.origin
    return PackedFact(
        id=fact.id,
        text=f"{fact.subject} {said.strip()}",
        source=origin.source,
        age_s=view.age_s(fact),
        label=origin.label,
        score=one.score,
        tokens=-(-cost // 4),
        why=why,
    )
