"""Login shells in pseudo-terminals. They outlive the connection; what they print is kept and sent to who is attached.

Limits: a bounded number of terminals, a bounded backlog each; an ended one stays readable until it is closed or its
place is needed.
"""

from __future__ import annotations

import asyncio
import base64
import binascii
import os
import secrets
from contextlib import suppress

from worker_agent.backlog import Backlog
from worker_agent.environment import child_environment, login_shell
from worker_agent.faults import fault, from_os_error
from worker_agent.process import Notify
from worker_agent.protocol import (
    TERMINAL_BACKLOG_BYTES,
    Call,
    TerminalAttach,
    TerminalBacklog,
    TerminalClosed,
    TerminalInfo,
    TerminalInput,
    TerminalList,
    TerminalOpen,
    TerminalOutput,
    TerminalResize,
    Terminals,
    TerminalTarget,
)
from worker_agent.pty_end import PtyEnd
from worker_agent.sandbox import Sandbox
from worker_agent.tree import ProcessTree, Streams

MAX_TERMINALS = 16
_BREATH_S = 0.01  # output is gathered this long, so that a flood becomes few large frames


class Terminal:
    def __init__(self, tree: ProcessTree, end: PtyEnd, notify: Notify) -> None:
        self.terminal_id = f"t-{secrets.token_hex(6)}"
        self.backlog = Backlog(TERMINAL_BACKLOG_BYTES)
        self.attached = False
        self.alive = True
        self.end = end
        self.writing = asyncio.Lock()
        self._tree = tree
        self._notify = notify
        self._pump = asyncio.ensure_future(self._run())

    def info(self) -> TerminalInfo:
        return TerminalInfo(
            terminal_id=self.terminal_id,
            pid=self._tree.process.pid,
            alive=self.alive,
            next_offset=self.backlog.next_offset,
        )

    async def close(self) -> None:
        self._tree.end()
        await asyncio.wait({self._pump})

    async def _run(self) -> None:
        try:
            while data := await self.end.read():
                await self._publish(data)
                await asyncio.sleep(_BREATH_S)
        finally:
            self._tree.end()
            await self._tree.ended()
            self.alive = False
            self.end.close()
        code = self._tree.process.returncode if self._tree.failed else await self._tree.wait()
        await self._notify("terminal.closed", TerminalClosed(terminal_id=self.terminal_id, exit_code=code))

    async def _publish(self, data: bytes) -> None:
        offset = self.backlog.append(data)
        if self.attached:
            encoded = base64.b64encode(data).decode()
            await self._notify(
                "terminal.output", TerminalOutput(terminal_id=self.terminal_id, offset=offset, data=encoded)
            )


class TerminalService:
    def __init__(self, sandbox: Sandbox, notify: Notify) -> None:
        self._sandbox = sandbox
        self._notify = notify
        self._terminals: dict[str, Terminal] = {}
        self._opening = asyncio.Lock()

    @property
    def running(self) -> int:
        return sum(terminal.alive for terminal in self._terminals.values())

    def detach_all(self) -> None:
        """The connection is gone: nobody is attached until they attach again."""
        for terminal in self._terminals.values():
            terminal.attached = False

    async def open(self, arguments: TerminalOpen, call: Call) -> TerminalInfo:
        async with self._opening:
            self._make_room()
            terminal = await self._start(arguments)
            self._terminals[terminal.terminal_id] = terminal
        return terminal.info()

    async def attach(self, arguments: TerminalAttach, call: Call) -> TerminalBacklog:
        terminal = self._find(arguments.terminal_id)
        terminal.attached = True
        offset, data = terminal.backlog.since(arguments.offset)
        return TerminalBacklog(
            terminal_id=terminal.terminal_id,
            offset=offset,
            data=base64.b64encode(data).decode(),
            alive=terminal.alive,
        )

    async def write(self, arguments: TerminalInput, call: Call) -> TerminalInfo:
        terminal = self._find_alive(arguments.terminal_id)
        try:
            data = base64.b64decode(arguments.data, validate=True)
        except (binascii.Error, ValueError) as error:
            raise fault("bad_arguments", "data is not base64; encode the bytes to type.") from error
        async with terminal.writing:
            with suppress(OSError):  # the shell ended meanwhile: the answer says so
                await terminal.end.write(data)
        return terminal.info()

    async def resize(self, arguments: TerminalResize, call: Call) -> TerminalInfo:
        terminal = self._find_alive(arguments.terminal_id)
        terminal.end.resize(arguments.columns, arguments.rows)
        return terminal.info()

    async def close_one(self, arguments: TerminalTarget, call: Call) -> TerminalInfo:
        terminal = self._find(arguments.terminal_id)
        await terminal.close()
        self._terminals.pop(arguments.terminal_id, None)
        return terminal.info()

    async def list(self, arguments: TerminalList, call: Call) -> Terminals:
        return Terminals(terminals=tuple(terminal.info() for terminal in self._terminals.values()))

    async def close(self) -> None:
        await asyncio.gather(*(terminal.close() for terminal in self._terminals.values()))

    def _find(self, terminal_id: str) -> Terminal:
        if terminal_id not in self._terminals:
            raise fault("unknown_terminal", "There is no such terminal; list them or open a new one.")
        return self._terminals[terminal_id]

    def _find_alive(self, terminal_id: str) -> Terminal:
        terminal = self._find(terminal_id)
        if not terminal.alive:
            raise fault("terminal_closed", "The shell of this terminal has ended; open a new one.")
        return terminal

    def _make_room(self) -> None:
        if len(self._terminals) < MAX_TERMINALS:
            return
        ended = next((key for key, terminal in self._terminals.items() if not terminal.alive), None)
        if ended is None:
            raise fault("too_many_terminals", f"{MAX_TERMINALS} terminals are open; close one.")
        del self._terminals[ended]

    async def _start(self, arguments: TerminalOpen) -> Terminal:
        path = self._sandbox.relative(arguments.cwd)
        # A container's own prompt names the container's maker; a user wants to see who and where they are.
        variables = {"TERM": "xterm-256color", "SHELL": login_shell(), "PS1": r"\u@\h:\w\$ "}
        environment = child_environment(self._sandbox, path, variables)
        ours, theirs = os.openpty()
        end = PtyEnd(ours)
        end.resize(arguments.columns, arguments.rows)
        try:
            with self._sandbox.open(path, os.O_PATH | os.O_DIRECTORY) as directory:
                tree = await ProcessTree.start(
                    [login_shell(), "-l"],
                    directory=directory,
                    environment=environment,
                    streams=Streams.terminal(theirs),
                )
        except BaseException as error:
            end.close()
            raise from_os_error(error, arguments.cwd) if isinstance(error, OSError) else error from None
        finally:
            os.close(theirs)
        return Terminal(tree, end, self._notify)
