"""The connection with one foreign server, kept by a task of its own: connect, list its tools, listen, begin again.

A server that hangs, floods or dies is left alone for a while, twice as long each time; meanwhile its calls fail at
once. Whatever it asks of us (a model's words, files, a person's answers) it does not get.
Limits: a change that it does not announce, and any of a server of revision 2026-07-28, is found at the next look.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from typing import Any, cast

import anyio
import structlog
from mcp import Client, MCPError, types
from pydantic import JsonValue, ValidationError

from ink_core.errors import DeadlineExceeded, InkError, Throttled
from mcp_tools.client.faults import (
    ForeignAnswerUnreadable,
    ForeignCallRefused,
    ForeignServerDown,
    ForeignServerLost,
)
from mcp_tools.client.flood import Flood
from mcp_tools.content import Content, content_of
from mcp_tools.readable import one_line

CONNECT_S = 20.0
LIST_S = 20.0
LOOK_S = 30.0
CLOSE_S = 10.0
SPACING_S = 1.0
"""Between two looks, however often the server says that something changed."""
STEADY_S = 60.0
"""Who was connected for so long begins with a clean slate."""
FIRST_PAUSE_S, LONGEST_PAUSE_S = 1.0, 300.0
MOST_TOOLS, MOST_PAGES = 200, 20
MOST_CALLS = 8
"""At once."""
MOST_SILENCES = 3
"""Calls in a row that reached their deadline; then the connection is taken for dead."""
SAID = 300

Connect = Callable[[Callable[[str], None]], AbstractAsyncContextManager[Any]]
"""Opens the streams; what it is given is to be called with the reason when they have ended."""
Seen = Callable[[Sequence[types.Tool]], Awaitable[None]]

log = structlog.get_logger()


class ForeignServer:
    """`seen` gets all tools that the server lists, at each look. `problem` says why it is not connected."""

    def __init__(self, name: str, connect: Connect, seen: Seen, timeout_s: float) -> None:
        self.name = name
        self.problem: str | None = "it was not connected yet"
        self._open = connect
        self._seen = seen
        self._timeout_s = timeout_s
        self._client: Client | None = None
        self._wake = asyncio.Event()
        self._ended: str | None = None
        self._gone: asyncio.Future[None]
        self._flood = Flood()
        self._calls = 0
        self._silences = 0
        self._keeping: asyncio.Task[None] | None = None
        self._closing = False

    @property
    def connected(self) -> bool:
        return self._client is not None

    async def keep(self) -> None:
        """Until `close`. Never raises for what the server does."""
        self._keeping = asyncio.current_task()
        failures = 0
        while not self._closing:
            began = asyncio.get_running_loop().time()
            try:
                await self._connected()
            except Exception as error:
                if self._closing:
                    return
                self.problem = one_line(self._ended or _reason(error))[:SAID]
                log.warning("foreign_server_down", server=self.name, problem=self.problem)
            steady = asyncio.get_running_loop().time() - began > STEADY_S
            failures = 0 if steady else failures + 1
            await asyncio.sleep(min(LONGEST_PAUSE_S, FIRST_PAUSE_S * 2 ** min(failures, 10)))

    async def close(self) -> None:
        """A cancellation may be lost in what the SDK does to end a connection, hence the mark."""
        self._closing = True
        if self._keeping is not None:
            self._keeping.cancel()
            await asyncio.wait({self._keeping}, timeout=CLOSE_S)

    async def _connected(self) -> None:
        self._wake.clear()
        self._flood = Flood()
        self._ended, self._silences = None, 0
        self._gone = asyncio.get_running_loop().create_future()
        with anyio.fail_after(CONNECT_S) as deadline:
            streams = self._open(self._end)
            async with Client(streams, message_handler=self._hear, cache=None, client_info=_CLIENT) as client:
                deadline.deadline = float("inf")
                await self._look(client)
                self._client, self.problem = client, None
                try:
                    await self._watch(client)
                finally:
                    self._client, self.problem = None, self._ended or "the connection ends"
                    self._gone.set_result(None)

    async def _watch(self, client: Client) -> None:
        while True:
            with anyio.move_on_after(LOOK_S):
                await self._wake.wait()
            self._wake.clear()
            if self._ended is not None:
                raise ForeignServerDown(self._ended)
            await self._look(client)
            await asyncio.sleep(SPACING_S)

    async def _look(self, client: Client) -> None:
        tools: list[types.Tool] = []
        cursor: str | None = None
        with anyio.fail_after(LIST_S):
            for _ in range(MOST_PAGES):
                page = await client.list_tools(cursor=cursor)
                tools += page.tools
                cursor = page.next_cursor
                if cursor is None:
                    break
        if cursor is not None or len(tools) > MOST_TOOLS:
            raise ForeignServerDown(f"it lists more than {MOST_TOOLS} tools")
        await self._seen(tools)

    def _end(self, reason: str) -> None:
        self._ended = self._ended or reason
        self._wake.set()

    async def _hear(self, message: object) -> None:
        if floods := self._flood.rises():
            self._end(floods)
        if isinstance(message, types.ToolListChangedNotification):
            self._wake.set()

    async def call(self, tool: str, arguments: Mapping[str, JsonValue]) -> Content:
        """What the server answers. Raises `ForeignServerDown`, `Throttled`, `ForeignCallRefused` where nothing was
        done, and a `DeadlineExceeded` where nobody can tell."""
        client = self._client
        if client is None:
            raise ForeignServerDown(f"the foreign server {self.name} is not connected: {self.problem}")
        if self._calls >= MOST_CALLS:
            raise Throttled(f"{MOST_CALLS} calls of the foreign server {self.name} are under way; wait for one to end")
        self._calls += 1
        try:
            return await self._answer(client, tool, arguments)
        finally:
            self._calls -= 1

    async def _answer(self, client: Client, tool: str, arguments: Mapping[str, JsonValue]) -> Content:
        params = types.CallToolRequestParams(name=tool, arguments=dict(arguments))
        asking = client.session.send_request(types.CallToolRequest(params=params), types.CallToolResult)
        try:
            result = await self._in_time(asyncio.ensure_future(asking))
        except MCPError as error:
            raise self._refused(error) from error
        except ValidationError as error:
            raise ForeignAnswerUnreadable(f"{self.name} answered with something that is no result") from error
        except InkError:
            raise
        except Exception as error:  # the connection broke in one of many ways
            raise ForeignServerLost(f"the connection with {self.name} broke: {_reason(error)}") from error
        self._silences = 0
        return content_of(result)

    async def _in_time(self, asking: asyncio.Future[types.CallToolResult]) -> types.CallToolResult:
        """The answer, unless the deadline or the end of the connection comes first: the SDK may wait on for either."""
        try:
            await asyncio.wait({asking, self._gone}, timeout=self._timeout_s, return_when=asyncio.FIRST_COMPLETED)
            if asking.done():
                return asking.result()
        finally:
            asking.cancel()
        if self._gone.done():
            raise ForeignServerLost(f"the connection with {self.name} broke: {self._ended}")
        self._silences += 1
        if self._silences >= MOST_SILENCES:
            self._end(f"{MOST_SILENCES} calls in a row got no answer")
        raise DeadlineExceeded(f"{self.name} did not answer within {self._timeout_s:.0f} s")

    def _refused(self, error: MCPError) -> Exception:
        said = f"{self.name}: {one_line(error.message)[:SAID]}"
        if error.code in (types.CONNECTION_CLOSED, types.INTERNAL_ERROR, types.REQUEST_TIMEOUT):
            return ForeignServerLost(self._ended or said)
        return ForeignCallRefused(said)


_CLIENT = types.Implementation(name="ink-harness", version="1")


def _reason(error: BaseException) -> str:
    """Of the first thing that went wrong, in the words of whoever met it."""
    if isinstance(error, BaseExceptionGroup):
        return _reason(cast("BaseExceptionGroup[BaseException]", error).exceptions[0])
    if isinstance(error, TimeoutError):
        return "it does not answer"
    return f"{type(error).__name__}: {error}" if str(error) else type(error).__name__
