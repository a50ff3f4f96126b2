"""A model that administrators can switch off: no request reaches it then, and the next of its chain is asked."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Set
from contextlib import aclosing

from manager.agent.model import ChatModel, ModelError, ModelReply, ModelRequest, TextDelta, TrustClass


class ModelSwitchedOff(ModelError):
    code = "model_switched_off"
    http_status = 503


class Switchable:
    """`ChatModel` that answers unless its name is in `off`. A reply that has begun goes on."""

    def __init__(self, model: ChatModel, off: Set[str]) -> None:
        self._model = model
        self._off = off

    @property
    def name(self) -> str:
        return self._model.name

    @property
    def trust(self) -> TrustClass:
        return self._model.trust

    async def stream(self, request: ModelRequest) -> AsyncGenerator[TextDelta | ModelReply, None]:
        if self.name in self._off:
            raise ModelSwitchedOff(f"{self.name} was switched off by an administrator; choose another model")
        async with aclosing(self._model.stream(request)) as pieces:
            async for piece in pieces:
                yield piece
