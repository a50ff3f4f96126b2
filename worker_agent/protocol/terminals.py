"""`terminal.*`: shells in pseudo-terminals, their output addressed by byte offset."""

from __future__ import annotations

from pydantic import Field

from worker_agent.protocol.wire import MAX_PIECE_CHARACTERS, Wire


class TerminalOpen(Wire):
    """Arguments of `terminal.open`: a login shell in a pty; the result is a `TerminalInfo`."""

    columns: int = Field(default=80, ge=2, le=1000)
    rows: int = Field(default=24, ge=2, le=1000)
    cwd: str = "."


class TerminalInfo(Wire):
    """`pid` is the process that lives as long as anything the terminal started; `next_offset` counts all its output."""

    terminal_id: str
    pid: int
    alive: bool
    next_offset: int


class TerminalTarget(Wire):
    """Arguments of `terminal.close` (result: `TerminalInfo`)."""

    terminal_id: str


class TerminalAttach(Wire):
    """Arguments of `terminal.attach`: output from byte `offset` on; later output comes as `terminal.output` frames."""

    terminal_id: str
    offset: int = Field(default=0, ge=0)


class TerminalBacklog(Wire):
    """`data` is base64, starting at byte `offset`; that is later than asked where the backlog bound dropped bytes."""

    terminal_id: str
    offset: int
    data: str
    alive: bool


class TerminalInput(Wire):
    """Arguments of `terminal.write`; `data` is base64. The result is a `TerminalInfo`."""

    terminal_id: str
    data: str = Field(max_length=131072)


class TerminalResize(Wire):
    terminal_id: str
    columns: int = Field(ge=2, le=1000)
    rows: int = Field(ge=2, le=1000)


class TerminalList(Wire):
    """Arguments of `terminal.list`; the result is `Terminals`."""


class Terminals(Wire):
    terminals: tuple[TerminalInfo, ...]


class TerminalOutput(Wire):
    """Notification `terminal.output`: `data` (base64) starts at byte `offset` of that terminal's output."""

    terminal_id: str
    offset: int
    data: str = Field(max_length=MAX_PIECE_CHARACTERS)


class TerminalClosed(Wire):
    """Notification `terminal.closed`: the shell ended."""

    terminal_id: str
    exit_code: int | None
