"""Who reads along in a session: for whom it is too much, and the stream of everything that happens in it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable

import structlog

from audit.ledger import Event
from ink_core.errors import Forbidden, InkError
from ink_core.identity.principal import Principal, Scope
from manager.sessions.live import Live, Piece, end_stream
from manager.sessions.parts import RunnerParts
from manager.sessions.view import SessionView
from manager.sessions.views import SessionViews

log = structlog.get_logger()

Get = Callable[[Principal, str], Awaitable[SessionView]]
"""The session as it stands, for who may watch it."""


class ConversationTooWide(Forbidden):
    """The credential could not have used the tools whose results the conversation holds."""

    code = "conversation_too_wide"


class Reading:
    def __init__(self, parts: RunnerParts, views: SessionViews) -> None:
        self._parts = parts
        self._views = views

    async def check(self, principal: Principal, view: SessionView) -> None:
        """What tools brought into a conversation, and what the model made of it, is for those who may use these tools.

        Raises `ConversationTooWide` for a credential that lacks a scope of one of them.
        """
        if missing := await self.missing(principal, view):
            raise ConversationTooWide(
                f"tools were used in this conversation that need the scope {', '.join(sorted(missing))}, "
                "which this credential does not have"
            )

    async def missing(self, principal: Principal, view: SessionView) -> frozenset[Scope]:
        """For it and all that work together with it: what one brought goes down in a goal, and up in a result."""
        root, results = view.agents[0], self._parts.gate.results
        family = [await self._views.latest(each) for each in (root, *self._views.below(root))]
        tools = frozenset[str]().union(*(each.tools for each in family))
        return frozenset[Scope]().union(*(results.missing_scopes(principal, tool) for tool in tools))

    async def stream(self, principal: Principal, session_id: str, after: int, get: Get) -> AsyncGenerator[Event | Live]:
        """Durable events after `after`, then events and live pieces as they come.

        Ends only for a reader that is too slow, when the ledger cannot be read, when a tool is used that the credential
        could not use itself, or when the reader may not watch it any more; the reader comes back then, and is told.
        """
        view = await get(principal, session_id)
        durable = await self._parts.ledger.read(view.chain, after=after)
        await self.check(principal, await get(principal, session_id))
        for event in durable:
            if not self._may_watch(principal, view):
                return
            yield event
            after = event.seq
        with self._parts.live.listening(session_id) as queue:
            # One queue for both keeps their order: a reply's pieces come before its record.
            following = asyncio.create_task(self._follow(view.chain, after, queue))
            try:
                while (piece := await queue.get()) is not None and self._may_watch(principal, view):
                    # What a live piece tells of was recorded before it.
                    if isinstance(piece, Event) and await self._became_too_wide(principal, session_id, get):
                        break
                    yield piece
            finally:
                following.cancel()
                await asyncio.gather(following, return_exceptions=True)

    def _may_watch(self, principal: Principal, view: SessionView) -> bool:
        return self._parts.access.share(principal, view) is not None

    async def _became_too_wide(self, principal: Principal, session_id: str, get: Get) -> bool:
        narrow = self._parts.gate.results.is_narrow(principal)
        return narrow and bool(await self.missing(principal, await get(principal, session_id)))

    async def _follow(self, chain: str, after: int, queue: asyncio.Queue[Piece | None]) -> None:
        try:
            async for event in self._parts.ledger.follow(chain, after=after):
                await queue.put(event)
        except InkError as error:
            log.error("stream_broke", chain=chain, code=error.code, reason=str(error))
            end_stream(queue)
