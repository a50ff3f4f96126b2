"""A command and all its descendants as one thing that is started, waited for and ended; see `reaper` for how.

Limits: the streams belong to the caller; the tree lives no longer than its command and no longer than this agent.
"""

from __future__ import annotations

import asyncio
import errno
import os
import socket
import sys
from collections.abc import Mapping, Sequence
from contextlib import suppress

from worker_agent.faults import fault, from_os_error

_REAPER = os.path.join(os.path.dirname(os.path.abspath(__file__)), "reaper.py")


class ProcessTree:
    def __init__(self, process: asyncio.subprocess.Process, channel: socket.socket, command: str) -> None:
        self.process = process
        self._channel = channel
        self._command = command
        self._end: asyncio.Future[int] = asyncio.ensure_future(self._read_end())
        self._end.add_done_callback(lambda end: end.cancelled() or end.exception())  # not every caller asks for it

    @classmethod
    async def start(
        cls, argv: Sequence[str], *, directory: int, environment: Mapping[str, str], streams: Streams
    ) -> ProcessTree:
        """Start `argv` in the directory that the descriptor `directory` stands for."""
        ours, theirs = socket.socketpair()
        ours.setblocking(False)
        try:
            with theirs:
                process = await asyncio.create_subprocess_exec(
                    *(sys.executable, "-I", "-S", _REAPER, str(theirs.fileno()), streams.kind, *argv),
                    stdin=streams.stdin,
                    stdout=streams.stdout,
                    stderr=streams.stderr,
                    cwd=f"/proc/self/fd/{directory}",
                    env=environment,
                    pass_fds=(theirs.fileno(),),
                    start_new_session=True,
                )
        except (OSError, ValueError) as error:
            ours.close()
            raise _cannot_start(argv[0], error) from error
        return cls(process, ours, argv[0])

    @property
    def alive(self) -> bool:
        return not self._end.done()

    @property
    def failed(self) -> bool:
        """Whether it ended because it could not be started."""
        return self._end.done() and self._end.exception() is not None

    def end(self) -> None:
        """Ask for the end of the whole tree; returns at once."""
        with suppress(OSError):
            self._channel.shutdown(socket.SHUT_WR)

    async def wait(self) -> int:
        """The exit code (negative for a signal) once all of the tree has ended; a fault if it could not be started."""
        return await asyncio.shield(self._end)

    async def ended(self) -> None:
        """Wait for the end of the whole tree, however it came."""
        await asyncio.wait({self._end})

    async def _read_end(self) -> int:
        loop = asyncio.get_running_loop()
        report = b""
        with self._channel:
            while piece := await loop.sock_recv(self._channel, 256):
                report += piece
        code = await self.process.wait()
        lines = dict(line.split(b" ", 1) for line in report.splitlines())
        if b"error" in lines:
            number = int(lines[b"error"])
            raise _cannot_start(self._command, OSError(number, os.strerror(number)))
        return int(lines[b"exit"]) if b"exit" in lines else code


class Streams:
    """Where the command's standard streams go; a terminal is one descriptor for all three."""

    def __init__(self, kind: str, stdin: int, stdout: int, stderr: int) -> None:
        self.kind, self.stdin, self.stdout, self.stderr = kind, stdin, stdout, stderr

    @classmethod
    def pipes(cls, *, with_input: bool) -> Streams:
        pipe = asyncio.subprocess.PIPE
        return cls("pipe", pipe if with_input else asyncio.subprocess.DEVNULL, pipe, pipe)

    @classmethod
    def merged(cls) -> Streams:
        """No input; both outputs in one, in the order in which they were written."""
        return cls("pipe", asyncio.subprocess.DEVNULL, asyncio.subprocess.PIPE, asyncio.subprocess.STDOUT)

    @classmethod
    def terminal(cls, descriptor: int) -> Streams:
        return cls("terminal", descriptor, descriptor, descriptor)


def _cannot_start(command: str, error: Exception) -> Exception:
    if isinstance(error, FileNotFoundError):
        return fault("not_found", f"The command {command} was not found; give its full path or check its name.")
    if isinstance(error, OSError) and error.errno == errno.E2BIG:
        return fault("bad_arguments", "The arguments and the environment are too long for the system.")
    if isinstance(error, OSError) and error.errno == errno.ENOEXEC:
        return fault("bad_arguments", f"{command} is neither a program nor a script with a '#!' line.")
    if isinstance(error, OSError):
        return from_os_error(error, command)
    return fault("bad_arguments", "An argument or an environment variable holds a NUL character.")
