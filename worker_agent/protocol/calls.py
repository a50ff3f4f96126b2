"""The envelope of every request, its typed error, and what can be asked of the worker itself."""

from __future__ import annotations

from enum import StrEnum

from pydantic import Field, JsonValue

from worker_agent.protocol.permits import SignedPermit
from worker_agent.protocol.wire import OperationId, Wire

JSONRPC_APPLICATION_ERROR = -32000
"""JSON-RPC error code of every typed worker error; `error.data` is then a `WorkerFault`."""


class Call(Wire):
    """Envelope of every request. A duplicate `operation_id` returns the first outcome instead of acting twice.

    `approval_id` marks a call that needed approval; without a good `permit` it is refused.
    """

    operation_id: OperationId
    epoch: int
    deadline_s: float = Field(gt=0, le=86400)
    approval_id: str | None = None
    permit: SignedPermit | None = None


class WorkerFault(Wire):
    """Typed error of a worker method: `error.data` of a JSON-RPC error with code `JSONRPC_APPLICATION_ERROR`."""

    code: str
    message: str
    retryable: bool = False


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
