"""What a running tool may say to the MCP client that called it, and ask of it.

A tool that `converses` finds its client by `conversation()`: the gate runs a call in a task of its own, which inherits
the context of the request that proposed it. Clients of revisions before 2026-07-28 are asked while their request stays
open; for the others the run waits, the request is answered with the questions, and the client's next request brings
the answers to the same run. Everything ends with the run, which the gate gives a deadline.

Limits: whoever called over another way than MCP, or before a restart, has no ear: `ask` then raises `NobodyListens`.
"""

from __future__ import annotations

import asyncio
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, NoReturn, get_args

from mcp import MCPError, types
from mcp.server import ServerRequestContext
from mcp.server.connection import allowed_log_levels
from mcp.shared.message import ServerMessageMetadata
from mcp_types.version import MODERN_PROTOCOL_VERSIONS

from ink_core.errors import Conflict

Context = ServerRequestContext[Any, Any]
Questions = Mapping[str, types.InputRequest]
Answers = Mapping[str, types.InputResponse]
LEVELS: tuple[types.LoggingLevel, ...] = get_args(types.LoggingLevel)
"""From the least to the most severe."""

_ANSWER_TYPES: dict[str, type[types.InputResponse]] = {
    "elicitation/create": types.ElicitResult,
    "sampling/createMessage": types.CreateMessageResult,
    "roots/list": types.ListRootsResult,
}


class NobodyListens(Conflict):
    """A tool wanted to ask the client something, and there is none."""

    code = "nobody_listens"


class Conversation:
    """With the client of one call. `context` is that of the request which is open now; None while none is.

    `open` are the questions that wait for an answer; `news` is set when there are new ones, or when the tool said that
    it `takes_long` or cannot be served (`refusal`).
    """

    def __init__(
        self, context: Context | None, answers: Answers | None = None, loud_from: types.LoggingLevel = "debug"
    ) -> None:
        self._context = context
        self._loud_from: types.LoggingLevel = loud_from
        self._answers: dict[str, types.InputResponse] = dict(answers or {})
        self._answered = asyncio.Event()
        self.open: dict[str, types.InputRequest] = {}
        self.news = asyncio.Event()
        self.is_long = False
        self.refusal: MCPError | None = None

    @property
    def client(self) -> types.ClientCapabilities:
        found = self._context.session.client_capabilities if self._context else None
        return found or types.ClientCapabilities()

    async def progress(self, done: float, total: float | None = None, message: str | None = None) -> None:
        """Tell how far the call is; nothing where the client did not ask for that."""
        if self._context:
            await self._context.session.report_progress(done, total, message)

    async def log(self, level: types.LoggingLevel, said: str) -> None:
        """A message for the client's log; nothing where the client did not ask for it."""
        if self._context is None or LEVELS.index(level) < LEVELS.index(self._loud_from):
            return
        if level not in allowed_log_levels(self._context.protocol_version, self._context.meta):
            return
        message = types.LoggingMessageNotificationParams(level=level, data=said)
        note = types.LoggingMessageNotification(params=message)
        await self._context.session.send_notification(note, related_request_id=self._context.request_id)

    async def ask(self, questions: Questions) -> Answers:
        """Back when all are answered. Raises `NobodyListens`."""
        if self._context is None:
            raise NobodyListens("this tool asks its MCP client, and it was called in another way")
        if self._context.protocol_version not in MODERN_PROTOCOL_VERSIONS:
            return await self._ask_now(self._context, questions)
        self.open = {key: asked for key, asked in questions.items() if key not in self._answers}
        try:
            while self.open:
                self._answered.clear()
                self.news.set()
                await self._answered.wait()
        finally:
            self.open = {}
        return {key: self._answers.pop(key) for key in questions}

    async def _ask_now(self, context: Context, questions: Questions) -> Answers:
        related = ServerMessageMetadata(related_request_id=context.request_id)
        answers: dict[str, types.InputResponse] = {}
        for key, asked in questions.items():
            answers[key] = await context.session.send_request(asked, _ANSWER_TYPES[asked.method], metadata=related)
        return answers

    def answer(self, context: Context, answers: Answers) -> None:
        """What the client brings; the rest stays open, and what nobody asked is ignored."""
        self._context = context
        taken = self.open.keys() & answers.keys()
        for key in taken:
            self._answers[key] = answers[key]
            del self.open[key]
        if not self.open:
            self.news.clear()
            self._answered.set()

    def takes_long(self) -> None:
        """Tell the client that it need not wait: where it knows tasks, it gets one."""
        self.is_long = True
        self.news.set()

    def require(self, needed: types.ClientCapabilities) -> None:
        """Raises where the client lacks what the tool cannot do without; the client is told what that is."""
        if not _has(self.client.model_dump(exclude_none=True), needed.model_dump(exclude_none=True)):
            self._refuse(needed)

    def _refuse(self, needed: types.ClientCapabilities) -> NoReturn:
        self.refusal = lacks(needed)
        self.news.set()
        raise NobodyListens(self.refusal.error.message)


def lacks(needed: types.ClientCapabilities) -> MCPError:
    capabilities = needed.model_dump(by_alias=True, exclude_none=True)
    message = f"the client does not declare what this needs: {', '.join(capabilities)}"
    return MCPError(types.MISSING_REQUIRED_CLIENT_CAPABILITY, message, {"requiredCapabilities": capabilities})


def _has(held: Mapping[str, Any], needed: Mapping[str, Any]) -> bool:
    return all(key in held and _has(held[key], inner) for key, inner in needed.items())


_CURRENT: ContextVar[Conversation | None] = ContextVar("conversation", default=None)


def conversation() -> Conversation:
    """The one with whoever called the tool that runs now."""
    return _CURRENT.get() or Conversation(None)


@contextmanager
def speaking(talk: Conversation) -> Generator[None]:
    """What is proposed to the gate in here converses with this client."""
    before = _CURRENT.set(talk)
    try:
        yield
    finally:
        _CURRENT.reset(before)
