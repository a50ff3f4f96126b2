"""Calls that ask to be told nothing before their answer get one JSON document, without the transport's stream.

The SDK keeps a stream ready for each request of revision 2026-07-28, with two tasks and a channel, in case something is
told on the way: a tenth of what this server does for a short call. Only a request that names a token of progress or a
level of log messages is told anything. Any other call is answered the same by the SDK's other transport, and whether
its client has gone is watched here.

Limits: until such an answer comes, after `calls.WAIT_S` at the latest, nothing is sent that keeps a proxy patient.
"""

from __future__ import annotations

import asyncio

import anyio
from mcp_types.version import MODERN_PROTOCOL_VERSIONS
from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from ink_core.api.bodies import again, whole
from mcp_tools.answers import GET_CALL

WISHES = (b"progressToken", b"logLevel", b"\\u")
"""What a request has that wants to be told something, the last as any name may be escaped. One that has it elsewhere
gets a stream for nothing."""


class PlainAnswers:
    """Behind the guard. `streams` may tell something before it answers, `plain` never does."""

    def __init__(self, streams: ASGIApp, plain: ASGIApp) -> None:
        self._streams = streams
        self._plain = plain

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if not _is_short_call(scope):
            await self._streams(scope, receive, send)
            return
        body = await whole(receive)
        if body is None:
            return
        if any(wish in body for wish in WISHES):
            await self._streams(scope, again(body, receive), send)
            return
        with anyio.CancelScope() as wanted:
            watching = asyncio.create_task(_until_gone(receive, wanted))
            try:
                await self._plain(scope, again(body, receive), send)
            finally:
                watching.cancel()


def _is_short_call(scope: Scope) -> bool:
    """By the headers, which must say the same as the body. To wait for a call may take longer than any other call."""
    headers = Headers(scope=scope)
    modern = headers.get("mcp-protocol-version") in MODERN_PROTOCOL_VERSIONS
    calls = headers.get("mcp-method") == "tools/call" and headers.get("mcp-name") != GET_CALL
    return modern and calls and scope["method"] == "POST"


async def _until_gone(receive: Receive, wanted: anyio.CancelScope) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
    wanted.cancel()
