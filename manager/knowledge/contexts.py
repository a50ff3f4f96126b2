"""Context packs of the running model: for the agent loop, and for people who want to see why.

The index follows the model on the model's thread. A question that the model does not answer in time is asked without.
"""

from __future__ import annotations

import asyncio
from datetime import datetime

import structlog

from ink_core.clock import Clock
from ink_core.errors import DeadlineExceeded, Unavailable
from ink_core.identity.principal import Principal
from ink_core.labels import HIGHEST, Confidentiality
from knowledge_graph.clearance import Clearance
from knowledge_graph.context.assembly import assemble
from knowledge_graph.context.pack import ContextPack, Question
from knowledge_graph.retrieval.finding import Retrieval
from manager.agent.context import Audience, SentContext
from manager.knowledge.clearances import clearance_for, clearance_of, task_node, user_node
from manager.knowledge.knowledge import Knowledge

SETTLE_S = 2.0
WAIT_S = 2.0
"""Longer than a pack takes by far; the model has other work too, and a person waits."""

log = structlog.get_logger()


class ContextNotReady(Unavailable):
    """The index over the global model is not built yet."""

    code = "context_not_ready"
    retryable = True


class Contexts:
    """Implements `ContextSource`. `recover` once, when the model has been recovered."""

    def __init__(self, knowledge: Knowledge, clock: Clock, budget: int, wait_s: float = WAIT_S) -> None:
        self._knowledge = knowledge
        self._clock = clock
        self._budget = budget
        self._wait_s = wait_s
        self._retrieval: Retrieval | None = None

    async def recover(self) -> None:
        now = self._clock.now()
        self._retrieval = await self._knowledge.ask(lambda model: Retrieval(model, now))

    async def settle(self) -> None:
        """Do now, in the background, what the next question would have to wait for."""
        if (retrieval := self._retrieval) is not None:
            await self._knowledge.ask(lambda _: retrieval.settle())

    async def context(
        self, question: str, audience: Audience, most: Confidentiality, now: datetime
    ) -> SentContext | None:
        clearance = clearance_for(audience, most)
        asked = Question(question, asker=user_node(audience.principal), task=task_node(audience))
        try:
            async with asyncio.timeout(self._wait_s):
                pack = await self._pack(asked, clearance, self._budget, now)
        except (TimeoutError, DeadlineExceeded, ContextNotReady) as error:
            log.warning("no_context", reason=str(error) or "the global model was busy")
            return None
        except Exception:  # a context is a help: a defect in it must not keep anybody from an answer
            log.exception("context_broke")
            return None
        return SentContext.of(pack)

    async def explained(
        self, question: str, principal: Principal, budget: int, most: Confidentiality = HIGHEST.confidentiality
    ) -> ContextPack:
        """What an agent of `principal` would be told, with reasons. Raises `ContextNotReady`, `DeadlineExceeded`."""
        asked = Question(question, asker=user_node(principal))
        return await self._pack(asked, clearance_of(principal, most), budget, self._clock.now())

    async def _pack(self, question: Question, clearance: Clearance, budget: int, now: datetime) -> ContextPack:
        retrieval = self._retrieval
        if retrieval is None:
            raise ContextNotReady("the global model is still being read; ask again in a moment")
        return await self._knowledge.ask(lambda _: assemble(retrieval, question, clearance, budget, now))
