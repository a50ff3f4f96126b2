"""How severe a message must be to reach a client of an older revision; those of 2026-07-28 say it with each request."""

from __future__ import annotations

from collections import OrderedDict
from typing import Any

from mcp import types
from mcp.server import Server

from mcp_tools.conversation import Context
from mcp_tools.server.sessions import session_of

MOST = 2_000


class LogLevels:
    """By session. Of more than `MOST` sessions, the earliest hear everything again."""

    def __init__(self) -> None:
        self._levels: OrderedDict[str, types.LoggingLevel] = OrderedDict()

    def serve(self, server: Server[Any]) -> None:
        server.add_request_handler("logging/setLevel", types.SetLevelRequestParams, self._set)

    def of(self, context: Context) -> types.LoggingLevel:
        return self._levels.get(session_of(context), "debug")

    async def _set(self, context: Context, asked: types.SetLevelRequestParams) -> types.EmptyResult:
        self._levels[session_of(context)] = asked.level
        while len(self._levels) > MOST:
            self._levels.popitem(last=False)
        return types.EmptyResult()
