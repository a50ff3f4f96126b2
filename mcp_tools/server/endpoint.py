"""The server over streamable HTTP with bearer tokens.

Requests of revision 2026-07-28 stand alone, so that any replica can answer them. Clients of older revisions have a
session, which belongs to the credential that opened it, ends when it is idle and is forgotten by a restart: its client
then opens another one, as the protocol has it.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

from mcp.server.streamable_http_manager import StreamableHTTPASGIApp, StreamableHTTPSessionManager
from starlette.types import ASGIApp

from ink_core.identity.principal import Principal
from mcp_tools.conversation import Context
from mcp_tools.server.assembly import build_server
from mcp_tools.server.bearer import PRINCIPAL, BearerGuard, Verify
from mcp_tools.server.origin import OriginGuard
from mcp_tools.server.parts import Parts
from mcp_tools.server.plain_answers import PlainAnswers
from mcp_tools.server.protected_resource import challenge
from mcp_tools.server.session_room import SessionRoom

IDLE_S = 1_800.0
MOST_SESSIONS = 2_000


class McpEndpoint:
    """Route requests to `app` while inside `running()`. `public_url` is where browsers know this service.

    `watchers` tell connected clients what has changed of what they are shown.
    """

    def __init__(self, parts: Parts, verify: Verify, *, public_url: str) -> None:
        self.watchers = parts.watchers
        server = build_server(parts)
        self._streams = StreamableHTTPSessionManager(server, session_idle_timeout=IDLE_S, max_sessions=MOST_SESSIONS)
        self._plain = StreamableHTTPSessionManager(server, json_response=True)
        answers = PlainAnswers(SessionRoom(StreamableHTTPASGIApp(self._streams)), StreamableHTTPASGIApp(self._plain))
        self.app: ASGIApp = OriginGuard(BearerGuard(answers, verify, challenge(public_url)), public_url)

    @asynccontextmanager
    async def running(self) -> AsyncGenerator[None, None]:
        """Once per endpoint."""
        async with self._streams.run(), self._plain.run():
            yield


def of_request(context: Context) -> Principal:
    assert context.request is not None, "the HTTP transport attaches its request"
    principal: Principal = context.request.scope[PRINCIPAL]
    return principal
