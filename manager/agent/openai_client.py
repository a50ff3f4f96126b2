"""Makes the `openai` client: no repeats of its own, no redirects, and no body larger than a bound."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import cast

import httpx2
import openai

from manager.agent.openai_errors import ReplyTooLarge
from manager.agent.openai_settings import OpenAISettings

# The library insists on a key; endpoints that need none ignore this one.
NO_KEY = "none"


def make(settings: OpenAISettings, api_key: str) -> openai.AsyncOpenAI:
    """A redirect is not followed: it could lead the conversation out of the endpoint's trust class."""

    async def bound_body(response: httpx2.Response) -> None:
        # A response of an asynchronous client always has an asynchronous stream.
        response.stream = _BoundedStream(cast("httpx2.AsyncByteStream", response.stream), settings.max_bytes)

    deadlines = settings.deadlines
    http = httpx2.AsyncClient(
        timeout=httpx2.Timeout(deadlines.total_s, connect=deadlines.connect_s),
        follow_redirects=False,
        event_hooks={"response": [bound_body]},
    )
    client = openai.AsyncOpenAI(api_key=api_key or NO_KEY, base_url=settings.base_url, max_retries=0, http_client=http)
    # Parts of the library are imported when they are first touched: here, in this thread, and not in the event loop.
    client.chat.completions  # noqa: B018
    return client


class _BoundedStream(httpx2.AsyncByteStream):
    def __init__(self, stream: httpx2.AsyncByteStream, max_bytes: int) -> None:
        self._stream = stream
        self._left = max_bytes

    async def __aiter__(self) -> AsyncIterator[bytes]:
        async for part in self._stream:
            self._left -= len(part)
            if self._left < 0:
                raise ReplyTooLarge
            yield part

    async def aclose(self) -> None:
        await self._stream.aclose()
