"""Any OpenAI-compatible endpoint as a `ChatModel`, by the `openai` client: the only door to it.

Every wait has a deadline and every reply a bound. A request is repeated only while nothing of its reply was passed on.
The library is slow to import, so that happens with the first request, in a thread.
"""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncGenerator, Awaitable
from contextlib import aclosing
from dataclasses import replace
from typing import TYPE_CHECKING, Any, TypeVar

from manager.agent import openai_wire, schema_mode
from manager.agent.egress import check_egress
from manager.agent.masking import StreamMask, masked_reply
from manager.agent.model import (
    ModelError,
    ModelGarbage,
    ModelReply,
    ModelRequest,
    ModelThrottled,
    ModelTimeout,
    ModelUnreachable,
    TextDelta,
    TrustClass,
)
from manager.agent.openai_settings import OpenAISettings, ToolCalling
from manager.agent.tolerant import find_calls

if TYPE_CHECKING:
    import openai

T = TypeVar("T")


class OpenAIModel:
    """`ChatModel` over one endpoint and one model of it. `api_key` may be empty for an endpoint that needs none."""

    def __init__(self, settings: OpenAISettings, api_key: str) -> None:
        self._settings = settings
        self._key = api_key
        self._client: openai.AsyncOpenAI | None = None
        self._breaker = settings.breaker

    @property
    def name(self) -> str:
        return self._settings.name

    @property
    def trust(self) -> TrustClass:
        return self._settings.trust

    def failures(self) -> int:
        """In a row, up to now."""
        return self._breaker.failures

    def resting_s(self) -> float:
        """How long its endpoint is still left alone; 0 where it is asked."""
        return self._breaker.wait_s(_now())

    async def aclose(self) -> None:
        if self._client is not None:
            await self._client.close()

    async def stream(self, request: ModelRequest) -> AsyncGenerator[TextDelta | ModelReply, None]:
        check_egress(self.name, self.trust, request)
        await self._connected()  # the first time it imports a large library, which no deadline should pay for
        over_at = _now() + self._settings.deadlines.total_s
        for number in range(self._settings.retries.tries):
            begun = False
            try:
                async with aclosing(self._guarded(request, over_at)) as pieces:
                    async for piece in pieces:
                        begun = True
                        yield piece
                return
            except ModelError as error:
                pause_s = self._pause_s(error, number)
                if begun or pause_s is None or _now() + pause_s >= over_at:
                    raise
            await asyncio.sleep(pause_s)

    def _pause_s(self, error: ModelError, number: int) -> float | None:
        """How long to wait before the next try; None when there is to be none."""
        retries = self._settings.retries
        may_help = isinstance(error, ModelUnreachable | ModelThrottled) and not isinstance(error, _Resting)
        if not may_help or number + 1 >= retries.tries:
            return None
        if isinstance(error, ModelThrottled) and error.retry_after_s is not None:
            return error.retry_after_s if error.retry_after_s <= retries.longest_s else None
        return min(random.uniform(0.5, 1.0) * retries.first_s * 2**number, retries.longest_s)  # noqa: S311 - jitter

    async def _guarded(self, request: ModelRequest, over_at: float) -> AsyncGenerator[TextDelta | ModelReply, None]:
        """One try, under the breaker, with all errors typed."""
        wait_s = self._breaker.wait_s(_now())
        if wait_s > 0:
            raise _Resting(f"{self.name} failed several times in a row; it is tried again in {wait_s:.0f} s")
        self._breaker = self._breaker.began()
        try:
            async with aclosing(self._attempt(request, over_at)) as pieces:
                async for piece in pieces:
                    yield piece
            self._breaker = self._breaker.succeeded()
        except Exception as error:
            from manager.agent.openai_errors import typed

            known = typed(error, self.name, self._key)
            if isinstance(known, ModelUnreachable | ModelTimeout | ModelGarbage):
                self._breaker = self._breaker.failed(_now())
            raise known from None
        finally:
            self._breaker = self._breaker.abandoned()

    async def _attempt(self, request: ModelRequest, over_at: float) -> AsyncGenerator[TextDelta | ModelReply, None]:
        by_schema = self._settings.tool_calling is ToolCalling.JSON_SCHEMA and bool(request.tools)
        builder = openai_wire.ReplyBuilder(self._settings.max_characters)
        mask = StreamMask(self._key)
        async with aclosing(self._texts(self._parameters(request, by_schema), builder, over_at)) as texts:
            async for text in texts:
                if not by_schema and (shown := mask.feed(text)):
                    yield TextDelta(shown)
        if rest := mask.rest():
            yield TextDelta(rest)
        reply = self._read(masked_reply(builder.reply(), self._key), request, by_schema)
        if by_schema and reply.text:
            yield TextDelta(reply.text)
        yield replace(reply, model=self.name)

    def _parameters(self, request: ModelRequest, by_schema: bool) -> dict[str, Any]:
        sent = schema_mode.as_text(request) if by_schema else request
        parameters: dict[str, Any] = {
            "model": self._settings.model,
            "messages": openai_wire.messages(sent.system, sent.turns, sent.tail),
            "stream_options": {"include_usage": True},
        }
        if by_schema:
            parameters["response_format"] = schema_mode.response_format(request.tools)
        elif sent.tools:
            parameters["tools"] = openai_wire.tools(sent.tools)
        return parameters

    async def _texts(
        self, parameters: dict[str, Any], builder: openai_wire.ReplyBuilder, over_at: float
    ) -> AsyncGenerator[str, None]:
        """Fill `builder` and pass on each piece of text."""
        deadlines = self._settings.deadlines
        client = await self._connected()
        first_by = min(_now() + deadlines.first_piece_s, over_at)
        response = await self._by(first_by, client.chat.completions.create(stream=True, **parameters))
        try:
            chunks = aiter(response)
            chunk: object = await self._by(first_by, anext(chunks, None))
            while chunk is not None and not builder.full:
                if text := builder.feed(openai_wire.Chunk.model_validate(_plain(chunk))):
                    yield text
                chunk = await self._by(min(_now() + deadlines.between_s, over_at), anext(chunks, None))
        finally:
            await response.close()
        self._check_complete(builder)

    def _check_complete(self, builder: openai_wire.ReplyBuilder) -> None:
        if not builder.seen:
            raise ValueError("no chunk of the protocol came")
        if builder.finish is None and not builder.full:
            raise ModelUnreachable(f"the reply of {self.name} broke off in the middle; ask again")

    async def _by(self, moment: float, awaitable: Awaitable[T]) -> T:
        try:
            async with asyncio.timeout_at(moment):
                return await awaitable
        except TimeoutError:
            raise ModelTimeout(
                f"{self.name} fell silent or took too long; ask again, or ask something smaller"
            ) from None

    def _read(self, reply: ModelReply, request: ModelRequest, by_schema: bool) -> ModelReply:
        if by_schema:
            return schema_mode.read_reply(reply, request.tools)
        if reply.calls or self._settings.tool_calling is ToolCalling.NATIVE:
            return reply
        text, calls = find_calls(reply.text, {tool.name for tool in request.tools})
        return replace(reply, text=text, calls=calls)

    async def _connected(self) -> openai.AsyncOpenAI:
        if self._client is None:
            from manager.agent import openai_client

            made = await asyncio.to_thread(openai_client.make, self._settings, self._key)
            self._client = self._client or made
        return self._client


class _Resting(ModelUnreachable):
    """The breaker is open: nothing was sent, and trying again at once is pointless."""


def _now() -> float:
    return asyncio.get_running_loop().time()


def _plain(chunk: object) -> object:
    """A chunk as data. The client library does not check what it builds, so it may be anything."""
    to_dict = getattr(chunk, "to_dict", None)
    return to_dict(mode="python", warnings=False) if to_dict else chunk
