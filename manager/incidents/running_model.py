"""The seam to the running global model, which is not for several threads: whoever runs it asks it for others."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol, TypeVar

from knowledge_graph.changes import Observation
from knowledge_graph.model import GlobalModel
from knowledge_graph.reading import ReadableModel

T = TypeVar("T")


class RunningModel(Protocol):
    async def ask(self, question: Callable[[ReadableModel], T]) -> T:
        """What `question` answers, at one moment of the model."""
        ...

    async def observe(self, observation: Observation) -> None:
        """All that one source says now."""
        ...


class ModelInLoop:
    """The shipped double: a model that is asked and told where the caller is."""

    def __init__(self, model: GlobalModel | None = None) -> None:
        self.model = model or GlobalModel()

    async def ask(self, question: Callable[[ReadableModel], T]) -> T:
        return question(self.model)

    async def observe(self, observation: Observation) -> None:
        self.model.observe(observation)
