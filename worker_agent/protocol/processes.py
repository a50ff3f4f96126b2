"""`process.*`: commands as argument vectors, never as shell strings."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from worker_agent.protocol.wire import MAX_OUTPUT_BYTES, MAX_PIECE_CHARACTERS, OperationId, Wire

PROCESS_BACKLOG_BYTES = 256 * 1024
ProcessId = Annotated[str, Field(pattern=r"^[0-9a-f]{8,32}$")]


class ProcessRun(Wire):
    """Arguments of `process.run`: an argv (never a shell string) run in the workspace until it ends or `timeout_s`."""

    argv: tuple[str, ...] = Field(min_length=1, max_length=1000)
    cwd: str = "."
    environment: dict[str, str] = Field(default_factory=dict)
    stdin: str = ""
    timeout_s: float = Field(default=60, gt=0, le=3600)
    output_limit: int = Field(default=65536, ge=0, le=MAX_OUTPUT_BYTES)


class ProcessEnded(Wire):
    """`exit_code` is negative for a signal. Output beyond the limit was dropped when `truncated`."""

    exit_code: int
    stdout: str
    stderr: str
    truncated: bool
    timed_out: bool
    duration_s: float


class ProcessKill(Wire):
    """Arguments of `process.kill`: ends the process tree that `target` (an operation id) started."""

    target: OperationId


class ProcessKilled(Wire):
    target: OperationId
    was_running: bool


class ProcessOutput(Wire):
    """Notification `process.output`: `data` is base64 of a piece of one stream of a running `process.run`."""

    operation_id: OperationId
    stream: Literal["stdout", "stderr"]
    data: str = Field(max_length=MAX_PIECE_CHARACTERS)


class ProcessStart(Wire):
    """Arguments of `process.start`: a command that goes on by itself, for `timeout_s` at most.

    The caller names it, so that asking again starts nothing twice. Result: `BackgroundProcess`.
    """

    process_id: ProcessId
    argv: tuple[str, ...] = Field(min_length=1, max_length=1000)
    cwd: str = "."
    timeout_s: float = Field(default=3600, gt=0, le=7 * 86400)


class BackgroundProcess(Wire):
    """`started_at` in seconds since the epoch. `exit_code` is negative for a signal, and None while it runs.

    `problem` says why it could not be started. `next_offset`: how many bytes it has printed.
    """

    process_id: ProcessId
    argv: tuple[str, ...]
    started_at: float
    alive: bool
    exit_code: int | None
    timed_out: bool
    problem: str
    next_offset: int


class ProcessRead(Wire):
    """Arguments of `process.read`: what it printed from `offset` on, or else the last of it.

    Waits up to `wait_s` for something new, or for its end where no offset is given.
    """

    process_id: ProcessId
    offset: int | None = Field(default=None, ge=0)
    length: int = Field(default=65536, ge=1, le=PROCESS_BACKLOG_BYTES)
    wait_s: float = Field(default=0, ge=0, le=300)


class ProcessReading(Wire):
    """`data` is base64 of both outputs in one, from `offset` on: later than asked where it was not kept any more."""

    process: BackgroundProcess
    offset: int
    data: str


class ProcessStop(Wire):
    """Arguments of `process.stop`: ends the whole tree; what it printed stays readable. Result: `BackgroundProcess`."""

    process_id: ProcessId


class ProcessList(Wire):
    """Arguments of `process.list`; the result is `BackgroundProcesses`."""


class BackgroundProcesses(Wire):
    """Those that run and those that ended lately, in the order of their start."""

    processes: tuple[BackgroundProcess, ...]
