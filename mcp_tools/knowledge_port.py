"""The global model as tools may ask it: what a user may see of it, and no fact above a confidentiality."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from ink_core.errors import Unavailable
from ink_core.identity.principal import Principal
from ink_core.labels import Confidentiality
from knowledge_graph.context.pack import ContextPack
from knowledge_graph.describing import Description, Neighbour
from knowledge_graph.facts import NodeId


class KnowledgeReading(Protocol):
    """Each raises `Unavailable` or `DeadlineExceeded` where the model does not answer."""

    async def explain(self, principal: Principal, question: str, tokens: int, most: Confidentiality) -> ContextPack: ...

    async def describe(self, principal: Principal, node: NodeId, most: Confidentiality) -> Description:
        """Nothing for what is unknown, or for what the user may not see."""
        ...

    async def neighbourhood(
        self, principal: Principal, node: NodeId, limit: int, most: Confidentiality
    ) -> Sequence[Neighbour]: ...


class NothingKnown:
    """Where there is no model."""

    async def explain(self, principal: Principal, question: str, tokens: int, most: Confidentiality) -> ContextPack:
        raise Unavailable("there is no global model here")

    async def describe(self, principal: Principal, node: NodeId, most: Confidentiality) -> Description:
        raise Unavailable("there is no global model here")

    async def neighbourhood(
        self, principal: Principal, node: NodeId, limit: int, most: Confidentiality
    ) -> Sequence[Neighbour]:
        raise Unavailable("there is no global model here")
