"""The global model as people and tools ask it: by a question, by a name, by what is near."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

from ink_core.clock import Clock
from ink_core.identity.principal import Principal
from ink_core.labels import Confidentiality
from knowledge_graph.context.pack import ContextPack
from knowledge_graph.describing import Description, Neighbour, describe, neighbourhood
from knowledge_graph.facts import NodeId
from knowledge_graph.view import View
from manager.knowledge.clearances import clearance_of
from manager.knowledge.contexts import Contexts
from manager.knowledge.knowledge import Knowledge

T = TypeVar("T")


class KnowledgeReader:
    """Implements the tools' `KnowledgeReading`."""

    def __init__(self, knowledge: Knowledge, contexts: Contexts, clock: Clock) -> None:
        self._knowledge = knowledge
        self._contexts = contexts
        self._clock = clock

    async def explain(self, principal: Principal, question: str, tokens: int, most: Confidentiality) -> ContextPack:
        return await self._contexts.explained(question, principal, tokens, most)

    async def describe(self, principal: Principal, node: NodeId, most: Confidentiality) -> Description:
        return await self._asked(principal, most, lambda view: describe(node, view))

    async def neighbourhood(
        self, principal: Principal, node: NodeId, limit: int, most: Confidentiality
    ) -> Sequence[Neighbour]:
        return await self._asked(principal, most, lambda view: neighbourhood(node, view, limit))

    async def _asked(self, principal: Principal, most: Confidentiality, question: Callable[[View], T]) -> T:
        clearance, now = clearance_of(principal, most), self._clock.now()
        return await self._knowledge.ask(lambda model: question(View(model, clearance, now)))
