"""`process.*`: commands as argument vectors, never as shell strings."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from worker_agent.protocol.wire import MAX_OUTPUT_BYTES, MAX_PIECE_CHARACTERS, OperationId, Wire


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
