"""Wire types between the manager and a worker agent: one handshake, then JSON-RPC 2.0 over one WebSocket.

The worker dials out, sends `Hello` as its first text frame and receives `Welcome` or `Refused`. From then on the
manager sends JSON-RPC requests whose `params` are `{"call": Call, "arguments": {...}}` and the worker answers; the
worker also sends JSON-RPC notifications. Every model is closed: an unknown field is an error on either side.

Limits: no I/O here, and no import of any other package of the project; everyone may import this module.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, JsonValue

PROTOCOL_VERSION = 1
MAX_FRAME_BYTES = 8 * 1024 * 1024
MAX_READ_BYTES = 1024 * 1024
MAX_WRITE_BYTES = 4 * 1024 * 1024
MAX_OUTPUT_BYTES = 1024 * 1024
TERMINAL_BACKLOG_BYTES = 256 * 1024

JSONRPC_APPLICATION_ERROR = -32000
"""JSON-RPC error code of every typed worker error; `error.data` is then a `WorkerFault`."""

WorkerId = Annotated[str, Field(pattern=r"^w-[a-z0-9]{12,32}$")]
OperationId = Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]{8,64}$")]


class Wire(BaseModel):
    """Base of all wire values: closed and immutable."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Place(StrEnum):
    """Where an agent runs: beside the schedulers' commands, or inside a cluster job."""

    ACCESS_POINT = "access_point"
    EXECUTE = "execute"


class AgentConfig(Wire):
    """What a starting agent reads from its configuration file or standard input, never from argv.

    `secret` is the one-time launch token; `workspace` is the directory that all paths are confined to. `packs` are
    capability packs, each `module:function`, named by the one who starts the agent.
    """

    manager_url: str
    worker_id: WorkerId
    secret: str = Field(repr=False)
    place: Place
    workspace: str
    packs: tuple[str, ...] = ()
    pack_options: dict[str, JsonValue] = {}
    idle_timeout_s: float | None = None
    reconnect_for_s: float = 900.0


class Hello(Wire):
    """First frame of the worker. `secret` is the launch token on the first connection, the resume secret later."""

    version: int
    worker_id: WorkerId
    secret: str = Field(repr=False)
    place: Place
    user: str
    uid: int
    host: str
    job_id: str | None
    capabilities: tuple[str, ...]
    unfinished: tuple[OperationId, ...] = ()


class Welcome(Wire):
    """Answer to a good `Hello`. `epoch` fences: a request with another epoch than the last `Welcome`'s is refused."""

    kind: Literal["welcome"] = "welcome"
    epoch: int
    resume_secret: str = Field(repr=False)
    heartbeat_s: float


class Refused(Wire):
    """Answer to a bad `Hello`. `retryable` tells the worker whether to dial again or to exit."""

    kind: Literal["refused"] = "refused"
    code: str
    message: str
    retryable: bool


class Call(Wire):
    """Envelope of every request. A duplicate `operation_id` returns the first outcome instead of acting twice."""

    operation_id: OperationId
    epoch: int
    deadline_s: float = Field(gt=0, le=86400)


class WorkerFault(Wire):
    """Typed error of a worker method: `error.data` of a JSON-RPC error with code `JSONRPC_APPLICATION_ERROR`."""

    code: str
    message: str
    retryable: bool = False


# -- files: paths are relative to the workspace, or absolute and inside it ------------------------------------------


class FileKind(StrEnum):
    FILE = "file"
    DIRECTORY = "directory"
    LINK = "link"
    OTHER = "other"


class FileEntry(Wire):
    """One directory entry or stat result. `size` in bytes, `modified` in seconds since the epoch (UTC)."""

    name: str
    path: str
    kind: FileKind
    size: int
    mode: int
    modified: float
    owner: str


class FilesList(Wire):
    """Arguments of `files.list`: entries sorted by name, `offset`/`limit` page through them."""

    path: str = "."
    hidden: bool = False
    offset: int = Field(default=0, ge=0)
    limit: int = Field(default=500, ge=1, le=10_000)


class FilesListed(Wire):
    path: str
    entries: tuple[FileEntry, ...]
    total: int


class FilesStat(Wire):
    """Arguments of `files.stat`; the result is a `FileEntry`."""

    path: str


class FilesRead(Wire):
    """Arguments of `files.read`: `length` bytes from `offset`."""

    path: str
    offset: int = Field(default=0, ge=0)
    length: int = Field(default=65536, ge=1, le=MAX_READ_BYTES)


class FileContent(Wire):
    """`content` is base64. `sha256` is of the whole file when this answer holds all of it, else None."""

    path: str
    offset: int
    size: int
    content: str
    eof: bool
    sha256: str | None


class FilesWrite(Wire):
    """Arguments of `files.write`: replaces the file atomically. `content` is base64.

    `expected_sha256` guards against a lost update: the digest of the version that the writer saw; None means the file
    may not exist yet unless `overwrite`. `mode` is that of a new file; a file that is replaced keeps its own.
    """

    path: str
    content: str
    expected_sha256: str | None = None
    overwrite: bool = False
    mode: int = Field(default=0o644, ge=0, le=0o777)


class FileWritten(Wire):
    path: str
    size: int
    sha256: str


class FilesSearch(Wire):
    """Arguments of `files.search`: a literal or regular expression over the text files below `path`."""

    pattern: str = Field(min_length=1, max_length=1000)
    path: str = "."
    regex: bool = False
    limit: int = Field(default=100, ge=1, le=1000)


