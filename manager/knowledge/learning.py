"""What people taught the system and what came of it, as one part of the platform."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass

from audit.ledger import Ledger
from ink_core.clock import Clock
from knowledge_graph.contributions.contribution import ContributionKind
from knowledge_graph.contributions.desk import Observe, observed_by_nobody
from knowledge_graph.facts import NodeId
from knowledge_graph.memory.recalls import Corrected, Recall, corrected_again
from manager.knowledge.contributions import RecordedContributions
from manager.knowledge.recalls import RecordedRecalls

SETTLE_S = 5.0
TELL_AGAIN_S = 600.0


@dataclass(frozen=True)
class Learning:
    contributions: RecordedContributions
    recalls: RecordedRecalls

    async def recover(self) -> None:
        await self.recalls.recover()
        await self.contributions.recover()

    def recalls_by_memory(self) -> Mapping[NodeId, Sequence[Recall]]:
        """In the order in which they happened, with what people said of the decisions since."""
        corrected = self._corrected()
        found = self.recalls.known.by_memory()
        return {memory: [corrected_again(each, corrected) for each in recalls] for memory, recalls in found.items()}

    def recalls_of(self, memory: NodeId) -> Sequence[Recall]:
        """The latest first."""
        corrected = self._corrected()
        return [corrected_again(each, corrected) for each in self.recalls.known.of(memory)]

    def _corrected(self) -> Corrected:
        steps = (each.step for each in self.contributions.shelf if each.kind is ContributionKind.CORRECTION)
        return frozenset((step.session_id, step.turn, step.call_id) for step in steps if step)

    async def read_again(self, chain: str) -> None:
        """Content of this chain was erased: know what is left, and tell no more than that."""
        await self.contributions.read_again(chain)


def open_learning(ledger: Ledger, clock: Clock, observe: Observe = observed_by_nobody) -> Learning:
    recalls = RecordedRecalls(ledger)
    return Learning(RecordedContributions(ledger, clock, observe, recalls.known.confirmed), recalls)


def learning_work(learning: Learning) -> Sequence[tuple[float, Callable[[], Awaitable[object]]]]:
    """What is to be done, and every how many seconds."""
    return [(SETTLE_S, learning.recalls.settle), (TELL_AGAIN_S, learning.contributions.tell_again)]
