"""A foreign server that is a program: started confined, spoken to over its pipes, ended with all that it started.

Its messages are lines of bounded length and number; who sends more is cut off. What it says on its standard error goes
nowhere but for the last line, which tells why it ended.
"""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from collections.abc import AsyncGenerator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

import anyio
from anyio.streams.memory import MemoryObjectReceiveStream, MemoryObjectSendStream
from mcp import types
from mcp.shared.message import SessionMessage

from audit.redaction import redact
from mcp_tools.client.flood import Flood

MOST_LINE = 4 * 1024 * 1024
END_S = 2.0
SAID_CHARACTERS = 300
PATH = "/usr/local/bin:/usr/bin:/bin"

Message = SessionMessage | Exception
Streams = tuple[MemoryObjectReceiveStream[Message], MemoryObjectSendStream[SessionMessage]]
Ended = Callable[[str], None]
"""Told why the program speaks no more."""


@dataclass(frozen=True)
class Program:
    """`home` is its own directory; it may read the system's folders and `reads`."""

    command: Sequence[str]
    home: Path
    reads: Sequence[Path] = ()
    environment: Mapping[str, str] = field(default_factory=dict[str, str])

    @property
    def argv(self) -> list[str]:
        folders = [str(folder) for folder in (self.home, *self.reads)]
        return [sys.executable, "-I", "-m", "mcp_tools.client.confined", *folders, "--", *self.command]

    @property
    def variables(self) -> dict[str, str]:
        own = {"PATH": PATH, "HOME": str(self.home), "TMPDIR": str(self.home), "LANG": "C.UTF-8"}
        return {**own, **self.environment}


@asynccontextmanager
async def running(program: Program, ended: Ended) -> AsyncGenerator[Streams]:
    """The two streams of messages with it, as the SDK's client takes them. Raises `OSError`."""
    program.home.mkdir(mode=0o700, parents=True, exist_ok=True)
    process = await asyncio.create_subprocess_exec(
        *program.argv,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        env=program.variables,
        cwd=program.home,
        start_new_session=True,
        limit=MOST_LINE,
    )
    heard_in, heard = anyio.create_memory_object_stream[Message](0)
    told, told_out = anyio.create_memory_object_stream[SessionMessage](0)
    talk = _Talk(process, ended)
    try:
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(talk.hear, heard_in)
            tasks.start_soon(talk.tell, told_out)
            tasks.start_soon(talk.hear_complaints)
            yield heard, told
            tasks.cancel_scope.cancel()
    finally:
        for stream in (heard_in, heard, told, told_out):
            stream.close()
        with anyio.CancelScope(shield=True):
            await _end(process)


class _Talk:
    def __init__(self, process: asyncio.subprocess.Process, ended: Ended) -> None:
        assert process.stdin and process.stdout and process.stderr, "it was started with pipes"
        self._process, self._ended = process, ended
        self._stdin, self._stdout, self._stderr = process.stdin, process.stdout, process.stderr
        self._flood = Flood()
        self._said = ""

    async def hear(self, heard: MemoryObjectSendStream[Message]) -> None:
        async with heard:
            self._ended(await self._listen(heard))

    async def _listen(self, heard: MemoryObjectSendStream[Message]) -> str:
        """Until it ends or must be cut off; says why."""
        while True:
            try:
                line = await self._stdout.readuntil()
            except asyncio.IncompleteReadError:
                return await self._last_words()
            except asyncio.LimitOverrunError:
                return f"it sent a message of more than {MOST_LINE} bytes"
            if floods := self._flood.rises():
                return floods
            with suppress(anyio.BrokenResourceError, anyio.ClosedResourceError):
                await heard.send(_message(line))

    async def _last_words(self) -> str:
        with suppress(TimeoutError):
            await asyncio.wait_for(self._process.wait(), END_S)
        said = f": {redact(self._said)}" if self._said else ""
        return f"it ended with code {self._process.returncode}{said}"

    async def tell(self, told: MemoryObjectReceiveStream[SessionMessage]) -> None:
        with suppress(OSError):  # it has ended, which the reader says
            async for message in told:
                text = message.message.model_dump_json(by_alias=True, exclude_unset=True)
                self._stdin.write(text.encode() + b"\n")
                await self._stdin.drain()

    async def hear_complaints(self) -> None:
        while piece := await self._stderr.read(64 * 1024):
            last = piece.decode(errors="replace").strip().rpartition("\n")[2]
            self._said = last[-SAID_CHARACTERS:] or self._said


def _message(line: bytes) -> Message:
    try:
        return SessionMessage(types.jsonrpc_message_adapter.validate_json(line, by_name=False))
    except ValueError as error:
        return error


async def _end(process: asyncio.subprocess.Process) -> None:
    """By closing its input; then, with everything that it started and that is still in its session, by force."""
    if process.stdin:
        process.stdin.close()
    with suppress(TimeoutError):
        await asyncio.wait_for(process.wait(), END_S)
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    with suppress(TimeoutError):  # who left the session may hold the pipes open for ever
        await asyncio.wait_for(_emptied(process), END_S)


async def _emptied(process: asyncio.subprocess.Process) -> None:
    """Read to its end, as a pipe that is full is not closed."""
    while process.stdout and await process.stdout.read(64 * 1024):
        pass
    await process.wait()
