"""What people taught the system and what came of it, as one part of the platform."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

from audit.ledger import Ledger
from ink_core.clock import Clock
from knowledge_graph.contributions.desk import Observe, observed_by_nobody
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

    async def read_again(self, chain: str) -> None:
        """Content of this chain was erased: know what is left, and tell no more than that."""
        await self.contributions.read_again(chain)


def open_learning(ledger: Ledger, clock: Clock, observe: Observe = observed_by_nobody) -> Learning:
    recalls = RecordedRecalls(ledger)
    return Learning(RecordedContributions(ledger, clock, observe, recalls.known.confirmed), recalls)


def learning_work(learning: Learning) -> Sequence[tuple[float, Callable[[], Awaitable[object]]]]:
    """What is to be done, and every how many seconds."""
    return [(SETTLE_S, learning.recalls.settle), (TELL_AGAIN_S, learning.contributions.tell_again)]
