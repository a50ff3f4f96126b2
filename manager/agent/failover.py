"""Fail-over: several models of one trust class, tried in order until one begins to answer.

One that cannot take in the request is passed over: the request was made for the first.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing

import structlog

from ink_core.errors import InkError
from manager.agent.model import ChatModel, ModelError, ModelReply, ModelRequest, TextDelta, TrustClass
from manager.agent.request_record import request_bytes, tokens_of_bytes

log = structlog.get_logger()


class MixedTrust(InkError):
    """A chain that leaves its trust class would send data to where it must not go."""

    code = "mixed_trust"


class FailoverModel:
    """`ChatModel` over a chain. Once a model has begun to answer, its failure is final: no answer is given twice."""

    def __init__(self, models: Sequence[ChatModel], context_tokens: Sequence[int] = ()) -> None:
        """`context_tokens` of each; without them all can take in what the first can."""
        classes = {model.trust for model in models}
        if len(classes) != 1:
            found = ", ".join(sorted(classes)) or "none"
            raise MixedTrust(f"a fail-over chain needs models of exactly one trust class, not of: {found}")
        self._models = tuple(models)
        self._context_tokens = tuple(context_tokens) or (0,) * len(self._models)

    @property
    def name(self) -> str:
        return self._models[0].name

    @property
    def trust(self) -> TrustClass:
        return self._models[0].trust

    async def stream(self, request: ModelRequest) -> AsyncGenerator[TextDelta | ModelReply, None]:
        models = self._able(request)
        for place, model in enumerate(models):
            begun = False
            try:
                async with aclosing(model.stream(request)) as pieces:
                    async for piece in pieces:
                        begun = True
                        yield piece
                return
            except ModelError as error:
                if begun or place == len(models) - 1:
                    raise
                log.warning("model_failed_over", model=model.name, code=error.code, next=models[place + 1].name)

    def _able(self, request: ModelRequest) -> Sequence[ChatModel]:
        """The first, and the others that have as much room or can do with what they have."""
        most, needed = self._context_tokens[0], tokens_of_bytes(len(request_bytes(request)))
        rooms = zip(self._models[1:], self._context_tokens[1:], strict=True)
        return (self._models[0], *(model for model, room in rooms if room >= min(most, needed)))
