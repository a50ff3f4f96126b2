"""`process.run` and `process.kill`: commands with limits on time and output; what they print is sent while they run.

Limits: output is kept from the beginning up to the limit, per stream, and the rest is read and dropped; what a command
leaves running behind it ends with it.
"""

from __future__ import annotations

import asyncio
import base64
import os
import time
from collections.abc import Awaitable, Callable
from typing import Literal

from worker_agent.environment import child_environment
from worker_agent.faults import fault, from_os_error
from worker_agent.protocol import Call, ProcessEnded, ProcessKill, ProcessKilled, ProcessOutput, ProcessRun, Wire
from worker_agent.sandbox import Sandbox
from worker_agent.tree import ProcessTree, Streams

MAX_PROCESSES = 16
_PIECE = 32 * 1024

Notify = Callable[[str, Wire], Awaitable[None]]
"""Sends a notification to the manager; dropped while there is no connection."""


class Processes:
    def __init__(self, sandbox: Sandbox, notify: Notify) -> None:
        self._sandbox = sandbox
        self._notify = notify
        self._running: dict[str, ProcessTree] = {}
        self._starting = 0

    @property
    def running(self) -> int:
        return len(self._running)

    async def run(self, arguments: ProcessRun, call: Call) -> ProcessEnded:
        started = time.monotonic()
        tree = await self._start(arguments, call.operation_id)
        finish = asyncio.ensure_future(self._finish(tree, arguments, call.operation_id))
        try:
            done, _ = await asyncio.wait({finish}, timeout=arguments.timeout_s)
            tree.end()
            code, stdout, stderr = await finish
        finally:
            tree.end()
            await asyncio.wait({finish})
            del self._running[call.operation_id]
        return ProcessEnded(
            exit_code=code,
            stdout=stdout.text(),
            stderr=stderr.text(),
            truncated=stdout.truncated or stderr.truncated,
            timed_out=not done,
            duration_s=time.monotonic() - started,
        )

    async def kill(self, arguments: ProcessKill, call: Call) -> ProcessKilled:
        tree = self._running.get(arguments.target)
        if tree is not None:
            tree.end()
            await tree.ended()
        return ProcessKilled(target=arguments.target, was_running=tree is not None)

    async def close(self) -> None:
        trees = list(self._running.values())
        for tree in trees:
            tree.end()
        await asyncio.gather(*(tree.ended() for tree in trees))

    async def _start(self, arguments: ProcessRun, operation: str) -> ProcessTree:
        if len(self._running) + self._starting >= MAX_PROCESSES:
            raise fault("too_many_processes", f"{MAX_PROCESSES} commands run already; wait for one.", retryable=True)
        path = self._sandbox.relative(arguments.cwd)
        environment = child_environment(self._sandbox, path, arguments.environment)
        streams = Streams.pipes(with_input=bool(arguments.stdin))
        self._starting += 1
        try:
            with self._sandbox.open(path, os.O_PATH | os.O_DIRECTORY) as directory:
                tree = await ProcessTree.start(
                    arguments.argv, directory=directory, environment=environment, streams=streams
                )
        except OSError as error:
            raise from_os_error(error, arguments.cwd) from error
        finally:
            self._starting -= 1
        self._running[operation] = tree
        return tree

    async def _finish(self, tree: ProcessTree, arguments: ProcessRun, operation: str) -> tuple[int, Kept, Kept]:
        process = tree.process
        assert process.stdout is not None and process.stderr is not None
        stdout, stderr, _ = await asyncio.gather(
            self._collect(process.stdout, "stdout", arguments.output_limit, operation),
            self._collect(process.stderr, "stderr", arguments.output_limit, operation),
            _feed(process.stdin, arguments.stdin.encode()),
        )
        return await tree.wait(), stdout, stderr

    async def _collect(
        self, reader: asyncio.StreamReader, stream: Literal["stdout", "stderr"], limit: int, operation: str
    ) -> Kept:
        kept = Kept(limit)
        while piece := await reader.read(_PIECE):
            if fresh := kept.add(piece):
                data = base64.b64encode(fresh).decode()
                await self._notify("process.output", ProcessOutput(operation_id=operation, stream=stream, data=data))
        return kept


class Kept:
    """The first `limit` bytes of a stream."""

    def __init__(self, limit: int) -> None:
        self._data = bytearray()
        self._limit = limit
        self.truncated = False

    def add(self, piece: bytes) -> bytes:
        """Keep what fits and return it."""
        fresh = piece[: self._limit - len(self._data)]
        self._data += fresh
        self.truncated = self.truncated or len(fresh) < len(piece)
        return fresh

    def text(self) -> str:
        return self._data.decode("utf-8", "replace")


async def _feed(writer: asyncio.StreamWriter | None, data: bytes) -> None:
    if writer is None:
        return
    try:
        writer.write(data)
        await writer.drain()
    except ConnectionError:  # the command does not read its input
        pass
    finally:
        writer.close()
