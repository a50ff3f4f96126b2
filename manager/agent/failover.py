"""Fail-over: several models of one trust class, tried in order until one begins to answer."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing

import structlog

from ink_core.errors import InkError
from manager.agent.model import ChatModel, ModelError, ModelReply, ModelRequest, TextDelta, TrustClass

log = structlog.get_logger()


class MixedTrust(InkError):
    """A chain that leaves its trust class would send data to where it must not go."""

    code = "mixed_trust"


class FailoverModel:
    """`ChatModel` over a chain. Once a model has begun to answer, its failure is final: no answer is given twice."""

    def __init__(self, models: Sequence[ChatModel]) -> None:
        classes = {model.trust for model in models}
        if len(classes) != 1:
            found = ", ".join(sorted(classes)) or "none"
            raise MixedTrust(f"a fail-over chain needs models of exactly one trust class, not of: {found}")
        self._models = tuple(models)

    @property
    def name(self) -> str:
        return self._models[0].name

    @property
    def trust(self) -> TrustClass:
        return self._models[0].trust

    async def stream(self, request: ModelRequest) -> AsyncGenerator[TextDelta | ModelReply, None]:
        for place, model in enumerate(self._models):
            begun = False
            try:
                async with aclosing(model.stream(request)) as pieces:
                    async for piece in pieces:
                        begun = True
                        yield piece
                return
            except ModelError as error:
                if begun or place == len(self._models) - 1:
                    raise
                log.warning("model_failed_over", model=model.name, code=error.code, next=self._models[place + 1].name)
