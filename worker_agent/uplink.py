"""The one connection to the manager: dials out, greets, keeps it alive, and dials again when it breaks.

The launch token opens the first connection; each welcome brings the resume secret of the next one, which stays in
memory. Calls are answered on the connection they came on or not at all; after a reconnect whoever calls again with
the same operation id gets the outcome.

Limits: one connection at a time; notifications are dropped while there is none.
"""

from __future__ import annotations

import asyncio
import logging
import ssl
import time
from collections.abc import Awaitable, Callable
from contextlib import suppress

from pydantic import TypeAdapter, ValidationError
from pydantic_core import to_json
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, WebSocketException

from worker_agent.backoff import Backoff
from worker_agent.exits import Exit
from worker_agent.protocol import MAX_FRAME_BYTES, Frame, Hello, Refused, Welcome, Wire

_log = logging.getLogger(__name__)

_GREETING_S = 10.0
_CLOSE_S = 0.5
_MOST_AT_ONCE = 512
_SETTLED_S = 5.0  # a connection that breaks sooner does not shorten the wait for the next one

_Verdict = TypeAdapter[Welcome | Refused](Welcome | Refused)


class Uplink:
    """`greet` builds the greeting with a secret, `answer` answers a frame, `joined` and `parted` mark a connection.

    `authorities` (PEM) are those that the manager's certificate is checked by over wss://; None means the machine's.
    """

    def __init__(
        self,
        url: str,
        secret: str,
        *,
        authorities: str | None = None,
        reconnect_for_s: float,
        longest_wait_s: float,
        greet: Callable[[str], Hello],
        answer: Callable[[Frame], Awaitable[Frame]],
        joined: Callable[[int], None],
        parted: Callable[[], None],
    ) -> None:
        self._url = url
        self._secret = secret
        self._tls = ssl.create_default_context(cadata=authorities) if url.startswith("wss://") else None
        self._reconnect_for_s = reconnect_for_s
        self._greet = greet
        self._answer = answer
        self._joined = joined
        self._parted = parted
        self._backoff = Backoff(longest_wait_s)
        self._last_contact = time.monotonic()
        self._connection: ClientConnection | None = None
        self._answering: set[asyncio.Task[None]] = set()
        self._room = asyncio.Semaphore(_MOST_AT_ONCE)

    async def run(self) -> Exit:
        """Stay connected until refused, or until the manager could not be reached for too long."""
        while True:
            try:
                refused = await self._connect_once()
                if refused is not None and not refused.retryable:
                    _log.error("the manager refused this worker (%s): %s", refused.code, refused.message)
                    return Exit.REFUSED
            except (OSError, WebSocketException, ValidationError) as error:
                _log.warning("no connection to the manager: %s", _reason(error))
            if time.monotonic() - self._last_contact >= self._reconnect_for_s:
                _log.error("gave up: the manager could not be reached for %g s", self._reconnect_for_s)
                return Exit.UNREACHABLE
            await asyncio.sleep(self._backoff.next())

    async def notify(self, method: str, params: Wire) -> None:
        if self._connection is not None:
            frame = to_json({"jsonrpc": "2.0", "method": method, "params": params}).decode()
            with suppress(ConnectionClosed):
                await self._connection.send(frame)

    async def close(self) -> None:
        """Let answers that are under way leave, then close."""
        if self._answering:
            await asyncio.wait(self._answering, timeout=_CLOSE_S)
        if self._connection is not None:
            with suppress(TimeoutError):
                async with asyncio.timeout(_CLOSE_S):
                    await self._connection.close()

    async def _connect_once(self) -> Refused | None:
        dialling = connect(
            self._url,
            ssl=self._tls,
            compression=None,
            proxy=None,
            user_agent_header=None,
            max_size=MAX_FRAME_BYTES,
            open_timeout=_GREETING_S,
            close_timeout=_CLOSE_S,
            ping_interval=None,
        )
        async with dialling as connection:
            async with asyncio.timeout(_GREETING_S):
                await connection.send(self._greet(self._secret).model_dump_json())
                verdict = _Verdict.validate_json(await connection.recv())
            if isinstance(verdict, Refused):
                return verdict
            await self._converse(connection, verdict)
        return None

    async def _converse(self, connection: ClientConnection, welcome: Welcome) -> None:
        began = time.monotonic()
        self._secret = welcome.resume_secret
        self._connection = connection
        self._joined(welcome.epoch)
        _log.info("connected, epoch %d", welcome.epoch)
        heartbeat = asyncio.ensure_future(self._heartbeat(connection, welcome.heartbeat_s))
        try:
            async for frame in connection:
                await self._begin_answer(connection, frame)
        finally:
            heartbeat.cancel()
            self._connection = None
            self._last_contact = time.monotonic()
            if self._last_contact - began >= _SETTLED_S:
                self._backoff.reset()
            self._parted()

    async def _begin_answer(self, connection: ClientConnection, frame: Frame) -> None:
        await self._room.acquire()
        task = asyncio.ensure_future(self._answer_one(connection, frame))
        self._answering.add(task)
        task.add_done_callback(self._answered)

    def _answered(self, task: asyncio.Task[None]) -> None:
        self._answering.discard(task)
        self._room.release()

    async def _answer_one(self, connection: ClientConnection, frame: Frame) -> None:
        answer = await self._answer(frame)
        if answer:
            with suppress(ConnectionClosed):
                await connection.send(answer)

    async def _heartbeat(self, connection: ClientConnection, every_s: float) -> None:
        """Ping; a manager that does not answer for two beats counts as gone."""
        with suppress(ConnectionClosed):
            while True:
                await asyncio.sleep(every_s)
                try:
                    async with asyncio.timeout(2 * every_s):
                        await (await connection.ping())
                except TimeoutError:
                    _log.warning("the manager does not answer heartbeats")
                    connection.transport.abort()
                    return


def _reason(error: Exception) -> str:
    """In words of ours: texts of a peer or of a library stay out of the log."""
    if isinstance(error, TimeoutError):
        return "it did not answer in time"
    if isinstance(error, OSError):
        return error.strerror or "the network failed"
    if isinstance(error, ValidationError):
        return "its answer to the greeting is not valid"
    return type(error).__name__
