"""`process.start` and what belongs to it: commands that go on when the call that started them has ended.

They outlive the connection; the last of what they print is kept until somebody reads it.

Limits: a bounded number, a bounded time and a bounded backlog each; an ended one stays readable until its place is
needed. All of them end with the agent.
"""

from __future__ import annotations

import asyncio
import base64
import os
import time
from contextlib import suppress

from worker_agent.backlog import Backlog
from worker_agent.environment import child_environment
from worker_agent.faults import fault, from_os_error
from worker_agent.protocol import (
    PROCESS_BACKLOG_BYTES,
    BackgroundProcess,
    BackgroundProcesses,
    Call,
    PackError,
    ProcessList,
    ProcessRead,
    ProcessReading,
    ProcessStart,
    ProcessStop,
)
from worker_agent.sandbox import Sandbox
from worker_agent.tree import ProcessTree, Streams

MAX_RUNNING = 8
MAX_KEPT = 24
_PIECE = 32 * 1024
_TAIL = 16 * 1024
_EARLY_S = 0.5
"""How long a start waits: what is wrong with a command is seen at once, mostly."""


class Running:
    """One command, running or ended."""

    def __init__(self, arguments: ProcessStart, tree: ProcessTree) -> None:
        self.backlog = Backlog(PROCESS_BACKLOG_BYTES)
        self.ended = asyncio.Event()
        self._arguments = arguments
        self._started_at = time.time()
        self._tree = tree
        self._news = asyncio.Event()
        self._exit_code: int | None = None
        self._problem = ""
        self._timed_out = False
        self._timer = asyncio.get_running_loop().call_later(arguments.timeout_s, self._expire)
        self._pump = asyncio.ensure_future(self._run())

    def state(self) -> BackgroundProcess:
        return BackgroundProcess(
            process_id=self._arguments.process_id,
            argv=self._arguments.argv,
            started_at=self._started_at,
            alive=not self.ended.is_set(),
            exit_code=self._exit_code,
            timed_out=self._timed_out,
            problem=self._problem,
            next_offset=self.backlog.next_offset,
        )

    async def stop(self) -> None:
        self._tree.end()
        await asyncio.wait({self._pump})

    async def wait_for_news(self, after: int | None, wait_s: float) -> None:
        """Until it has printed something behind `after`, or has ended, or that time is over."""
        with suppress(TimeoutError):
            async with asyncio.timeout(wait_s):
                while not self.ended.is_set() and (after is None or self.backlog.next_offset <= after):
                    await self._news.wait()

    def _expire(self) -> None:
        self._timed_out = True
        self._tree.end()

    def _tell(self) -> None:
        self._news.set()
        self._news = asyncio.Event()

    async def _run(self) -> None:
        output = self._tree.process.stdout
        assert output is not None
        while piece := await output.read(_PIECE):
            self.backlog.append(piece)
            self._tell()
        try:
            self._exit_code = await self._tree.wait()
        except PackError as error:  # it could not be started
            self._problem = error.fault.message
        self._timer.cancel()
        self.ended.set()
        self._tell()


class Background:
    def __init__(self, sandbox: Sandbox) -> None:
        self._sandbox = sandbox
        self._processes: dict[str, Running] = {}
        self._starting = asyncio.Lock()

    @property
    def running(self) -> int:
        return sum(not process.ended.is_set() for process in self._processes.values())

    async def start(self, arguments: ProcessStart, call: Call) -> BackgroundProcess:
        """One that has that id already is not started again."""
        async with self._starting:
            process = self._processes.get(arguments.process_id)
            if process is None:
                self._make_room()
                process = Running(arguments, await self._tree(arguments))
                self._processes[arguments.process_id] = process
        await process.wait_for_news(None, _EARLY_S)
        return process.state()

    async def read(self, arguments: ProcessRead, call: Call) -> ProcessReading:
        process = self._find(arguments.process_id)
        wait_s = min(arguments.wait_s, call.deadline_s / 2)
        await process.wait_for_news(arguments.offset, wait_s)
        last = max(0, process.backlog.next_offset - _TAIL)
        offset, data = process.backlog.since(last if arguments.offset is None else arguments.offset)
        encoded = base64.b64encode(data[: arguments.length]).decode()
        return ProcessReading(process=process.state(), offset=offset, data=encoded)

    async def stop(self, arguments: ProcessStop, call: Call) -> BackgroundProcess:
        process = self._find(arguments.process_id)
        await process.stop()
        return process.state()

    async def list(self, arguments: ProcessList, call: Call) -> BackgroundProcesses:
        return BackgroundProcesses(processes=tuple(process.state() for process in self._processes.values()))

    async def close(self) -> None:
        await asyncio.gather(*(process.stop() for process in self._processes.values()))

    def _find(self, process_id: str) -> Running:
        if process_id not in self._processes:
            raise fault("unknown_process", "There is no such process here; list them. The worker may be another one.")
        return self._processes[process_id]

    def _make_room(self) -> None:
        if self.running >= MAX_RUNNING:
            raise fault("too_many_processes", f"{MAX_RUNNING} run in the background; stop one.", retryable=True)
        ended = [name for name, process in self._processes.items() if process.ended.is_set()]
        for name in ended[: max(0, len(self._processes) - MAX_KEPT + 1)]:
            del self._processes[name]

    async def _tree(self, arguments: ProcessStart) -> ProcessTree:
        path = self._sandbox.relative(arguments.cwd)
        environment = child_environment(self._sandbox, path, {})
        try:
            with self._sandbox.open(path, os.O_PATH | os.O_DIRECTORY) as directory:
                return await ProcessTree.start(
                    arguments.argv, directory=directory, environment=environment, streams=Streams.merged()
                )
        except OSError as error:
            raise from_os_error(error, arguments.cwd) from error
