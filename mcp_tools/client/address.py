"""A foreign server at an address: streamable HTTP, with its token in a header and answers of bounded size.

No redirect leaves the server's origin (the SDK sees to that), no proxy or password file of this machine takes part, and
nothing is unpacked, since a small answer could become a huge one.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import asynccontextmanager

import httpx2
from mcp.client._transport import TransportStreams
from mcp.client.streamable_http import streamable_http_client

MOST_BYTES = 8 * 1024 * 1024
"""Of one answer, or of one stream of messages."""
MOST_EVENT = 4 * 1024 * 1024
TIMEOUT = httpx2.Timeout(15, read=300)


class TooMuch(httpx2.TransportError):
    """The server sends more than is taken."""


class _Bounded(httpx2.AsyncByteStream):
    def __init__(self, stream: httpx2.AsyncByteStream) -> None:
        self._stream = stream

    async def __aiter__(self) -> AsyncIterator[bytes]:
        left = MOST_BYTES
        async for piece in self._stream:
            left -= len(piece)
            if left < 0:
                raise TooMuch(f"it sent more than {MOST_BYTES} bytes at once")
            yield piece

    async def aclose(self) -> None:
        await self._stream.aclose()


class _BoundedTransport(httpx2.AsyncHTTPTransport):
    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        request.headers["accept-encoding"] = "identity"
        response = await super().handle_async_request(request)
        assert isinstance(response.stream, httpx2.AsyncByteStream), "the transport is an asynchronous one"
        if response.headers.get("content-encoding", "identity") != "identity":
            await response.aclose()
            raise TooMuch("it sent a packed answer, which was not asked for")
        response.stream = _Bounded(response.stream)
        return response


@asynccontextmanager
async def connected(url: str, token: str | None) -> AsyncGenerator[TransportStreams]:
    """The two streams of messages with it, as the SDK's client takes them."""
    headers = {"authorization": f"Bearer {token}"} if token else {}
    async with (
        httpx2.AsyncClient(headers=headers, timeout=TIMEOUT, transport=_BoundedTransport(), trust_env=False) as http,
        streamable_http_client(url, http_client=http, max_sse_event_size=MOST_EVENT) as streams,
    ):
        yield streams