class SearchMatch(Wire):
    path: str
    line: int
    text: str


class FilesFound(Wire):
    matches: tuple[SearchMatch, ...]
    truncated: bool


class FilesMakeDirectory(Wire):
    """Arguments of `files.mkdir` (parents are made); the result is a `FileEntry`."""

    path: str


class FilesRemove(Wire):
    """Arguments of `files.remove`: a file, a link or, with `recursive`, a directory tree. Result: `FilesRemoved`."""

    path: str
    recursive: bool = False


class FilesRemoved(Wire):
    path: str


class FilesRename(Wire):
    """Arguments of `files.rename`: fails if the target exists; the result is a `FileEntry`."""

    source: str
    target: str


class DiskUse(Wire):
    """Arguments of `files.disk_use`; the result is `DiskUsage`."""

    path: str = "."


class DiskUsage(Wire):
    """`used_by_tree` counts at most `entries_limit` entries below the path; `complete` tells whether that was all."""

    path: str
    filesystem_total: int
    filesystem_free: int
    used_by_tree: int
    entries: int
    complete: bool


# -- processes -------------------------------------------------------------------------------------------------------


class ProcessRun(Wire):
    """Arguments of `process.run`: an argv (never a shell string) run in the workspace until it ends or `timeout_s`."""

    argv: tuple[str, ...] = Field(min_length=1, max_length=1000)
    cwd: str = "."
    environment: dict[str, str] = {}
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


# -- terminals -------------------------------------------------------------------------------------------------------


class TerminalOpen(Wire):
    """Arguments of `terminal.open`: a login shell in a pty; the result is a `TerminalInfo`."""

    columns: int = Field(default=80, ge=2, le=1000)
    rows: int = Field(default=24, ge=2, le=1000)
    cwd: str = "."


class TerminalInfo(Wire):
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


# -- the worker itself ------------------------------------------------------------------------------------------------


class Ping(Wire):
    """Arguments of `worker.ping`; the result is `Pong`."""


class Pong(Wire):
    rss_bytes: int
    uptime_s: float


class Shutdown(Wire):
    """Arguments of `worker.shutdown`; the worker answers `Pong`, ends its processes and exits 0."""


class OutcomeQuery(Wire):
    """Arguments of `operation.outcome`: what became of an earlier operation on this worker."""

    target: OperationId


class OperationState(StrEnum):
    UNKNOWN = "unknown"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"


class OperationOutcome(Wire):
    state: OperationState
    result: JsonValue = None
    fault: WorkerFault | None = None


# -- notifications of the worker --------------------------------------------------------------------------------------


class ProcessOutput(Wire):
    """Notification `process.output`: `data` is base64 of a piece of one stream of a running `process.run`."""

    operation_id: OperationId
    stream: Literal["stdout", "stderr"]
    data: str


class TerminalOutput(Wire):
    """Notification `terminal.output`: `data` (base64) starts at byte `offset` of that terminal's output."""

    terminal_id: str
    offset: int
    data: str


class TerminalClosed(Wire):
    """Notification `terminal.closed`: the shell ended."""

    terminal_id: str
    exit_code: int | None


METHODS: dict[str, tuple[type[Wire], type[Wire]]] = {
    "worker.ping": (Ping, Pong),
    "worker.shutdown": (Shutdown, Pong),
    "operation.outcome": (OutcomeQuery, OperationOutcome),
    "files.list": (FilesList, FilesListed),
    "files.stat": (FilesStat, FileEntry),
    "files.read": (FilesRead, FileContent),
    "files.write": (FilesWrite, FileWritten),
    "files.search": (FilesSearch, FilesFound),
    "files.mkdir": (FilesMakeDirectory, FileEntry),
    "files.remove": (FilesRemove, FilesRemoved),
    "files.rename": (FilesRename, FileEntry),
    "files.disk_use": (DiskUse, DiskUsage),
    "process.run": (ProcessRun, ProcessEnded),
    "process.kill": (ProcessKill, ProcessKilled),
    "terminal.open": (TerminalOpen, TerminalInfo),
    "terminal.attach": (TerminalAttach, TerminalBacklog),
    "terminal.write": (TerminalInput, TerminalInfo),
    "terminal.resize": (TerminalResize, TerminalInfo),
    "terminal.close": (TerminalTarget, TerminalInfo),
    "terminal.list": (TerminalList, Terminals),
}
"""The closed list of methods every agent answers: name → (arguments, result). Capability packs add their own."""

NOTIFICATIONS: dict[str, type[Wire]] = {
    "process.output": ProcessOutput,
    "terminal.output": TerminalOutput,
    "terminal.closed": TerminalClosed,
}


# -- capability packs -------------------------------------------------------------------------------------------------


class PackError(Exception):
    """Raised by a pack's handler to answer with a typed fault; any other exception is answered as `internal_error`."""

    def __init__(self, fault: WorkerFault) -> None:
        super().__init__(fault.message)
        self.fault = fault


@dataclass(frozen=True)
class PackMethod:
    """One method that a capability pack adds. `handler(arguments, call)` gets a validated `arguments` model."""

    arguments: type[BaseModel]
    result: type[BaseModel]
    handler: Callable[[Any, Call], Awaitable[BaseModel]]


Pack = Callable[[Mapping[str, JsonValue]], Mapping[str, PackMethod]]
"""A pack is `module:function`; the function gets `AgentConfig.pack_options` and returns method name → `PackMethod`."""
