"""Telling clients that what they were shown has changed: tools, prompts, resources.

Clients of revision 2026-07-28 listen on a stream of their own (`subscriptions/listen`); those of older ones hear on the
stream of their session, of single resources only where they subscribed.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Awaitable, Callable
from typing import Any

import anyio
import structlog
from mcp import types
from mcp.server import Server
from mcp.server.session import ServerSession
from mcp.server.subscriptions import InMemorySubscriptionBus, ListenHandler
from mcp.shared.subscriptions import PromptsListChanged, ResourcesListChanged, ResourceUpdated, ToolsListChanged

from mcp_tools.conversation import Context
from mcp_tools.server.sessions import session_of

MOST_SESSIONS = 2_000
MOST_URIS = 100
"""That one session watches."""
SEND_S = 2.0

log = structlog.get_logger()


class Watchers:
    def __init__(self) -> None:
        self._bus = InMemorySubscriptionBus()
        self._sessions: OrderedDict[str, ServerSession] = OrderedDict()
        self._uris: dict[str, set[str]] = {}

    def serve(self, server: Server[Any]) -> None:
        listen = ListenHandler(self._bus)
        server.add_request_handler("subscriptions/listen", types.SubscriptionsListenRequestParams, listen)
        server.add_request_handler("resources/subscribe", types.SubscribeRequestParams, self._subscribe)
        server.add_request_handler("resources/unsubscribe", types.UnsubscribeRequestParams, self._unsubscribe)
        server.add_notification_handler("notifications/initialized", types.NotificationParams, self._opened)

    async def tools_changed(self) -> None:
        await self._bus.publish(ToolsListChanged())
        await self._tell(lambda session: session.send_tool_list_changed())

    async def library_changed(self) -> None:
        """Prompts and resources are the same skills."""
        await self._bus.publish(PromptsListChanged())
        await self._bus.publish(ResourcesListChanged())
        await self._tell(lambda session: session.send_prompt_list_changed())
        await self._tell(lambda session: session.send_resource_list_changed())

    async def resource_changed(self, uri: str) -> None:
        await self._bus.publish(ResourceUpdated(uri=uri))
        watching = {one for one, uris in self._uris.items() if uri in uris}
        await self._tell(lambda session: session.send_resource_updated(uri), watching)

    async def _tell(self, send: Callable[[ServerSession], Awaitable[None]], only: set[str] | None = None) -> None:
        """A session that is gone, or does not read, is told nothing more."""
        for key, session in tuple(self._sessions.items()):
            if only is not None and key not in only:
                continue
            try:
                with anyio.fail_after(SEND_S):
                    await send(session)
            except Exception as gone:
                log.info("mcp_session_not_told", error=type(gone).__name__)
                self._forget(key)

    async def _opened(self, context: Context, _: types.NotificationParams) -> None:
        self._sessions[session_of(context)] = context.session
        while len(self._sessions) > MOST_SESSIONS:
            self._forget(next(iter(self._sessions)))

    def _forget(self, key: str) -> None:
        self._sessions.pop(key, None)
        self._uris.pop(key, None)

    async def _subscribe(self, context: Context, asked: types.SubscribeRequestParams) -> types.EmptyResult:
        key = session_of(context)
        watched = self._uris.setdefault(key, set()) if key in self._sessions else set[str]()
        if len(watched) < MOST_URIS:
            watched.add(asked.uri)
        return types.EmptyResult()

    async def _unsubscribe(self, context: Context, asked: types.UnsubscribeRequestParams) -> types.EmptyResult:
        self._uris.get(session_of(context), set()).discard(asked.uri)
        return types.EmptyResult()
